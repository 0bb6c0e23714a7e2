/// The normal distributions of two neighbouring numeric features within one class.
struct GaussianPair {
    /// Weight of the events in which the feature was present.
    var count = SIMD2<Double>.zero
    var mean = SIMD2<Double>.zero
    /// Population variance.
    var variance = SIMD2<Double>.zero
    /// −log2(e)/(2·variance); derived, so that scoring divides by no variance.
    private var exponentScale = SIMD2<Double>.zero
    /// 1/√(2π·variance), 0 where the density counts as 0; derived.
    private var peak = SIMD2<Double>.zero

    /// Smaller variances count as 0: the density's constants would leave the range of numbers.
    private static let varianceMin = 1e-300
    /// Below 2 to this power the density vanishes beside ``floor``.
    private static let exponentMin = -1_000.0
    /// What is added to each density, so that no single feature can rule a class out.
    private static let floor = 1e-9

    /// 1e-9 + density of each value, above 0 and below 1e151; NaN or any number for a value that is NaN.
    @inline(__always)
    func likelihood(_ values: SIMD2<Double>) -> SIMD2<Double> {
        let distance = values - mean
        let exponent = distance * distance * exponentScale
        let clamped = exponent.replacing(with: Self.exponentMin, where: exponent .< Self.exponentMin)
        return peak * powerOfTwo(clamped) + Self.floor
    }

    /// weight / count of the pair before: neighbours were mostly present in the same events, and a division is dear.
    struct Share {
        let weight: SIMD2<Double>
        private var count = SIMD2<Double>.zero
        private var value = SIMD2<Double>.zero

        init(weight: Double) { self.weight = SIMD2(repeating: weight) }

        @inline(__always)
        mutating func of(_ count: SIMD2<Double>) -> SIMD2<Double> {
            if any(count .!= self.count) {
                self.count = count
                value = weight / count
            }
            return value
        }
    }

    /// Takes values in, absent ones (NaN) left out: n += w; m' = m + (x−m)·w/n; v += ((x−m)(x−m') − v)·w/n.
    @inline(__always)
    mutating func learn(_ values: SIMD2<Double>, share: inout Share) {
        let before = self
        let absent = values .!= values
        count += share.weight
        let fraction = share.of(count)
        let distance = values - mean
        mean += distance * fraction
        variance += (distance * (values - mean) - variance) * fraction
        if any(absent) {
            count = count.replacing(with: before.count, where: absent)
            mean = mean.replacing(with: before.mean, where: absent)
            variance = variance.replacing(with: before.variance, where: absent)
        }
        refresh()
    }

    /// Takes in what another pair of the same features learned (Chan, Golub and LeVeque 1979).
    mutating func merge(_ other: GaussianPair) {
        let total = count + other.count
        let fraction = (other.count / total).replacing(with: 0, where: .!(total .> 0))
        let distance = other.mean - mean
        let spread = distance * distance * (1 - fraction) - variance + other.variance
        mean += distance * fraction
        variance += spread * fraction
        count = total
        refresh()
    }

    /// Computes what is derived.
    @inline(__always)
    mutating func refresh() {
        // Lane by lane and of the magnitude: only so does Swift 6.3 make one instruction of it.
        let deviation = SIMD2(variance[0].magnitude.squareRoot(), variance[1].magnitude.squareRoot())
        let usable = variance .>= Self.varianceMin
        let inverse = (1 / deviation).replacing(with: 0, where: .!usable)
        exponentScale = inverse * inverse * (-0.5 * 1.4426950408889634)
        peak = inverse * 0.39894228040143267794
    }
}
