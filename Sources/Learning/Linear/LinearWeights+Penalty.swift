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
        for slot in 0..<denseCount {
            guard abs(features[slot]) <= Self.magnitudeMax else { continue }
            let (index, lane) = (slot / 2, slot % 2)
            let step = unsafe Self.penalised(
                weight: pairs[index].weight[lane], penalty: pairs[index].penalty[lane],
                gradient: gradient * pairs[index].scaled[lane], rate: rate, total: total, l1: l1, l2: l2)
            unsafe pairs[index].weight[lane] = step.weight
            unsafe pairs[index].penalty[lane] = step.penalty
        }
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            guard let sparse = unsafe growingSparseWeight(at: entry.index) else { continue }
            unsafe sparse.pointee = Self.penalised(
                weight: sparse.pointee.weight, penalty: sparse.pointee.penalty,
                gradient: gradient * entry.value, rate: rate, total: total, l1: l1, l2: l2)
        }
        unsafe scalars.pointee.intercept -= interceptStep
    }

    @inline(__always)
    private static func penalised(
        weight: Double, penalty: Double, gradient: Double, rate: Double, total: Double, l1: Double, l2: Double
    ) -> SparseWeight {
        let stepped = weight - rate * (gradient + l2 * weight)
        guard l1 > 0 else { return SparseWeight(weight: stepped, penalty: penalty) }
        var pulled = stepped
        if stepped > 0 {
            pulled = max(0, stepped - (total + penalty))
        } else if stepped < 0 {
            pulled = min(0, stepped + (total - penalty))
        }
        return SparseWeight(weight: pulled, penalty: penalty + (pulled - stepped))
    }
}
