/// A product of positive numbers that neither overflows nor vanishes: mantissa · 2^exponent.
///
/// Naive Bayes adds logarithms of likelihoods only to keep their product in range. Kept in two parts the product itself
/// stays in range, and no logarithm is needed at all; each factor costs a rounding of 2^-53, as an addition of logarithms
/// would.
struct LikelihoodProduct {
    /// 0, or in 1..<2.
    private(set) var mantissa: Double
    private(set) var exponent: Int64

    /// `value` itself: 0, or a normal positive number.
    @inline(__always)
    init(_ value: Double) {
        mantissa = value
        exponent = 0
        normalise()
    }

    /// The product of both lanes of `factors` and 2^`exponent`.
    @inline(__always)
    init(_ value: Double, lanes factors: PairProduct) {
        self.init(value * (factors.mantissa[0] * factors.mantissa[1]))
        exponent &+= factors.exponent
    }

    /// Multiplies with a normal positive number.
    @inline(__always)
    mutating func multiply(by factor: Double) {
        mantissa *= factor
        normalise()
    }

    @inline(__always)
    private mutating func normalise() {
        guard mantissa > 0 else { return }
        let bits = mantissa.bitPattern
        exponent &+= Int64(bits >> 52) &- 1_023
        mantissa = Double(bitPattern: bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000)
    }

    /// This product through `other`, which is above 0; 0 or 2^1001 where it would leave the range of numbers.
    @inline(__always)
    func divided(by other: LikelihoodProduct) -> Double {
        let difference = max(-1_001, min(1_001, exponent &- other.exponent))
        guard mantissa > 0, difference > -1_001 else { return 0 }
        let scale = Double(bitPattern: UInt64(bitPattern: (difference &+ 1_023) &<< 52))
        return mantissa / other.mantissa * scale
    }

    @inline(__always)
    func isLarger(than other: LikelihoodProduct) -> Bool {
        guard mantissa > 0, other.mantissa > 0, exponent == other.exponent else {
            return mantissa > 0 && (other.mantissa == 0 || exponent > other.exponent)
        }
        return mantissa > other.mantissa
    }
}

/// Two such products side by side, for features that lie in pairs.
struct PairProduct {
    /// Each in 1..<2.
    private(set) var mantissa = SIMD2(repeating: 1.0)
    private var biased = SIMD2<UInt64>.zero
    private var factorCount: Int64 = 0

    /// Multiplies each lane with a normal positive number below 2^1000.
    @inline(__always)
    mutating func multiply(by factors: SIMD2<Double>) {
        let bits = unsafe unsafeBitCast(mantissa * factors, to: SIMD2<UInt64>.self)
        biased &+= bits &>> 52
        factorCount &+= 1
        let kept = bits & SIMD2(repeating: 0x000f_ffff_ffff_ffff) | SIMD2(repeating: 0x3ff0_0000_0000_0000)
        mantissa = unsafe unsafeBitCast(kept, to: SIMD2<Double>.self)
    }

    /// The exponent of both lanes together.
    @inline(__always)
    var exponent: Int64 { Int64(truncatingIfNeeded: biased[0] &+ biased[1]) &- 2_046 &* factorCount }
}
