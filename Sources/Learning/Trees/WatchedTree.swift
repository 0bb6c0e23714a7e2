/// What a tree has to do so that its subtrees can be watched and replaced, whatever it foretells.
protocol WatchedTree: AnyObject {
    associatedtype Target

    init(_ settings: TreeSettings, shape: LearnerShape, seed: UInt64)

    var nodes: TreeNodes { get }
    var isUnvisited: Bool { get }
    var memoryByteCount: Int { get }
    /// Whether there is room for a subtree that comes from elsewhere.
    var takesGrafts: Bool { get }

    /// Finds the event's leaf and what it answers.
    func look(at event: borrowing TreeEvent)
    /// How wrong the answer to the event looked at last was, from 0 on.
    func error(of target: Target) -> Double
    /// Learns the event looked at last.
    func take(_ event: borrowing TreeEvent, target: Target, weight: Double)
    /// Puts `other`, which is used up by this, in the place of what is at `index`.
    func graft(_ other: Self, at index: Int)
    func encode(into encoder: inout StateEncoder)
    func decoded(from decoder: inout StateDecoder) throws(StateError) -> Self

    /// An error on a scale of 0 to 1.
    static func scaled(_ error: Double, by errors: TargetStatistics) -> Double
}

extension ClassificationTree: WatchedTree {
    var nodes: TreeNodes { unsafe core.pointee.nodes }
    var takesGrafts: Bool { hasRoom(for: 0) }

    @inline(__always)
    func look(at event: borrowing TreeEvent) { visit(event, wantsVotes: false) }

    @inline(__always)
    func error(of target: Int) -> Double { answeredLabel == target ? 0 : 1 }

    @inline(__always)
    func take(_ event: borrowing TreeEvent, target: Int, weight: Double) {
        learn(event, label: target, weight: weight, isSame: true)
    }

    @inline(__always)
    static func scaled(_ error: Double, by errors: TargetStatistics) -> Double { error }

    func graft(_ other: ClassificationTree, at index: Int) {
        removeSubtree(below: index)
        releaseRecord(index)
        unsafe core.pointee.classCount = max(core.pointee.classCount, other.core.pointee.classCount)
        unsafe core.pointee.visit.leaf = -1
        var pending = [(source: 0, target: index)]
        while let (source, target) = pending.popLast() {
            copyRecord(of: other, at: source, to: target)
            var node = other.nodes[source]
            if !node.isLeaf {
                let pair = addChildren()
                for side in 0..<2 { pending.append((Int(node.child) + side, pair + side)) }
                node.child = Int32(pair)
            }
            unsafe core.pointee.nodes.nodes[target] = node
        }
        if unsafe core.pointee.blocks.isSparse { compact() }
    }

    /// Moves the statistics of all leaves into memory of just their size.
    private func compact() {
        let old = unsafe core.pointee.blocks
        unsafe core.pointee.blocks = BlockStore(byteCountMax: settings.byteCountMax)
        for index in unsafe 0..<core.pointee.nodes.count { unsafe copyBlocks(of: &core.pointee.records[index]) }
        old.deallocate()
    }

    /// Gives a copy of a record blocks of its own.
    private func copyBlocks(of copy: inout LeafRecord) {
        let exponent = Int(copy.capacityExponent)
        if let weights = unsafe copy.weights {
            let block = unsafe allocateWeights(exponent: exponent)
            unsafe block.update(from: weights, count: 2 << exponent)
            unsafe copy.weights = unsafe block
        }
        if let observers = unsafe copy.observers {
            let block = unsafe allocateObservers(exponent: exponent)
            unsafe block.update(from: observers, count: observerCount(capacity: 1 << exponent))
            unsafe copy.observers = unsafe block
        }
    }

