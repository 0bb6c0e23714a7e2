/// The layout, version 2: whether there are scaling statistics (1 byte), numbers per weight (1 byte), events learned, rate
/// factor, l1 penalty due so far, β₁ᵗ, β₂ᵗ; with statistics for each dense slot count, mean, variance; the number of vectors;
/// for each vector the group of its intercept and of each dense slot; the number of sparse slots; for each of them a group
/// for each vector. A group is `numbersPerWeight` numbers: the weight, then what the optimiser remembers of it, in the order
/// in which its step documents it, last what the weight has paid of an l1 penalty.
extension LinearWeights {
    /// A decoded state that is not yet anyone's: complete and checked, or never made.
    struct Decoded {
        var learnedCount: UInt64
        var rateFactor: Double
        var penaltyTotal: Double
        var beta1Power: Double
        var beta2Power: Double
        var statistics: [PairStatistics] = []
        var vectorCount: Int
        /// Vector by vector: the intercept's group, then those of the slots.
        var vectors: [Double] = []
        var sparse: [Double] = []

        init(from decoder: inout StateDecoder, for weights: borrowing LinearWeights) throws(StateError) {
            let (denseCount, numbers) = (weights.denseCount, weights.numbersPerWeight)
            let isScaling = weights.isScaling
            guard try decoder.flag() == isScaling, try Int(decoder.byte()) == numbers else {
                throw .corrupt
            }
            learnedCount = try decoder.uint64()
            rateFactor = try decoder.double()
            guard rateFactor > 0, rateFactor.isFinite else { throw .corrupt }
            penaltyTotal = try decoder.double()
            beta1Power = try decoder.double()
            beta2Power = try decoder.double()
            if isScaling {
                statistics = Array(repeating: PairStatistics(), count: weights.pairCount)
                for slot in 0..<denseCount {
                    let (index, lane) = (slot / 2, slot % 2)
                    statistics[index].count[lane] = try decoder.double()
                    statistics[index].mean[lane] = try decoder.double()
                    statistics[index].variance[lane] = try decoder.double()
                }
            }
            vectorCount = try decoder.length(ofElements: 8 * numbers * (denseCount + 1))
            let vectorMax = min(LearnableRange.classCountMax, vectorLimit(hashBits: weights.hashBits))
            guard weights.hasOneScore ? vectorCount == 1 : vectorCount <= vectorMax else { throw .corrupt }
            try Self.read(vectorCount * numbers * (denseCount + 1), from: &decoder, into: &vectors)
            let slotCount = try decoder.length(ofElements: max(1, 8 * numbers * vectorCount))
            guard slotCount <= sparseLimit(vectorCount: vectorCount, hashBits: weights.hashBits),
                vectorCount > 0 || slotCount == 0
            else { throw .corrupt }
            try Self.read(slotCount * vectorCount * numbers, from: &decoder, into: &sparse)
        }

        private static func read(
            _ count: Int, from decoder: inout StateDecoder, into numbers: inout [Double]
        ) throws(StateError) {
            numbers.reserveCapacity(count)
            for _ in 0..<count { numbers.append(try decoder.double()) }
        }
    }

    static let tag = StateTag("LINR")
    static let version: UInt16 = 2

    /// Reads the section of a learner with these weights. States of version 1 held no optimiser: they fit no model of today.
    func decoded(from decoder: inout StateDecoder, fingerprint: UInt64) throws(StateError) -> Decoded {
        try decoder.section(Self.tag, newest: Self.version) { decoder, version throws(StateError) in
            guard version == Self.version, try decoder.uint64() == fingerprint else { throw .mismatch }
            return try Decoded(from: &decoder, for: self)
        }
    }

    /// Appends everything that decides later predictions and updates. The cached inverse deviations are left out: they are
    /// computed from the variances by the same expression.
    func encode(into encoder: inout StateEncoder) {
        let core = unsafe core.pointee
        encoder.append(isScaling)
        encoder.append(UInt8(numbersPerWeight))
        encoder.append(core.learnedCount)
        encoder.append(core.rateFactor)
        encoder.append(core.penaltyTotal)
        encoder.append(core.beta1Power)
        encoder.append(core.beta2Power)
        if isScaling {
            for slot in 0..<denseCount {
                let (index, lane) = (slot / 2, slot % 2)
                unsafe encoder.append(core.statistics[index].count[lane])
                unsafe encoder.append(core.statistics[index].mean[lane])
                unsafe encoder.append(core.statistics[index].variance[lane])
            }
        }
        encoder.append(UInt64(core.vectorCount))
        for vector in 0..<core.vectorCount {
            for number in 0..<numbersPerWeight { unsafe encoder.append(intercept(vector)[number]) }
            let groups = unsafe dense(vector)
            for slot in 0..<denseCount {
                let group = unsafe groups + slot / 2 * numbersPerWeight
                for number in 0..<numbersPerWeight { unsafe encoder.append(group[number][slot % 2]) }
            }
        }
        encoder.append(UInt64(core.sparseCount))
        guard let sparse = unsafe core.sparse else { return }
        for slot in 0..<core.sparseCount {
            let groups = unsafe sparse + slot * core.vectorCapacity * numbersPerWeight
            for number in 0..<core.vectorCount * numbersPerWeight {
                unsafe encoder.append(groups[number])
            }
        }
    }

    /// Takes over a decoded state of the same shape, all of it.
    func replace(by state: Decoded) {
        forgetVectors()
        unsafe core.pointee.learnedCount = state.learnedCount
        unsafe core.pointee.rateFactor = state.rateFactor
        unsafe core.pointee.penaltyTotal = state.penaltyTotal
        unsafe core.pointee.beta1Power = state.beta1Power
        unsafe core.pointee.beta2Power = state.beta2Power
        for (index, pair) in state.statistics.enumerated() {
            precondition(index < pairCount)
            unsafe core.pointee.statistics[index] = pair
            unsafe core.pointee.statistics[index].inverse = Self.inverseDeviation(pair.variance)
        }
        makeVectors(state.vectorCount)
        var numbers = state.vectors.makeIterator()
        for vector in 0..<state.vectorCount {
            for number in 0..<numbersPerWeight { unsafe intercept(vector)[number] = numbers.next() ?? 0 }
            let groups = unsafe dense(vector)
            for slot in 0..<denseCount {
                let group = unsafe groups + slot / 2 * numbersPerWeight
                for number in 0..<numbersPerWeight { unsafe group[number][slot % 2] = numbers.next() ?? 0 }
            }
        }
        let row = state.vectorCount * numbersPerWeight
        guard row > 0, !state.sparse.isEmpty else { return }
        growSparse(to: state.sparse.count / row)
        guard let sparse = unsafe core.pointee.sparse else { return }
        // Just made, so there are as many vectors as there is room for.
        for (index, number) in state.sparse.enumerated() { unsafe sparse[index] = number }
    }

    /// Gives back the memory that grew, all of the weights with it.
    private func forgetVectors() {
        unsafe core.pointee.sparse?.deallocate()
        unsafe core.pointee.sparse = nil
        unsafe core.pointee.sparseCount = 0
        unsafe core.pointee.sparseCapacity = 0
        unsafe core.pointee.vectorCount = 0
        unsafe core.pointee.vectorCapacity = 0
    }
}
