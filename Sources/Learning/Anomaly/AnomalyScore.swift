/// How the probability of seeing something at least as strange becomes a score of 0...1.
///
/// With the surprise s = −ln(that probability) the score is s / (s + s₀), where s₀ is the surprise of the tail that counts as
/// strange: above 0.5 exactly when the probability is below `tail`. The surprise is computed as a logarithm from the start,
/// so that scores keep their order where the probability itself would be rounded to 0.
struct AnomalyScore: Sendable {
    private let surpriseOfTail: Double

    /// `tail` is the probability below which an event counts as strange, in 0..<1, not 0.
    init(tail: Double) {
        precondition(tail > 0 && tail < 1)
        surpriseOfTail = -logarithm(tail)
    }

    /// The score of a surprise; what is beyond all numbers scores 1.
    @inline(__always)
    func score(surprise: Double) -> Double {
        guard surprise > 0 else { return 0 }
        return surprise < .infinity ? surprise / (surprise + surpriseOfTail) : 1
    }

    /// −ln(1 − Φ(z)): the surprise of a standard normal value of `z` or more; infinite where z² is.
    ///
    /// Beyond z = 20 by the asymptotic series of Mills' ratio (Abramowitz and Stegun 1964, 26.2.12), within 1e-10.
    static func normalSurprise(_ z: Double) -> Double {
        guard z > 20 else { return -logarithm(NormalDistribution.cumulative(-z)) }
        let square = z * z
        let inverse = 1 / square
        let series = 1 - inverse * (1 - inverse * (3 - inverse * (15 - 105 * inverse)))
        return 0.5 * square + logarithm(z) + 0.91893853320467274178 - logarithm(series)
    }

    /// The surprise of a χ² value of `value` or more with `freedom` (1 or more) degrees of freedom, by the cube root of
    /// Wilson and Hilferty (The distribution of chi-square, PNAS 17, 1931).
    static func chiSquareSurprise(_ value: Double, freedom: Double) -> Double {
        guard value > 0 else { return 0 }
        let spread = 2 / (9 * freedom)
        let root = power(value / freedom, 1.0 / 3)
        return normalSurprise((root - (1 - spread)) / spread.squareRoot())
    }
}
