extension LinearWeights {
    /// A decoded state that is not yet anyone's: complete and checked, or never made.
    struct Decoded {
        var pairs: [FeaturePair] = []
        var sparse: [SparseWeight] = []
        var intercept: Double
        var learnedCount: UInt64
        var penaltyTotal: Double

        init(from decoder: inout StateDecoder, denseCount: Int) throws(StateError) {
            learnedCount = try decoder.uint64()
            intercept = try decoder.double()
            penaltyTotal = try decoder.double()
            pairs = Array(repeating: FeaturePair(), count: (denseCount + 1) / 2)
            for slot in 0..<denseCount {
                let (index, lane) = (slot / 2, slot % 2)
                pairs[index].count[lane] = try decoder.double()
                pairs[index].mean[lane] = try decoder.double()
                pairs[index].variance[lane] = try decoder.double()
                pairs[index].weight[lane] = try decoder.double()
                pairs[index].penalty[lane] = try decoder.double()
            }
            let sparseCount = try decoder.length(ofElements: 16)
            guard sparseCount <= LinearWeights.sparseCountMax else { throw .corrupt }
            sparse.reserveCapacity(sparseCount)
            for _ in 0..<sparseCount {
                sparse.append(SparseWeight(weight: try decoder.double(), penalty: try decoder.double()))
            }
        }
    }

    /// Appends everything that decides later predictions and updates. The cached inverse deviations are left out: they are
    /// computed from the variances by the same expression.
    func encode(into encoder: inout StateEncoder) {
        unsafe encoder.append(scalars.pointee.learnedCount)
        unsafe encoder.append(scalars.pointee.intercept)
        unsafe encoder.append(scalars.pointee.penaltyTotal)
        for slot in 0..<denseCount {
            let (index, lane) = (slot / 2, slot % 2)
            unsafe encoder.append(pairs[index].count[lane])
            unsafe encoder.append(pairs[index].mean[lane])
            unsafe encoder.append(pairs[index].variance[lane])
            unsafe encoder.append(pairs[index].weight[lane])
            unsafe encoder.append(pairs[index].penalty[lane])
        }
        let sparseCount = unsafe scalars.pointee.sparseCount
        encoder.append(UInt64(sparseCount))
        guard let sparse = unsafe scalars.pointee.sparse else { return }
        for index in 0..<sparseCount {
            unsafe encoder.append(sparse[index].weight)
            unsafe encoder.append(sparse[index].penalty)
        }
    }

    /// Takes over a decoded state of the same shape, all of it.
    func replace(by state: Decoded) {
        precondition(state.pairs.count == pairCount)
        unsafe scalars.pointee.sparse?.deallocate()
        unsafe scalars.pointee = Scalars(
            intercept: state.intercept, learnedCount: state.learnedCount, penaltyTotal: state.penaltyTotal)
        for (index, pair) in state.pairs.enumerated() {
            unsafe pairs[index] = pair
            unsafe pairs[index].inverse =
                scaling == .standard ? Self.inverseDeviation(pair.variance) : SIMD2(repeating: 1)
        }
        guard !state.sparse.isEmpty else { return }
        growSparse(to: state.sparse.count)
        guard let sparse = unsafe scalars.pointee.sparse else { return }
        for (index, weight) in state.sparse.enumerated() { unsafe sparse[index] = weight }
    }
}
