/// What a leaf knows of two neighbouring features of the events of one class: (weighted) count, mean, sum of squared
/// deviations, least and largest value; Welford's recurrence.
struct PairStatistics {
    /// Ten numbers.
    static let width = 10

    var count = SIMD2<Double>.zero
    var mean = SIMD2<Double>.zero
    var squares = SIMD2<Double>.zero
    var least = SIMD2<Double>(repeating: .infinity)
    var largest = SIMD2<Double>(repeating: -.infinity)

    /// A feature that varies less than this (sum of squared deviations) counts as constant: its inverse would overflow.
    static let squaresMin = 1e-290

    /// Takes two values in, absent ones (NaN) not.
    @inline(__always)
    mutating func add(_ values: SIMD2<Double>, weight: Double) {
        let absent = values .!= values
        let share = SIMD2(repeating: weight).replacing(with: 0, where: absent)
        let known = values.replacing(with: mean, where: absent)
        count += share
        let before = known - mean
        mean += before * (share / count.replacing(with: 1, where: absent))
        squares += share * before * (known - mean)
        least.replace(with: values, where: values .< least)
        largest.replace(with: values, where: values .> largest)
    }
}

/// A product of many positive numbers and a sum of squared distances, kept so that neither overflows and one logarithm does
/// for all: the log density of independent normal features.
struct DensityProduct {
    private var mantissa = SIMD2<Double>(repeating: 1)
    private var exponent = SIMD2<Int64>.zero
    private var distance = SIMD2<Double>.zero
    private var terms = SIMD2<Double>.zero

    /// A distance beyond this counts as this, so that differences of sums stay numbers.
    private static let distanceMax = 1e290

    /// Multiplies by the density of `values` where it is known: two values or more that were not all equal.
    @inline(__always)
    mutating func multiply(_ statistics: PairStatistics, _ values: SIMD2<Double>) {
        let isPresent = values .== values
        let isKnown = isPresent .& (statistics.count .>= 2) .& (statistics.squares .> PairStatistics.squaresMin)
        let inverse = (statistics.count - 1) / statistics.squares
        let deviation = values - statistics.mean
        let far = deviation * deviation * inverse
        distance += far.replacing(with: Self.distanceMax, where: far .> Self.distanceMax)
            .replacing(with: 0, where: .!isKnown)
        let factor = inverse.replacing(with: 1, where: .!isKnown)
        let bits = unsafe unsafeBitCast(factor, to: SIMD2<Int64>.self)
        exponent &+= bits &>> 52
        let fraction = (bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000
        mantissa *= unsafe unsafeBitCast(fraction, to: SIMD2<Double>.self)
        terms += SIMD2(repeating: 0).replacing(with: 1, where: isKnown)
        exponent &-= SIMD2(repeating: 1_023)
    }

    /// Brings the mantissas back to 1..<2; needed every 512 factors at the latest.
    @inline(__always)
    mutating func normalise() {
        let bits = unsafe unsafeBitCast(mantissa, to: SIMD2<Int64>.self)
        exponent &+= (bits &>> 52) &- SIMD2(repeating: 1_023)
        let fraction = (bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000
        mantissa = unsafe unsafeBitCast(fraction, to: SIMD2<Double>.self)
    }

    /// log(`prior` · the product), for a prior above 0.
    @inline(__always)
    func logarithmTimes(_ prior: Double) -> Double {
        // ½·(log(mantissas) + exponents·log 2 − distances − terms·log 2π) + log(prior), in one logarithm.
        let whole = logarithm(mantissa[0] * mantissa[1] * (prior * prior))
        let powers = Double(exponent[0] &+ exponent[1]) * 0.69314718055994530942
        let constant = (terms[0] + terms[1]) * 1.8378770664093454836
        return 0.5 * (whole + powers - (distance[0] + distance[1]) - constant)
    }
}
