/// The natural logarithm: −infinity of 0, NaN of a negative number and of NaN, infinity of infinity. Within two units in
/// the last place.
///
/// Own arithmetic, for the reason given at ``Exponential``: the same bits on every machine.
///
/// Method: x = 2^e·(1 + f) with √½ ≤ 1 + f < √2, and log(1 + f) = f − f²/2 + f³·P(f)/Q(f) of Moshier's Cephes library
/// (`log.c`), the logarithm of 2 split in two parts so that e·log 2 is exact to the last place.
@inline(__always)
func logarithm(_ x: Double) -> Double {
    guard x >= .leastNormalMagnitude, x <= .greatestFiniteMagnitude else { return farLogarithm(x) }
    return normalLogarithm(x)
}

@inline(__always)
private func normalLogarithm(_ x: Double) -> Double {
    // The bits of √½ move the boundary between exponents there: what is left of the exponent field is then e.
    let shifted = x.bitPattern &- 0x3fe6_a09e_667f_3bcd
    let exponent = Double(Int64(bitPattern: shifted) >> 52)
    let mantissa = (shifted & 0x000f_ffff_ffff_ffff) &+ 0x3fe6_a09e_667f_3bcd
    let f = Double(bitPattern: mantissa) - 1
    let square = f * f
    let p0 = 1.01875663804580931796e-4 * f + 4.97494994976747001425e-1
    let p1 = p0 * f + 4.70579119878881725854
    let p2 = p1 * f + 1.44989225341610930846e1
    let p3 = p2 * f + 1.79368678507819816313e1
    let p = p3 * f + 7.70838733755885391666
    let q0 = f + 1.12873587189167450590e1
    let q1 = q0 * f + 4.52279145837532221105e1
    let q2 = q1 * f + 8.29875266912776603211e1
    let q3 = q2 * f + 7.11544750618563894466e1
    let q = q3 * f + 2.31251620126765340583e1
    var y = f * (square * p / q)
    y -= exponent * 2.121944400546905827679e-4
    y -= 0.5 * square
    return (f + y) + exponent * 0.693359375
}

@inline(never)
private func farLogarithm(_ x: Double) -> Double {
    if x.isNaN || x < 0 { return .nan }
    if x == 0 { return -.infinity }
    if x == .infinity { return x }
    // Subnormal: 2^54 times larger is normal.
    return normalLogarithm(x * 0x1p54) - 54 * 0.69314718055994530942
}

/// The logarithm to base 2, by the natural one.
@inline(__always)
func binaryLogarithm(_ x: Double) -> Double { logarithm(x) * 1.4426950408889634074 }

/// x^power for x > 0.
@inline(__always)
func power(_ x: Double, _ power: Double) -> Double { exponential(power * logarithm(x)) }
