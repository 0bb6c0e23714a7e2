/// 2^x for both lanes, −1000 ≤ x ≤ 1000, by the arithmetic of ``Exponential``, lane by lane: the same bits as one at a time.
/// A lane that is NaN gives NaN or any number; one outside the range gives any number. The caller masks those.
@inline(__always)
func powerOfTwo(_ binary: SIMD2<Double>) -> SIMD2<Double> {
    let shifter = SIMD2(repeating: 0x1.8p52)
    let shifted = binary + shifter
    let fraction = binary - (shifted - shifter)
    let square = fraction * fraction
    let fourth = square * square
    let odd = fraction * ((ExpTwo.p1 * square + ExpTwo.p2) + ExpTwo.p0 * fourth)
    let even = (ExpTwo.q0 * square + ExpTwo.q1) + fourth
    let bits = unsafe unsafeBitCast(shifted, to: SIMD2<UInt64>.self)
    let scaleBits = (bits &<< 52) &+ SIMD2(repeating: 0x3ff0_0000_0000_0000)
    let scale = unsafe unsafeBitCast(scaleBits, to: SIMD2<Double>.self)
    return scale * ((even + odd) / (even - odd))
}

/// exp(x) for both lanes, |x| ≤ 690, to the bits of ``Exponential``; see ``powerOfTwo(_:)`` for other lanes.
@inline(__always)
func exponential(_ x: SIMD2<Double>) -> SIMD2<Double> { powerOfTwo(x * 1.4426950408889634) }
