extension ClassificationTree {
    /// The fixed part of a node, in words: what it is, threshold, weight at the last attempt; for a leaf three more.
    private static let splitWords = 3
    private static let leafWords = 6

    /// Appends the whole tree, level by level: a node's children come later than it and side by side, so that links need
    /// not be written and cannot be wrong. Complexity: O(size), at about the speed of copying memory.
    func encode(into encoder: inout StateEncoder) {
        unsafe core.pointee.generator.encode(into: &encoder)
        unsafe core.pointee.origin.encode(into: &encoder)
        encoder.append(UInt64(nodeCount))
        encoder.append(UInt32(classCount))
        unsafe store.pointee.nodes.forEachByLevel { encode($0, into: &encoder) }
    }

    /// Whether a node has what a leaf has: where splits are looked at again, split nodes go on learning.
    private func isWhole(isLeaf: Bool) -> Bool { isLeaf || settings.revisionPeriod != nil }

    private func encode(_ index: Int, into encoder: inout StateEncoder) {
        let record = unsafe store.pointee.records[index]
        let node = unsafe store.pointee.nodes.nodes[index]
        unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.leafWords) { words in
            guard let base = words.baseAddress else { return }
            var meta = UInt64(node.test) | UInt64(record.classCount) << 32
            meta |= UInt64(record.capacityExponent) << 48
            if node.isLeaf { meta |= 1 << 56 }
            if unsafe record.observers != nil { meta |= 1 << 57 }
            if unsafe record.categories != nil { meta |= 1 << 58 }
            if unsafe record.weights != nil { meta |= 1 << 59 }
            unsafe base[0] = Double(bitPattern: meta)
            unsafe base[1] = node.threshold
            unsafe base[2] = record.lastAttempt
            unsafe base[3] = record.majorityHits
            unsafe base[4] = record.bayesHits
            unsafe base[5] = Double(bitPattern: record.fields)
            unsafe encoder.append(numbers: base, count: isWhole(isLeaf: node.isLeaf) ? Self.leafWords : Self.splitWords)
        }
        let count = Int(record.classCount)
        if let weights = unsafe record.weights {
            unsafe encoder.append(numbers: weights, count: count)
            unsafe encoder.append(numbers: weights + record.capacity, count: count)
        }
        if let observers = unsafe record.observers {
            unsafe encoder.append(
                numbers: observers, count: headerCount + count * pairCount * PairStatistics.width)
        }
        if let categories = unsafe record.categories {
            unsafe categories.pointee.encode(into: &encoder, classCount: count)
        }
    }

    /// Reads a tree of the same settings and shape. Every index, link and count is checked; nothing here changes.
    func decoded(from decoder: inout StateDecoder) throws(StateError) -> ClassificationTree {
        let tree = ClassificationTree(
            settings, shape: LearnerShape(denseCount: denseCount, fieldCount: fieldCount))
        unsafe tree.core.pointee.generator = try RandomGenerator(from: &decoder)
        unsafe tree.core.pointee.origin = try RandomGenerator(from: &decoder)
        let nodeCount = try decoder.length(ofElements: 8)
        let classCount = try decoder.uint32()
        guard nodeCount % 2 == 1, classCount <= UInt32(LearnableRange.classCountMax) else { throw .corrupt }
        unsafe tree.core.pointee.classCount = Int(classCount)
        try tree.readLevels(nodeCount: nodeCount) { index throws(StateError) in try tree.decode(index, from: &decoder) }
        return tree
    }

    /// Reads one node; true when it is a split, whose children are still to be made.
    private func decode(_ index: Int, from decoder: inout StateDecoder) throws(StateError) -> Bool {
        let meta = try decoder.uint64()
        let node = TreeNodes.Node(threshold: try decoder.double(), test: UInt32(truncatingIfNeeded: meta))
        let (count, exponent) = (Int(meta >> 32 & 0xffff), Int(meta >> 48 & 0xff))
        let isLeaf = meta >> 56 & 1 == 1
        let (hasObservers, hasCategories, hasWeights) = (meta >> 57 & 1, meta >> 58 & 1, meta >> 59 & 1)
        guard meta >> 60 == 0, isWhole(isLeaf: isLeaf) || hasObservers | hasCategories == 0 else { throw .corrupt }
        guard exponent <= 10, count <= 1 << exponent, count <= classCount,
            isLeaf ? node.test == 0 : node.isValid(denseCount: denseCount, fieldCount: fieldCount)
        else { throw .corrupt }
        guard hasWeights == 1 ? exponent > 0 : hasObservers | hasCategories == 0 && count == 0 && exponent == 0
        else { throw .corrupt }
        unsafe store.pointee.nodes.nodes[index] = node
        let record = unsafe store.pointee.records + index
        unsafe record.pointee.lastAttempt = try decoder.double()
        if isWhole(isLeaf: isLeaf) {
            unsafe record.pointee.majorityHits = try decoder.double()
            unsafe record.pointee.bayesHits = try decoder.double()
            unsafe record.pointee.fields = try decoder.uint64()
        }
        guard unsafe record.pointee.isPlausible else { throw .corrupt }
        if hasWeights == 1 { try decodeWeights(index, count: count, exponent: exponent, from: &decoder) }
        if hasObservers == 1 { try decodeObservers(index, from: &decoder) }
        if hasCategories == 1 { try decodeCategories(index, from: &decoder) }
        return !isLeaf
    }

    private func isIndex(_ number: Double, below bound: Int) -> Bool {
        number >= 0 && number < Double(bound) && number == number.rounded()
    }

    private func decodeWeights(
        _ index: Int, count: Int, exponent: Int, from decoder: inout StateDecoder
    ) throws(StateError) {
        guard isWithinLimit(8 * (2 << exponent)) else { throw .corrupt }
        let weights = unsafe allocateWeights(exponent: exponent)
        let record = unsafe store.pointee.records + index
        unsafe record.pointee.weights = unsafe weights
        unsafe record.pointee.capacityExponent = Int32(exponent)
        unsafe record.pointee.classCount = Int32(count)
        unsafe try decoder.read(into: weights, count: count)
        let ids = unsafe weights + record.pointee.capacity
        unsafe try decoder.read(into: ids, count: count)
        for slot in 0..<count {
            guard unsafe weights[slot] >= 0, unsafe weights[slot].isFinite, unsafe isIndex(ids[slot], below: classCount)
            else { throw .corrupt }
            for earlier in 0..<slot where unsafe ids[earlier] == ids[slot] { throw .corrupt }
        }
        // A leaf has classes because events were learned in it: without any weight their shares were no numbers.
        guard unsafe count == 0 || (record.pointee.total > 0 && record.pointee.total.isFinite) else { throw .corrupt }
        reserveVotes(count)
    }

    private func decodeObservers(_ index: Int, from decoder: inout StateDecoder) throws(StateError) {
        let record = unsafe store.pointee.records + index
        let (count, exponent) = unsafe (Int(record.pointee.classCount), Int(record.pointee.capacityExponent))
        guard isWithinLimit(8 * observerCount(capacity: 1 << exponent)) else { throw .corrupt }
        let observers = unsafe allocateObservers(exponent: exponent)
        unsafe record.pointee.observers = unsafe observers
        unsafe try decoder.read(into: observers, count: headerCount + count * pairCount * PairStatistics.width)
        for slot in 0..<headerCount {
            guard unsafe observers[slot] == -1 || isIndex(observers[slot], below: denseCount) else { throw .corrupt }
        }
        let statistics = unsafe statistics(observers, slot: 0)
        for pair in 0..<count * pairCount {
            guard unsafe statistics[pair].isPlausible else { throw .corrupt }
        }
    }

    private func decodeCategories(_ index: Int, from decoder: inout StateDecoder) throws(StateError) {
        let record = unsafe store.pointee.records + index
        unsafe try decodeCategories(
            index, classCapacity: record.pointee.capacity, classCount: Int(record.pointee.classCount), isSigned: false,
            from: &decoder)
    }
}

extension LeafRecord {
    /// Whether the numbers are such as a writer writes.
    var isPlausible: Bool {
        [lastAttempt, majorityHits, bayesHits].allSatisfy { $0 >= 0 && $0 < .infinity }
    }
}

extension PairStatistics {
    /// Whether the numbers are such as a writer writes.
    ///
    /// The squares can be below 0 by rounding, where one event weighs more than all before it: they count as 0 then.
    var isPlausible: Bool {
        let limit = SIMD2(repeating: 4 * LearnableRange.magnitudeMax)
        let counts = (count .>= 0) .& (count .< SIMD2(repeating: .infinity)) .& (squares .== squares)
        let range = (least .== least) .& (largest .== largest)
        return all(counts .& range .& (mean.magnitude .<= limit))
    }
}
