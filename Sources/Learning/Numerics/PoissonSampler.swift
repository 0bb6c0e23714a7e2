/// Draws from a Poisson distribution of a fixed small mean by inversion: one random number a draw.
///
/// Online bagging (Oza and Russell 2001) weighs each event for each member by such a draw.
struct PoissonSampler: Sendable {
    /// P(X ≤ k) for k = 0, 1, …, as fractions of 2^64; beyond the last one the probability is under 2^-60.
    private let thresholds: [UInt64]

    /// A sampler of mean `mean`, above 0 and at most 20.
    init(mean: Double) {
        precondition(mean > 0 && mean <= 20)
        var thresholds: [UInt64] = []
        var probability = exponential(-mean)
        var cumulative = 0.0
        for count in 1... {
            cumulative += probability
            guard cumulative < 1 - 0x1p-53, count < 128 else { break }
            thresholds.append(UInt64(cumulative * 0x1p53) << 11)
            probability *= mean / Double(count)
            if Double(count) > mean, probability < 0x1p-60 { break }
        }
        self.thresholds = thresholds
    }

    /// One draw.
    @inline(__always)
    func sample(_ generator: inout RandomGenerator) -> Int {
        let drawn = generator.next()
        var count = 0
        while count < thresholds.count, drawn >= thresholds[count] { count += 1 }
        return count
    }
}
