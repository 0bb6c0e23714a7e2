/// Every score of a binary model with its class, for the exact area under the ROC curve.
///
/// Memory grows with the events, 8 bytes each: for evaluation over files, not for a service that runs for ever.
struct RankedScores: Sendable, Equatable {
    private(set) var positives: [Double] = []
    private(set) var negatives: [Double] = []

    init() {}

    @inline(__always)
    mutating func add(score: Double, isPositive: Bool) {
        if isPositive { positives.append(score) } else { negatives.append(score) }
    }

    mutating func merge(_ other: RankedScores) {
        positives += other.positives
        negatives += other.negatives
    }

    /// The share of (positive, negative) pairs in which the positive has the higher score, ties counting half; nil while one
    /// class is missing. Complexity: O(n log n) time and 8 n bytes.
    var area: Double? {
        guard !positives.isEmpty, !negatives.isEmpty else { return nil }
        let (ascending, others) = (positives.sorted(), negatives.sorted())
        var below = 0
        var notAbove = 0
        // Twice the number of pairs won, so that a tie is a whole 1; 2^63 is out of reach of any memory.
        var halves = 0
        for score in ascending {
            while below < others.count, others[below] < score { below += 1 }
            while notAbove < others.count, others[notAbove] <= score { notAbove += 1 }
            halves += below + notAbove
        }
        return Double(halves) / 2 / (Double(positives.count) * Double(negatives.count))
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(positives)
        encoder.append(negatives)
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        positives = try decoder.doubles()
        negatives = try decoder.doubles()
    }
}
