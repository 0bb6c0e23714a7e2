extension RegressionTree {
    /// Appends the whole tree, level by level, as ``ClassificationTree/encode(into:)`` does.
    func encode(into encoder: inout StateEncoder) {
        unsafe core.pointee.generator.encode(into: &encoder)
        encoder.append(UInt64(nodeCount))
        unsafe store.pointee.nodes.forEachByLevel { encode($0, into: &encoder) }
    }

    private func encode(_ index: Int, into encoder: inout StateEncoder) {
        let record = unsafe store.pointee.records[index]
        let node = unsafe store.pointee.nodes.nodes[index]
        var meta = UInt64(node.test)
        if node.isLeaf { meta |= 1 << 32 }
        if unsafe record.observers != nil { meta |= 1 << 33 }
        if unsafe record.categories != nil { meta |= 1 << 34 }
        if unsafe record.weights != nil { meta |= 1 << 35 }
        encoder.append(meta)
        encoder.append(record.fields)
        for number in record.numbers { encoder.append(number) }
        encoder.append(node.threshold)
        if let weights = unsafe record.weights { unsafe encoder.append(numbers: weights, count: denseCount + 1) }
        if let observers = unsafe record.observers { unsafe encoder.append(numbers: observers, count: storedCount) }
        if let categories = unsafe record.categories { unsafe categories.pointee.encode(into: &encoder, classCount: 3) }
    }

    /// Numbers of a block of observers that mean anything.
    private var storedCount: Int { headerCount + observedCount * TargetBins.width }

    /// Reads a tree of the same settings and shape; everything is checked, nothing here changes.
    func decoded(from decoder: inout StateDecoder) throws(StateError) -> RegressionTree {
        let tree = RegressionTree(settings, shape: LearnerShape(denseCount: denseCount, fieldCount: fieldCount))
        unsafe tree.core.pointee.generator = try RandomGenerator(from: &decoder)
        let nodeCount = try decoder.length(ofElements: 8)
        guard nodeCount % 2 == 1 else { throw .corrupt }
        try tree.readLevels(nodeCount: nodeCount) { index throws(StateError) in try tree.decode(index, from: &decoder) }
        return tree
    }

    private func decode(_ index: Int, from decoder: inout StateDecoder) throws(StateError) -> Bool {
        let meta = try decoder.uint64()
        let isLeaf = meta >> 32 & 1 == 1
        let (hasObservers, hasCategories, hasWeights) = (meta >> 33 & 1, meta >> 34 & 1, meta >> 35 & 1)
        guard meta >> 36 == 0, isLeaf || hasObservers | hasCategories | hasWeights == 0 else { throw .corrupt }
        var record = Record()
        record.fields = try decoder.uint64()
        var numbers: [Double] = []
        for _ in 0..<record.numbers.count { numbers.append(try decoder.double()) }
        guard record.take(numbers) else { throw .corrupt }
        let node = TreeNodes.Node(threshold: try decoder.double(), test: UInt32(truncatingIfNeeded: meta))
        guard isLeaf ? node.test == 0 : node.isValid(denseCount: denseCount, fieldCount: fieldCount) else {
            throw .corrupt
        }
        unsafe store.pointee.nodes.nodes[index] = node
        unsafe store.pointee.records[index] = record
        if hasWeights == 1 {
            guard isWithinLimit(8 * weightCount) else { throw .corrupt }
            let weights = unsafe allocateWeights()
            unsafe weights.update(repeating: 0, count: weightCount)
            unsafe store.pointee.records[index].weights = unsafe weights
            unsafe try decoder.read(into: weights, count: denseCount + 1)
            for slot in 0...denseCount { guard unsafe weights[slot].isFinite else { throw .corrupt } }
        }
        if hasObservers == 1 { try decodeObservers(index, from: &decoder) }
        if hasCategories == 1 {
            try decodeCategories(index, classCapacity: 3, classCount: 3, isSigned: true, from: &decoder)
        }
        return !isLeaf
    }

    private func decodeObservers(_ index: Int, from decoder: inout StateDecoder) throws(StateError) {
        guard isWithinLimit(8 * observerCount) else { throw .corrupt }
        let observers = unsafe allocateObservers()
        unsafe store.pointee.records[index].observers = unsafe observers
        unsafe try decoder.read(into: observers, count: storedCount)
        for slot in 0..<headerCount {
            let feature = unsafe observers[slot]
            guard feature == -1 || (feature >= 0 && feature < Double(denseCount) && feature == feature.rounded())
            else { throw .corrupt }
        }
        for observed in 0..<observedCount {
            guard unsafe bins(observers, observed).isPlausible else { throw .corrupt }
        }
    }
}

extension RegressionTree.Record {
    /// The numbers of the record, in the order of the state.
    var numbers: [Double] {
        [target.count, target.mean, target.squares, meanError, modelError, lastAttempt, reference]
    }

    /// Takes the numbers of a state; false when they are none that a writer writes.
    mutating func take(_ numbers: [Double]) -> Bool {
        target = TargetStatistics(count: numbers[0], mean: numbers[1], squares: numbers[2])
        (meanError, modelError, lastAttempt, reference) = (numbers[3], numbers[4], numbers[5], numbers[6])
        return target.isPlausible && meanError >= 0 && modelError >= 0 && lastAttempt >= 0 && reference.isFinite
    }
}
