extension LinearWeights {
    /// Adds vectors of 0 until there are `count`; those that exist stay as they are.
    ///
    /// With more vectors fewer sparse slots are allowed (see ``sparseLimit``): the slots beyond are forgotten.
    /// Complexity: O(state) when the memory has to grow, which doubles.
    func makeVectors(_ count: Int) {
        let old = unsafe core.pointee
        guard count > old.vectorCount else { return }
        if count > old.vectorCapacity {
            let limit = max(count, Self.vectorLimit(hashBits: hashBits))
            growVectors(to: min(max(count, 2 * old.vectorCapacity), limit), for: count)
        }
        unsafe core.pointee.vectorCount = count
        unsafe core.pointee.sparseCount = min(core.pointee.sparseCount, sparseLimit)
    }

    /// Makes room for `capacity` vectors, of which `count` are to be used now.
    private func growVectors(to capacity: Int, for count: Int) {
        let old = unsafe core.pointee
        let (kept, numbers) = (old.vectorCount, numbersPerWeight)
        let intercepts = unsafe Self.memory(0.0, count: capacity * numbers)
        unsafe intercepts.update(from: old.intercepts, count: kept * numbers)
        let outputs = unsafe Self.memory(0.0, count: capacity)
        let dense = unsafe Self.memory(SIMD2<Double>.zero, count: capacity * pairCount * numbers)
        unsafe dense.update(from: old.dense, count: kept * pairCount * numbers)
        unsafe old.intercepts.deallocate()
        unsafe old.outputs.deallocate()
        unsafe old.dense.deallocate()
        unsafe core.pointee.intercepts = unsafe intercepts
        unsafe core.pointee.outputs = unsafe outputs
        unsafe core.pointee.dense = unsafe dense
        unsafe core.pointee.vectorCapacity = capacity
        if let sparse = unsafe old.sparse {
            let slots = min(old.sparseCount, Self.sparseLimit(vectorCount: count, hashBits: hashBits))
            let wide = unsafe Self.memory(0.0, count: slots * capacity * numbers)
            for slot in 0..<slots {
                let group = unsafe sparse + slot * old.vectorCapacity * numbers
                unsafe (wide + slot * capacity * numbers).update(from: group, count: kept * numbers)
            }
            unsafe sparse.deallocate()
            unsafe core.pointee.sparse = unsafe wide
            unsafe core.pointee.sparseCount = slots
            unsafe core.pointee.sparseCapacity = slots
        }
    }

    // MARK: - Sparse slots

    /// Largest number of sparse weights in all vectors together, without hashing: 2^20 weights of 8 bytes are 8 MiB.
    static let sparseWeightsMax = 1 << 20
    /// Largest number of sparse slots without hashing.
    static let sparseCountMax = 1 << 18

    /// Largest number of sparse weights in all vectors together with hashing: 128 MiB, and as much for each number that the
    /// optimiser remembers.
    static let hashedWeightsMax = 1 << 24

    /// How many vectors a model with hashing can have, whose slots must not move; 4 with the largest `hash_bits`.
    static func vectorLimit(hashBits: Int) -> Int { hashBits > 0 ? hashedWeightsMax >> hashBits : .max }

    /// How many sparse slots a model of that many vectors can have.
    static func sparseLimit(vectorCount: Int, hashBits: Int) -> Int {
        hashBits > 0 ? 1 << hashBits : min(sparseCountMax, sparseWeightsMax / max(1, vectorCount))
    }

    /// How many sparse slots the model can have now. Without hashing, features from here on contribute nothing and are not
    /// learned.
    var sparseLimit: Int { Self.sparseLimit(vectorCount: vectorCount, hashBits: hashBits) }

    /// The slot of sparse feature `index`: its own below the limit; beyond it a shared one, or −1 without hashing.
    @inline(__always)
    func slot(of index: Int32) -> Int {
        if index >= 0, unsafe Int(index) < core.pointee.sparseCount { return Int(index) }
        return slotBeyond(index)
    }

    @inline(never)
    private func slotBeyond(_ index: Int32) -> Int {
        guard index >= 0 else { return -1 }
        if Int(index) < sparseLimit { return Int(index) }
        guard hashBits > 0 else { return -1 }
        // Fibonacci hashing (Knuth, volume 3, 6.4): the upper bits of a product with 2^64 / the golden ratio.
        return Int(
            (UInt64(UInt32(bitPattern: index)) &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - hashBits))
    }

    /// The groups of sparse feature `index`, nil where nothing was learned of it.
    @inline(__always)
    func sparseGroups(_ index: Int32) -> UnsafeMutablePointer<Double>? {
        let slot = slot(of: index)
        guard slot >= 0, unsafe slot < core.pointee.sparseCount else { return nil }
        let group = unsafe core.pointee.vectorCapacity * core.pointee.numbersPerWeight
        return unsafe core.pointee.sparse.map { unsafe $0 + slot * group }
    }

    /// Makes room for the sparse features of an event, so that ``sparseGroups(_:)`` finds all that are within the limit.
    @inline(never)
    func makeSparse(_ features: borrowing FeatureVector) {
        for position in 0..<features.sparseCount {
            let index = features.sparseEntry(position).index
            if index >= 0, unsafe Int(index) < core.pointee.sparseCount { continue }
            let slot = slotBeyond(index)
            guard slot >= 0, unsafe slot >= core.pointee.sparseCount else { continue }
            // Shared slots come in any order: all of them at once.
            growSparse(to: Int(index) == slot ? slot + 1 : sparseLimit)
        }
    }

    /// Makes the sparse slots `count` many, new ones 0. Doubles the memory, so growth costs O(1) a feature.
    @inline(never)
    func growSparse(to count: Int) {
        let limit = sparseLimit
        precondition(count <= limit)
        let old = unsafe core.pointee
        if count > old.sparseCapacity {
            let capacity = min(limit, max(count, 2 * old.sparseCapacity, 64))
            let group = old.vectorCapacity * numbersPerWeight
            let grown = unsafe Self.memory(0.0, count: capacity * group)
            if let sparse = unsafe old.sparse {
                unsafe grown.update(from: sparse, count: old.sparseCount * group)
                unsafe sparse.deallocate()
            }
            unsafe core.pointee.sparse = unsafe grown
            unsafe core.pointee.sparseCapacity = capacity
        }
        unsafe core.pointee.sparseCount = max(count, old.sparseCount)
    }
}
