extension LinearWeights {
    /// A gradient step with penalties: w −= rate·(gradient·x + l2·w) for every present feature, then the cumulative l1
    /// penalty pulls the weight towards 0 by what it has missed so far, and not beyond 0.
    ///
    /// Source: Tsuruoka, Tsujii, Ananiadou: Stochastic gradient descent training for l1-regularized log-linear models with
    /// cumulative penalty, ACL 2009 (their u and q).
    func descend(
        _ features: borrowing FeatureVector, gradient: Double, rate: Double, interceptStep: Double, l1: Double,
        l2: Double
    ) {
        let total = unsafe scalars.pointee.penaltyTotal + rate * l1
        unsafe scalars.pointee.penaltyTotal = total
        let penalty = Penalty(rate: rate, l1: l1, l2: l2, total: total)
        for index in 0..<pairCount {
            let absent = Self.absent(features.pair(index))
            let pair = unsafe pairs[index]
            let step = penalty.step(weight: pair.weight, paid: pair.penalty, gradient: gradient * pair.scaled)
            unsafe pairs[index].weight = step.weight.replacing(with: pair.weight, where: absent)
            unsafe pairs[index].penalty = step.paid.replacing(with: pair.penalty, where: absent)
        }
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            guard let sparse = unsafe growingSparseWeight(at: entry.index) else { continue }
            let step = unsafe penalty.step(
                weight: SIMD2(repeating: sparse.pointee.weight), paid: SIMD2(repeating: sparse.pointee.penalty),
                gradient: SIMD2(repeating: gradient * entry.value))
            unsafe sparse.pointee = SparseWeight(weight: step.weight[0], penalty: step.paid[0])
        }
        unsafe scalars.pointee.intercept -= interceptStep
    }

    /// The constants of one penalised step.
    private struct Penalty {
        let rate: Double
        let l1: Double
        let l2: Double
        /// u: what every weight could have paid so far, this event included.
        let total: Double

        /// The weight after the step, and the l1 penalty it has then paid (q; negative for a weight pulled down to 0 from
        /// above).
        @inline(__always)
        func step(
            weight: SIMD2<Double>, paid: SIMD2<Double>, gradient: SIMD2<Double>
        ) -> (weight: SIMD2<Double>, paid: SIMD2<Double>) {
            let stepped = weight - rate * (gradient + l2 * weight)
            guard l1 > 0 else { return (stepped, paid) }
            let zero = SIMD2<Double>.zero
            let down = stepped - (total + paid)
            let up = stepped + (total - paid)
            let fromAbove = down.replacing(with: zero, where: .!(down .> zero))
            let fromBelow = up.replacing(with: zero, where: .!(up .< zero))
            let pulled = stepped.replacing(with: fromAbove, where: stepped .> zero)
                .replacing(with: fromBelow, where: stepped .< zero)
            return (pulled, paid + (pulled - stepped))
        }
    }
}
