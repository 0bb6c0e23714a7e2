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
        let odd = fraction * ((ExpTwo.p1 * square + ExpTwo.p2) + ExpTwo.p0 * fourth)
        let even = (ExpTwo.q0 * square + ExpTwo.q1) + fourth
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

/// The coefficients of P and Q, the highest power first; that of f⁴ in Q is 1.
enum ExpTwo {
    @inline(__always) static var p0: Double { 2.30933477057345225087e-2 }
    @inline(__always) static var p1: Double { 2.02020656693165307700e1 }
    @inline(__always) static var p2: Double { 1.51390680115615096133e3 }
    @inline(__always) static var q0: Double { 2.33184211722314911771e2 }
    @inline(__always) static var q1: Double { 4.36821166879210612817e3 }
}

/// exp(x) for every x: 0 below −708 (where results would be subnormal), infinity where it overflows (above 709.78), NaN for NaN. Otherwise as
/// ``Exponential``.
@inline(__always)
func exponential(_ x: Double) -> Double {
    guard abs(x) <= 700 else { return farExponential(x) }
    return Exponential(x).value
}

@inline(never)
private func farExponential(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 710 { return .infinity }
    if x < -708 { return 0 }
    let half = Exponential(x / 2).value
    return half * half
}