    private func copyRecord(of other: ClassificationTree, at source: Int, to target: Int) {
        var copy = unsafe other.core.pointee.records[source]
        copyBlocks(of: &copy)
        if let categories = unsafe copy.categories {
            unsafe core.pointee.categoryBytes += categories.pointee.memoryByteCount
            unsafe other.core.pointee.categoryBytes -= categories.pointee.memoryByteCount
            unsafe other.core.pointee.records[source].categories = nil
        }
        reserveVotes(Int(copy.classCount))
        unsafe core.pointee.records[target] = copy
    }
}

extension RegressionTree: WatchedTree {
    var nodes: TreeNodes { unsafe core.pointee.nodes }
    var takesGrafts: Bool { hasRoom(for: 0) }

    @inline(__always)
    func look(at event: borrowing TreeEvent) { visit(event) }

    @inline(__always)
    func error(of target: Double) -> Double { abs(target - answer) }

    @inline(__always)
    func take(_ event: borrowing TreeEvent, target: Double, weight: Double) {
        learn(event, target: target, weight: weight, isSame: true)
    }

    /// Nearly all errors lie within three standard deviations of none.
    @inline(__always)
    static func scaled(_ error: Double, by errors: TargetStatistics) -> Double {
        let deviation = errors.variance.squareRoot()
        guard deviation > 0, deviation.isFinite else { return 0.5 }
        return min(1, (error + 3 * deviation) / (6 * deviation))
    }

    func graft(_ other: RegressionTree, at index: Int) {
        removeSubtree(below: index)
        releaseRecord(index)
        unsafe core.pointee.visit.leaf = -1
        var pending = [(source: 0, target: index)]
        while let (source, target) = pending.popLast() {
            copyRecord(of: other, at: source, to: target)
            var node = other.nodes[source]
            if !node.isLeaf {
                let pair = addChildren()
                for side in 0..<2 { pending.append((Int(node.child) + side, pair + side)) }
                node.child = Int32(pair)
            }
            unsafe core.pointee.nodes.nodes[target] = node
        }
        if unsafe core.pointee.blocks.isSparse { compact() }
    }

    /// Moves the statistics of all leaves into memory of just their size.
    private func compact() {
        let old = unsafe core.pointee.blocks
        unsafe core.pointee.blocks = BlockStore(byteCountMax: settings.byteCountMax)
        for index in unsafe 0..<core.pointee.nodes.count { unsafe copyBlocks(of: &core.pointee.records[index]) }
        old.deallocate()
    }

    /// Gives a copy of a record blocks of its own.
    private func copyBlocks(of copy: inout Record) {
        if let weights = unsafe copy.weights {
            let block = unsafe allocateWeights()
            unsafe block.update(from: weights, count: weightCount)
            unsafe copy.weights = unsafe block
        }
        if let observers = unsafe copy.observers {
            let block = unsafe allocateObservers()
            unsafe block.update(from: observers, count: observerCount)
            unsafe copy.observers = unsafe block
        }
    }

    private func copyRecord(of other: RegressionTree, at source: Int, to target: Int) {
        var copy = unsafe other.core.pointee.records[source]
        copyBlocks(of: &copy)
        if let categories = unsafe copy.categories {
            unsafe core.pointee.categoryBytes += categories.pointee.memoryByteCount
            unsafe other.core.pointee.categoryBytes -= categories.pointee.memoryByteCount
            unsafe other.core.pointee.records[source].categories = nil
        }
        unsafe core.pointee.records[target] = copy
    }

    private func releaseRecord(_ index: Int) {
        releaseObservers(index)
        releaseWeights(index)
        unsafe core.pointee.records[index] = Record()
    }

    /// Makes a split node a leaf and gives back everything below it.
    private func removeSubtree(below index: Int) {
        var pairs = [Int(nodes[index].child)]
        unsafe core.pointee.nodes.nodes[index] = TreeNodes.Node()
        while let pair = pairs.popLast() {
            for child in pair...pair + 1 {
                let next = nodes[child].child
                if next != 0 { pairs.append(Int(next)) }
                releaseRecord(child)
            }
            unsafe core.pointee.nodes.removePair(pair)
        }
    }
}
