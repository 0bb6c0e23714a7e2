extension LinearWeights {
    /// The squared length of the absorbed event, without the intercept.
    @inline(__always)
    func squaredNorm(_ features: borrowing FeatureVector) -> Double {
        var sum = SIMD2<Double>.zero
        let scaled = unsafe core.pointee.scaled
        for index in 0..<pairCount { unsafe sum += scaled[index] * scaled[index] }
        return features.sparseCount == 0 ? sum[0] + sum[1] : addSparseSquares(features, to: sum[0] + sum[1])
    }

    @inline(never)
    private func addSparseSquares(_ features: borrowing FeatureVector, to sum: Double) -> Double {
        var norm = sum
        for position in 0..<features.sparseCount where slot(of: features.sparseEntry(position).index) >= 0 {
            let value = features.sparseEntry(position).value
            norm += value * value
        }
        return norm
    }

    /// Every present weight of every vector takes its step for the absorbed event. `step` holds the derivative of the loss in
    /// the only score; in a model of several scores their derivatives are the outputs.
    @inline(__always)
    func apply<Step: WeightStep>(_ step: Step, to features: borrowing FeatureVector) {
        guard !hasOneScore else { return applyOne(step, to: features) }
        if features.sparseCount > 0 { makeSparse(features) }
        for vector in 0..<vectorCount {
            var own = step
            own.gradient = unsafe core.pointee.outputs[vector]
            applyDense(own, to: features, vector: vector)
            if features.sparseCount > 0 { applySparse(own, to: features, vector: vector) }
        }
    }

    /// The same for a model of one score.
    @inline(__always)
    func applyOne<Step: WeightStep>(_ step: Step, to features: borrowing FeatureVector) {
        applyDense(step, to: features, vector: 0)
        guard features.sparseCount > 0 else { return }
        makeSparse(features)
        applySparse(step, to: features, vector: 0)
    }

    @inline(__always)
    private func applyDense<Step: WeightStep>(_ step: Step, to features: borrowing FeatureVector, vector: Int) {
        assert(Step.stateCount < numbersPerWeight)
        var group = unsafe dense(vector)
        let scaled = unsafe core.pointee.scaled
        for index in 0..<pairCount {
            let x = unsafe scaled[index]
            if Step.isBlindToZero {
                unsafe group[0] = step.step(group[0], x, WeightState(behind: group))
            } else {
                let absent = Self.absent(features.pair(index))
                if any(absent) {
                    unsafe applyPartly(step, x, group, absent)
                } else {
                    unsafe group[0] = step.step(group[0], x, WeightState(behind: group))
                }
            }
            unsafe group += 1 + Step.stateCount
        }
    }

    /// Out of line, so that events without categories do not pay for it.
    @inline(never)
    private func applySparse<Step: WeightStep>(_ step: Step, to features: borrowing FeatureVector, vector: Int) {
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            guard let groups = unsafe sparseGroups(entry.index) else { continue }
            let group = unsafe groups + vector * (1 + Step.stateCount)
            unsafe group[0] = step.step(group[0], entry.value, WeightState(behind: group))
        }
    }

    /// A step of a pair that is not complete: what is absent stays as it was.
    @inline(__always)
    private func applyPartly<Step: WeightStep>(
        _ step: Step, _ x: SIMD2<Double>, _ group: UnsafeMutablePointer<SIMD2<Double>>,
        _ absent: SIMDMask<SIMD2<Int64>>
    ) {
        let scratch = unsafe core.pointee.scratch
        for number in 0...Step.stateCount { unsafe scratch[number] = group[number] }
        unsafe group[0] = step.step(group[0], x, WeightState(behind: group))
        for number in 0...Step.stateCount {
            unsafe group[number] = group[number].replacing(with: scratch[number], where: absent)
        }
    }

    /// The intercepts lose `rate` times the derivative; nothing else is done to them.
    @inline(__always)
    func moveIntercepts(rate: Double, gradient: Double) {
        guard !hasOneScore else {
            unsafe intercept(0)[0] -= rate * gradient
            return
        }
        for vector in 0..<vectorCount {
            unsafe intercept(vector)[0] -= rate * core.pointee.outputs[vector]
        }
    }
}
