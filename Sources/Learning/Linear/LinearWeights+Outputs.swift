extension LinearWeights {
    /// The score of vector `index`, its probability, or the loss's derivative in it: whatever was put there last.
    @inline(__always)
    func output(_ index: Int) -> Double {
        assert(index >= 0 && index < vectorCount)
        return unsafe core.pointee.outputs[index]
    }

    /// Puts `value` into the output of vector `index`.
    @inline(__always)
    func setOutput(_ index: Int, _ value: Double) {
        assert(index >= 0 && index < vectorCount)
        unsafe core.pointee.outputs[index] = value
    }

    /// Makes the outputs, scores so far, probabilities: exp(z)/Σexp(z). False, and equal probabilities, where a score is not
    /// finite.
    @discardableResult
    func makeProbabilities() -> Bool {
        let count = vectorCount
        let outputs = unsafe core.pointee.outputs
        var largest = -Double.infinity
        var isFinite = true
        for index in 0..<count {
            largest = unsafe max(largest, outputs[index])
            isFinite = unsafe isFinite && outputs[index].isFinite
        }
        guard isFinite else {
            for index in 0..<count { unsafe outputs[index] = 1 / Double(count) }
            return false
        }
        var sum = 0.0
        for index in 0..<count {
            let share = unsafe exponential(outputs[index] - largest)
            unsafe outputs[index] = share
            sum += share
        }
        for index in 0..<count { unsafe outputs[index] /= sum }
        return true
    }

    /// The parts of a score: the intercept, and weight·x of each present feature.
    func explain(
        _ features: borrowing FeatureVector, vector: Int, into explanation: inout Explanation
    ) {
        precondition(features.denseCount == denseCount)
        explanation.begin(base: unsafe intercept(vector)[0])
        let groups = unsafe dense(vector)
        for slot in 0..<denseCount {
            let value = features[slot]
            guard !value.isNaN else { continue }
            let statistics = unsafe core.pointee.statistics[slot / 2]
            let x = (value - statistics.mean[slot % 2]) * statistics.inverse[slot % 2]
            let weight = unsafe groups[slot / 2 * numbersPerWeight][slot % 2]
            explanation.add(
                .init(index: Int32(truncatingIfNeeded: slot), isSparse: false, amount: weight * x))
        }
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            guard let group = unsafe sparseGroups(entry.index) else { continue }
            let weight = unsafe group[vector * numbersPerWeight]
            explanation.add(.init(index: entry.index, isSparse: true, amount: weight * entry.value))
        }
    }
}
