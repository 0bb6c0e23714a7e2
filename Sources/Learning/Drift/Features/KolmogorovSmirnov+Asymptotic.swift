// Large samples of different sizes: Kolmogorov's limiting distribution.
extension KolmogorovSmirnov {
    /// Where a distance between samples of these sizes lies in Kolmogorov's distribution, with the correction for small samples
    /// of Stephens 1970: (√e + 0.12 + 0.11/√e)·distance, e = first·second/(first + second). Sizes are above 0.
    static func lambda(_ distance: Double, _ first: Int, _ second: Int) -> Double {
        let root = (Double(first) * Double(second) / (Double(first) + Double(second))).squareRoot()
        return (root + 0.12 + 0.11 / root) * distance
    }

    /// P(λ or more) = 2·Σ (−1)^(k−1)·exp(−2k²λ²); 1 below 0.2, where the series is slow and the true value above 1 − 1e-12.
    static func probability(lambda: Double) -> Double {
        guard lambda >= 0.2 else { return 1 }
        var (sum, sign) = (0.0, 1.0)
        for term in 1...100 {
            let part = exponential(-2 * Double(term * term) * lambda * lambda)
            sum += sign * part
            if part < 1e-18 { break }
            sign = -sign
        }
        return min(1, max(0, 2 * sum))
    }

    /// The λ whose probability is `alpha`, 1e-12 or more and below 1.
    static func criticalLambda(alpha: Double) -> Double {
        var (low, high) = (0.2, 6.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if probability(lambda: middle) > alpha { low = middle } else { high = middle }
        }
        return high
    }
}
