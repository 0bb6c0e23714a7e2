extension LinearWeights {
    /// Takes the pairs of one event into the statistics and scales them.
    @safe struct Scaling {
        private let statistics: UnsafeMutablePointer<PairStatistics>
        private let scaled: UnsafeMutablePointer<SIMD2<Double>>
        private let isScaling: Bool
        private let weight: SIMD2<Double>
        /// What is left of a count before the event.
        private let keep: SIMD2<Double>
        /// weight / count of the pair before: neighbours were mostly present in the same events, and a division is dear.
        private var count = SIMD2<Double>.zero
        private var share = SIMD2<Double>.zero

        @inline(__always)
        init(_ core: UnsafeMutablePointer<Core>, weight: Double, keep: Double) {
            unsafe statistics = core.pointee.statistics
            unsafe scaled = core.pointee.scaled
            unsafe isScaling = core.pointee.isScaling
            self.weight = SIMD2(repeating: weight)
            self.keep = SIMD2(repeating: keep)
        }

        /// Takes pair `index` of the event into its statistics and returns it scaled with them, 0 where absent;
        /// ``Core/scaled`` keeps it.
        @inline(__always)
        mutating func take(_ values: SIMD2<Double>, _ index: Int) -> SIMD2<Double> {
            let absent = LinearWeights.absent(values)
            let result: SIMD2<Double>
            // Two ways for the same numbers: most pairs are complete, and choosing lane by lane costs a tenth of the whole.
            if any(absent) {
                let before = unsafe statistics[index]
                if isScaling { unsafe update(&statistics[index], with: values) }
                unsafe statistics[index].keep(before, where: absent)
                result = unsafe statistics[index].scaled(values).replacing(with: 0, where: absent)
            } else {
                if isScaling { unsafe update(&statistics[index], with: values) }
                result = unsafe statistics[index].scaled(values)
            }
            unsafe scaled[index] = result
            return result
        }

        /// Welford's recurrence for mean and population variance, an event of weight w counting w times (West 1979):
        /// n = keep·n + w; m' = m + (x−m)·w/n; v += ((x−m)(x−m') − v)·w/n.
        @inline(__always)
        private mutating func update(_ pair: inout PairStatistics, with values: SIMD2<Double>) {
            let count = pair.count * keep + weight
            if any(count .!= self.count) {
                self.count = count
                share = weight / count
            }
            let before = values - pair.mean
            let mean = pair.mean + before * share
            let variance = pair.variance + (before * (values - mean) - pair.variance) * share
            pair.count = count
            pair.mean = mean
            pair.variance = variance
            pair.inverse = LinearWeights.inverseDeviation(variance)
        }
    }

    /// 1/√variance, 0 where the variance is 0.
    @inline(__always)
    static func inverseDeviation(_ variance: SIMD2<Double>) -> SIMD2<Double> {
        (1 / variance.root).replacing(with: 0, where: .!(variance .> 0))
    }
}

extension LinearWeights.PairStatistics {
    /// The pair as scaled by these statistics.
    @inline(__always)
    func scaled(_ values: SIMD2<Double>) -> SIMD2<Double> { (values - mean) * inverse }

    /// Puts back what was `before` in some lanes.
    @inline(__always)
    mutating func keep(_ before: Self, where lanes: SIMDMask<SIMD2<Int64>>) {
        count.replace(with: before.count, where: lanes)
        mean.replace(with: before.mean, where: lanes)
        variance.replace(with: before.variance, where: lanes)
        inverse.replace(with: before.inverse, where: lanes)
    }
}
