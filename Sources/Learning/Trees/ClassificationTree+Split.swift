extension ClassificationTree {
    /// Splits the leaf if its best candidate is better than the second best by more than chance allows, or if both are as
    /// good as equal.
    @inline(never)
    func attemptSplit(_ index: Int) {
        let record = unsafe store.pointee.records + index
        guard unsafe record.pointee.weightedClassCount > 1 else { return }
        let total = unsafe record.pointee.total
        if unsafe record.pointee.largestWeight / total > TreeSettings.classShareMax { return releaseObservers(index) }
        let ranking = rankSplits(of: index)
        let classes = unsafe max(2, Double(record.pointee.classCount))
        let bound = settings.bound(range: binaryLogarithm(classes), weight: total)
        if settings.revisionPeriod != nil { return splitEarly(index, ranking, bound: bound) }
        guard ranking.best.merit - ranking.secondMerit > bound || bound < settings.tau else { return }
        guard ranking.best.isSplit else { return releaseObservers(index) }
        split(index, by: ranking.best)
    }

    /// Judges every split of the leaf.
    func rankSplits(of index: Int, tracking test: UInt32? = nil) -> SplitRanking {
        let record = unsafe store.pointee.records[index]
        var ranking = SplitRanking(trackedTest: test)
        let entropy = record.entropy
        if let observers = unsafe record.observers {
            for observed in 0..<(settings.subspace == nil ? denseCount : headerCount) {
                guard let feature = unsafe feature(observed, observers) else { continue }
                var candidate = unsafe bestThreshold(record, observers, observed)
                candidate.test = UInt32(feature)
                candidate.merit = candidate.isSplit ? entropy - candidate.merit : -.infinity
                ranking.offer(candidate)
            }
        }
        if unsafe record.categories != nil {
            for field in 0..<fieldCount where record.fields & (1 << UInt64(field & 63)) != 0 {
                guard var candidate = bestCategory(record, field: field) else { continue }
                candidate.test = UInt32(field) | TreeNodes.Node.isCategory
                candidate.merit = candidate.isSplit ? entropy - candidate.merit : -.infinity
                ranking.offer(candidate)
            }
        }
        return ranking
    }

    /// The dense slot behind a place in the observers, nil for none.
    private func feature(_ observed: Int, _ observers: UnsafeMutablePointer<Double>) -> Int? {
        guard settings.subspace != nil else { return observed }
        let feature = unsafe Int(observers[observed])
        return feature < 0 ? nil : feature
    }

    /// Makes the leaf a split node with two new leaves, which begin with the class weights that the split estimates.
    func split(_ index: Int, by candidate: SplitCandidate) {
        let exponent = unsafe Int(store.pointee.records[index].capacityExponent)
        let leafBytes = MemoryLayout<TreeNodes.Node>.stride + MemoryLayout<LeafRecord>.stride
        guard hasRoom(for: 2 * (leafBytes + 8 * (2 << exponent))) else { return }
        let pair = unsafe store.pointee.addChildren()
        for side in 0..<2 {
            let child = unsafe store.pointee.records + pair + side
            unsafe child.pointee.capacityExponent = Int32(exponent)
            unsafe child.pointee.weights = allocateWeights(exponent: exponent)
        }
        unsafe shareWeights(of: store.pointee.records[index], by: candidate, to: store.pointee.records + pair)
        for side in 0..<2 {
            let child = unsafe store.pointee.records + pair + side
            unsafe child.pointee.lastAttempt = child.pointee.total
        }
        if settings.revisionPeriod == nil { releaseObservers(index) }
        let missing = candidate.right > candidate.left ? TreeNodes.Node.missingGoesRight : 0
        unsafe store.pointee.nodes.nodes[index] = TreeNodes.Node(
            threshold: candidate.threshold, test: candidate.test | missing, child: Int32(pair))
    }

    /// Gives each child the classes that have events on its side.
    private func shareWeights(
        of record: LeafRecord, by candidate: SplitCandidate, to children: UnsafeMutablePointer<LeafRecord>
    ) {
        for slot in 0..<Int(record.classCount) {
            let label = Double(record.label(at: slot))
            let mass = mass(record, candidate, slot: slot)
            if let left = mass.left { unsafe children[0].append(label, weight: left) }
            if let right = mass.right { unsafe children[1].append(label, weight: right) }
        }
    }

    /// How much of a class goes either way; nil on a side where it has nothing.
    private func mass(
        _ record: LeafRecord, _ candidate: SplitCandidate, slot: Int
    ) -> (left: Double?, right: Double?) {
        if candidate.test & TreeNodes.Node.isCategory != 0 {
            guard let categories = unsafe record.categories else { return (nil, nil) }
            let field = Int32(bitPattern: candidate.test & TreeNodes.Node.featureMask)
            let key = CategoryTable.Key(field: field, category: Int32(candidate.threshold))
            let chosen = unsafe categories.pointee.row(key)?[slot] ?? 0
            let others = unsafe categories.pointee.sum(field: field, slot: slot).weight - chosen
            return (chosen > 0 ? chosen : nil, others > 0 ? others : nil)
        }
        guard let observers = unsafe record.observers else { return (nil, nil) }
        let feature = unsafe FeatureOfClass(statistics(observers, slot: slot), candidate.observed)
        guard feature.count > 0 else { return (nil, nil) }
        if candidate.threshold < feature.least { return (nil, feature.count) }
        if candidate.threshold >= feature.largest { return (feature.count, nil) }
        let left = feature.massBelow(candidate.threshold)
        return (left, feature.count - left)
    }
}

extension LeafRecord {
    /// How many classes have any weight.
    var weightedClassCount: Int {
        guard let weights = unsafe weights else { return 0 }
        var count = 0
        for slot in 0..<Int(classCount) where unsafe weights[slot] != 0 { count += 1 }
        return count
    }

    var largestWeight: Double {
        guard let weights = unsafe weights, classCount > 0 else { return 0 }
        return unsafe weights[heaviest]
    }

    /// Entropy of the classes in bits.
    var entropy: Double {
        guard let weights = unsafe weights else { return 0 }
        var (spread, sum) = (0.0, 0.0)
        for slot in 0..<Int(classCount) {
            let weight = unsafe weights[slot]
            spread += weightedLogarithm(weight)
            sum += weight
        }
        return sum > 0 ? (weightedLogarithm(sum) - spread) / sum : 0
    }

    /// Adds a class that the leaf does not have and has room for.
    mutating func append(_ label: Double, weight: Double) {
        guard let weights = unsafe weights, Int(classCount) < capacity else { return }
        unsafe weights[Int(classCount)] = weight
        unsafe weights[capacity + Int(classCount)] = label
        classCount += 1
    }
}

/// x·log₂(x), 0 at 0.
@inline(__always)
func weightedLogarithm(_ x: Double) -> Double { x > 0 ? x * binaryLogarithm(x) : 0 }
