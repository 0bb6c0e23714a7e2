/// Every score of a binary model with its class, for the exact area under the ROC curve.
///
/// Memory grows with the events, 8 bytes each: for evaluation over files, not for a service that runs for ever.
struct RankedScores: Sendable, Equatable {
    /// The rank of the score, shifted to the left by one: bit 0 is the class. Ascends with the score.
    private(set) var keys: [UInt64] = []

    init() {}

    /// `probability` is in 0...1.
    @inline(__always)
    mutating func add(probability: Double, isPositive: Bool) {
        keys.append(ProbabilityOrder.rank(probability) << 1 | (isPositive ? 1 : 0))
    }

    mutating func merge(_ other: RankedScores) { keys += other.keys }

    /// The share of (positive, negative) pairs in which the positive has the higher score, ties counting half; nil while one
    /// class is missing. Complexity: O(n) time (a radix sort) and 16 n bytes.
    var area: Double? {
        var below = 0
        var positives = 0
        // Twice the number of pairs won, so that a tie is a whole 1; 2^63 is out of reach of any memory.
        var halves = 0
        unsafe ScoreSort.ascending(keys) { sorted in
            var index = 0
            while index < sorted.count {
                let score = unsafe sorted[index] >> 1
                var tied = (negatives: 0, positives: 0)
                while index < sorted.count, unsafe sorted[index] >> 1 == score {
                    let positive = Int(truncatingIfNeeded: unsafe sorted[index] & 1)
                    tied.positives += positive
                    tied.negatives += 1 - positive
                    index += 1
                }
                halves += tied.positives * (2 * below + tied.negatives)
                below += tied.negatives
                positives += tied.positives
            }
        }
        return below > 0 && positives > 0 ? Double(halves) / 2 / (Double(positives) * Double(below)) : nil
    }
}
