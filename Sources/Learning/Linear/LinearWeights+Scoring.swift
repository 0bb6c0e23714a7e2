extension LinearWeights {
    /// The score of an event under the present weights and statistics of a model of one score; it can be infinite or NaN once
    /// a model diverged.
    @inline(__always)
    func score(_ features: borrowing FeatureVector) -> Double {
        precondition(features.denseCount == denseCount)
        var sums = unsafe ScoreSum(intercept: intercept(0)[0])
        var group = unsafe dense(0)
        let (statistics, stride) = unsafe (core.pointee.statistics, numbersPerWeight)
        for index in 0..<pairCount {
            let values = features.pair(index)
            let scaled = unsafe (values - statistics[index].mean) * statistics[index].inverse
            unsafe sums.add((scaled * group[0]).replacing(with: 0, where: Self.absent(values)))
            unsafe group += stride
        }
        return addSparse(features, to: sums.value)
    }

    /// Takes the event into the scaling statistics, scales it with them, and scores that. `keep` is what is left of the
    /// statistics' counts before.
    @inline(__always)
    func absorb(_ features: borrowing FeatureVector, weight: Double, keep: Double) -> Double {
        precondition(features.denseCount == denseCount)
        var sums = unsafe ScoreSum(intercept: intercept(0)[0])
        var scaling = unsafe Scaling(core, weight: weight, keep: keep)
        var group = unsafe dense(0)
        let stride = numbersPerWeight
        for index in 0..<pairCount {
            unsafe sums.add(scaling.take(features.pair(index), index) * group[0])
            unsafe group += stride
        }
        return addSparse(features, to: sums.value)
    }

    /// Scales the event for ``scoreVectors(_:)`` with the present statistics; predicting leaves nothing else behind.
    func scale(_ features: borrowing FeatureVector) {
        precondition(features.denseCount == denseCount)
        let (statistics, scaled) = unsafe (core.pointee.statistics, core.pointee.scaled)
        for index in 0..<pairCount {
            let values = features.pair(index)
            let both = unsafe (values - statistics[index].mean) * statistics[index].inverse
            unsafe scaled[index] = both.replacing(with: 0, where: Self.absent(values))
        }
    }

    /// Takes the event into the scaling statistics, and scales it with them.
    func absorbOnly(_ features: borrowing FeatureVector, weight: Double, keep: Double) {
        precondition(features.denseCount == denseCount)
        var scaling = unsafe Scaling(core, weight: weight, keep: keep)
        for index in 0..<pairCount { _ = scaling.take(features.pair(index), index) }
    }

    /// The scores of the scaled event under every vector, into ``Core/outputs``.
    func scoreVectors(_ features: borrowing FeatureVector) {
        let (scaled, stride) = unsafe (core.pointee.scaled, numbersPerWeight)
        for vector in 0..<vectorCount {
            var sums = unsafe ScoreSum(intercept: intercept(vector)[0])
            var group = unsafe dense(vector)
            for index in 0..<pairCount {
                unsafe sums.add(scaled[index] * group[0])
                unsafe group += stride
            }
            unsafe core.pointee.outputs[vector] = sums.value
        }
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            guard let group = unsafe sparseGroups(entry.index) else { continue }
            for vector in 0..<vectorCount {
                unsafe core.pointee.outputs[vector] += group[vector * stride] * entry.value
            }
        }
    }

    /// Two sums that take turns, so that one addition need not wait for the one before.
    private struct ScoreSum {
        private var next: SIMD2<Double>
        private var last = SIMD2<Double>.zero

        @inline(__always)
        init(intercept: Double) { next = SIMD2(intercept, 0) }

        @inline(__always)
        mutating func add(_ products: SIMD2<Double>) { (next, last) = (last, next + products) }

        @inline(__always)
        var value: Double {
            let sum = next + last
            return sum[0] + sum[1]
        }
    }

    @inline(__always)
    private func addSparse(_ features: borrowing FeatureVector, to sum: Double) -> Double {
        features.sparseCount == 0 ? sum : addSomeSparse(features, to: sum)
    }

    /// Out of line, so that events without categories do not pay for it.
    @inline(never)
    private func addSomeSparse(_ features: borrowing FeatureVector, to sum: Double) -> Double {
        var sum = sum
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            if let group = unsafe sparseGroups(entry.index) { unsafe sum += group[0] * entry.value }
        }
        return sum
    }
}
