/// The two-sample Kolmogorov-Smirnov test for two samples of the same size, with the exact distribution.
public enum KolmogorovSmirnov {
    /// P(D ≥ `height`/`size`) for two samples of `size` values of one continuous distribution (Gnedenko & Korolyuk 1951):
    /// 2·(t₁ − t₂ + t₃ − …) with tₖ = C(2n, n−kh)/C(2n, n), the share of paths that reach k·h.
    ///
    /// `height` is in 1...size. Complexity: O(size²/height); pure arithmetic, so the same on every machine.
    public static func probability(height: Int, size: Int) -> Double {
        precondition((1...size).contains(height))
        var nested = 0.0
        // From the last term in: each is a share of the one before, so that nothing overflows.
        for multiple in (0..<size / height).reversed() {
            var share = 1.0
            for step in 0..<height {
                let at = multiple * height + step
                share *= Double(size - at) / Double(size + at + 1)
            }
            nested = share * (1 - nested)
        }
        return min(1, 2 * nested)
    }

    /// The smallest height that is significant at `alpha` and above `share` of the size; `size` + 1 when none is.
    static func criticalHeight(size: Int, alpha: Double, above share: Double) -> Int {
        var (low, high) = (1, size + 1)
        // The probability falls as the height grows.
        while low < high {
            let middle = (low + high) / 2
            if Double(middle) > share * Double(size), probability(height: middle, size: size) <= alpha {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
