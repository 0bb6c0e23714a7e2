/// What models that learn nothing but labels say of the next event: the last label, and the majority class so far.
///
/// Ties: binary, class 0 (as the model `majority`); multiclass, the class that reached the count first. Before the first
/// label both say 0.
struct TrivialModels: Sendable, Equatable {
    /// The last label and the majority class.
    private(set) var answers = SIMD2<Double>.zero
    private var positives: UInt64 = 0
    private var negatives: UInt64 = 0
    /// Labels of each class (multiclass), those beyond the confusion matrix in the last one.
    private var counts: [UInt64] = []

    init() {}

    @inline(__always)
    mutating func learnBinary(_ label: Double) {
        let positive: UInt64 = label > 0.5 ? 1 : 0
        positives &+= positive
        negatives &+= 1 - positive
        answers = SIMD2(label, positives > negatives ? 1 : 0)
    }

    /// Allocates only when a class appears.
    @inline(__always)
    mutating func learnMulticlass(_ label: Double) {
        let index = ConfusionMatrix.index(label)
        if index >= counts.count { grow(to: index + 1) }
        counts[index] &+= 1
        let isAhead = counts[index] > counts[ConfusionMatrix.index(answers[1])]
        answers = SIMD2(label, isAhead ? label : answers[1])
    }

    @inline(__always)
    mutating func learnRegression(_ label: Double) { answers = SIMD2(label, 0) }

    @inline(never)
    private mutating func grow(to count: Int) {
        counts.append(contentsOf: repeatElement(0, count: count - counts.count))
    }

    /// Adds the counts of `other`; the last label stays our own.
    mutating func merge(_ other: TrivialModels) {
        positives &+= other.positives
        negatives &+= other.negatives
        if other.counts.count > counts.count { grow(to: other.counts.count) }
        for index in other.counts.indices { counts[index] &+= other.counts[index] }
        if counts.isEmpty {
            answers[1] = positives > negatives ? 1 : 0
        } else if let most = counts.max(), counts[ConfusionMatrix.index(answers[1])] < most {
            answers[1] = Double(counts.firstIndex(of: most) ?? 0)
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(answers[0])
        encoder.append(answers[1])
        encoder.append(positives)
        encoder.append(negatives)
        encoder.append(UInt64(counts.count))
        for count in counts { encoder.append(count) }
    }

    /// What was encoded for the same task.
    init(task: LearningTask, from decoder: inout StateDecoder) throws(StateError) {
        answers = SIMD2(try decoder.double(), try decoder.double())
        positives = try decoder.uint64()
        negatives = try decoder.uint64()
        let count = try decoder.length(ofElements: 8)
        guard count <= ConfusionMatrix.classCountMax else { throw .corrupt }
        for _ in 0..<count { counts.append(try decoder.uint64()) }
        // The majority indexes the counts of every next label.
        let isCounted = ConfusionMatrix.index(answers[1]) < counts.count
        guard task == .multiclass ? isCounted || self == TrivialModels() : counts.isEmpty else { throw .corrupt }
    }
}
