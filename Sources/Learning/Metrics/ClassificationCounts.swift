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
        // Arithmetic instead of branches, which a model that is sometimes wrong would make the CPU guess wrong.
        let predicted: UInt64 = isPredictedPositive ? 1 : 0
        let actual: UInt64 = isPositive ? 1 : 0
        correct &+= 1 ^ predicted ^ actual
        truePositive &+= predicted & actual
        predictedPositive &+= predicted
        positive &+= actual
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
