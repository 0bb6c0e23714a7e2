/// The natural logarithm of a positive, finite, normal number in pure arithmetic: the same bits on every machine, within
/// two units in the last place.
///
/// x = m·2^e with m in √½...√2, then ln m = 2·artanh(s) with s = (m−1)/(m+1), |s| ≤ 0.1716: eleven terms leave 1e-18.
func naturalLogarithm(_ number: Double) -> Double {
    assert(number.isNormal && number > 0)
    var exponent = Double(number.exponent)
    var significand = number.significand
    if significand > 1.4142135623730951 {
        significand /= 2
        exponent += 1
    }
    let ratio = (significand - 1) / (significand + 1)
    let square = ratio * ratio
    var series = 1.0 / 21
    for odd in stride(from: 19.0, through: 3, by: -2) { series = series * square + 1 / odd }
    // ln 2 in two parts: the first has trailing zeros enough that exponent · first is exact.
    let low = exponent * 1.90821492927058770002e-10 + 2 * ratio * square * series
    return exponent * 6.93147180369123816490e-01 + (2 * ratio + low)
}
