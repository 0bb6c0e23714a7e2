/// The logistic function, exactly 0 below −30 and exactly 1 above 30 (the tails are under 1e-13); 0.5 for NaN.
@inline(__always)
func sigmoid(_ score: Double) -> Double {
    if score > 30 { return 1 }
    if score >= -30 { return Exponential(-score).reciprocalOfOnePlus }
    return score < -30 ? 0 : 0.5
}

/// Derivative of log(1 + exp(−s·z)) in z, where the sign s is +1 for the positive class, −1 otherwise.
///
/// Beyond |s·z| = 18 the asymptotes stand in, as the reference implementation has it; they differ by less than 2e-8.
@inline(__always)
func logisticGradient(score: Double, sign: Double) -> Double {
    let margin = sign * score
    if margin > 18 { return margin > 700 ? 0 : -sign * Exponential(-margin).value }
    if margin < -18 { return -sign }
    return -sign * Exponential(margin).reciprocalOfOnePlus
}

/// exp(x) as 2^k · numerator / denominator, for |x| ≤ 700; relatively within |x|·2e-16 + 3e-16 of the value.
///
/// Two reasons not to take libm's: its bits depend on the CPU (glibc picks a variant with or without fused multiply-add when
/// the program starts), so a replay on another machine could differ from the run; and with the parts at hand
/// 1 / (1 + exp(x)) needs one division and no call.
///
/// Method: exp(x) = 2^(k + f) with |f| ≤ 1/2, and the rational approximation of Moshier's Cephes library (`exp2.c`),
/// 2^f = (Q(f²) + f·P(f²)) / (Q(f²) − f·P(f²)), its polynomials arranged for a short chain of dependent operations.
struct Exponential {
    private let scale: Double
    private let numerator: Double
    private let denominator: Double

    @inline(__always)
    init(_ x: Double) {
        assert(abs(x) <= 700)
        let binary = x * 1.4426950408889634
        // Adding 1.5·2^52 rounds to a whole number and leaves it, in two's complement, in the low bits.
        let shifter = 0x1.8p52
        let shifted = binary + shifter
        let fraction = binary - (shifted - shifter)
        let square = fraction * fraction
        let fourth = square * square
        let odd =
            fraction
            * ((2.02020656693165307700e1 * square + 1.51390680115615096133e3) + 2.30933477057345225087e-2 * fourth)
        let even = (2.33184211722314911771e2 * square + 4.36821166879210612817e3) + fourth
        numerator = even + odd
        denominator = even - odd
        scale = Double(bitPattern: (shifted.bitPattern &<< 52) &+ 0x3ff0_0000_0000_0000)
    }

    /// exp(x).
    @inline(__always)
    var value: Double { scale * (numerator / denominator) }

    /// 1 / (1 + exp(x)).
    @inline(__always)
    var reciprocalOfOnePlus: Double { denominator / (denominator + scale * numerator) }
}
