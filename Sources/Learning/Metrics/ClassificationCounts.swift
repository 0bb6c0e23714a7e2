/// The counts behind accuracy and F1, with the baseline "same as the last label" over the same events.
struct ClassificationCounts: Sendable, Equatable {
    var correct: UInt64 = 0
    var truePositive: UInt64 = 0
    var predictedPositive: UInt64 = 0
    var positive: UInt64 = 0
    var baselineCorrect: UInt64 = 0
    /// The label before; 0 before the first.
    var lastLabel: Double = 0

    init() {}

    @inline(__always)
    mutating func add(isPredictedPositive: Bool, isPositive: Bool) {
        correct &+= isPredictedPositive == isPositive ? 1 : 0
        truePositive &+= isPredictedPositive && isPositive ? 1 : 0
        predictedPositive &+= isPredictedPositive ? 1 : 0
        positive &+= isPositive ? 1 : 0
    }

    @inline(__always)
    mutating func addToBaseline(label: Double) {
        baselineCorrect &+= label == lastLabel ? 1 : 0
        lastLabel = label
    }

    /// Harmonic mean of precision and recall of class 1; 0 when nothing was, or was said to be, positive.
    var f1: Double {
        let sum = predictedPositive + positive
        return sum == 0 ? 0 : 2 * Double(truePositive) / Double(sum)
    }

    /// Adds the counts of `other`; the last label stays our own.
    mutating func merge(_ other: ClassificationCounts) {
        correct &+= other.correct
        truePositive &+= other.truePositive
        predictedPositive &+= other.predictedPositive
        positive &+= other.positive
        baselineCorrect &+= other.baselineCorrect
    }

    func encode(into encoder: inout StateEncoder) {
        for count in [correct, truePositive, predictedPositive, positive, baselineCorrect] { encoder.append(count) }
        encoder.append(lastLabel)
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        correct = try decoder.uint64()
        truePositive = try decoder.uint64()
        predictedPositive = try decoder.uint64()
        positive = try decoder.uint64()
        baselineCorrect = try decoder.uint64()
        lastLabel = try decoder.double()
    }
}
