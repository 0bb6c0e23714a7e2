/// A tree in flat memory, whatever it foretells: what does not depend on what its records count.
protocol FlatTree: AnyObject {
    associatedtype Record: TreeRecord
    associatedtype Core

    var settings: TreeSettings { get }
    var fieldCount: Int { get }
    var store: UnsafeMutablePointer<TreeStore<Record>> { get }
    /// What changes beside the nodes.
    var core: UnsafeMutablePointer<Core> { get }

    /// What was found out about the event looked at last holds no longer.
    func forgetVisit()
    /// Gives back everything that belongs to the record.
    func releaseRecord(_ index: Int)
    /// Gives a copy of a record blocks of its own.
    func copyBlocks(of copy: inout Record)
    /// A record of `other` is about to become one of this tree.
    func prepare(for record: Record, of other: Self)
}

extension FlatTree {
    var nodes: TreeNodes { unsafe store.pointee.nodes }
    var leafCount: Int { nodes.leafCount }
    var nodeCount: Int { nodes.liveCount }
    /// Bytes taken, in use or not.
    var memoryByteCount: Int { unsafe store.pointee.memoryByteCount }

    /// Whether `byteCount` more bytes are within the limit. Half of it is for what is in use: arrays grow by half.
    func hasRoom(for byteCount: Int) -> Bool {
        unsafe store.pointee.usedByteCount + byteCount <= settings.byteCountMax / 2
    }

    /// Whether there is room for a subtree that comes from elsewhere.
    var takesGrafts: Bool { hasRoom(for: 0) }

    /// Makes this tree the other one; that one then holds what was here.
    func takeOver(_ other: Self) {
        unsafe swap(&store.pointee, &other.store.pointee)
        unsafe swap(&core.pointee, &other.core.pointee)
        forgetVisit()
    }

    /// Makes a split node a leaf and gives back everything below it.
    func removeSubtree(below index: Int) {
        var pairs = [Int(nodes[index].child)]
        unsafe store.pointee.nodes.nodes[index] = TreeNodes.Node()
        while let pair = pairs.popLast() {
            for child in pair...pair + 1 {
                let next = nodes[child].child
                if next != 0 { pairs.append(Int(next)) }
                releaseRecord(child)
            }
            unsafe store.pointee.nodes.removePair(pair)
        }
    }

    /// Puts `other`, which is used up by this, in the place of what is at `index`.
    func graft(_ other: Self, at index: Int) {
        removeSubtree(below: index)
        releaseRecord(index)
        forgetVisit()
        var pending = [(source: 0, target: index)]
        while let (source, target) = pending.popLast() {
            copyRecord(of: other, at: source, to: target)
            var node = other.nodes[source]
            if !node.isLeaf {
                let pair = unsafe store.pointee.addChildren()
                for side in 0..<2 { pending.append((Int(node.child) + side, pair + side)) }
                node.child = Int32(pair)
            }
            unsafe store.pointee.nodes.nodes[target] = node
        }
        compactIfSparse()
    }

    private func copyRecord(of other: Self, at source: Int, to target: Int) {
        var copy = unsafe other.store.pointee.records[source]
        prepare(for: copy, of: other)
        copyBlocks(of: &copy)
        unsafe copy.categories = nil
        unsafe store.pointee.records[target] = copy
        unsafe store.pointee.takeCategories(target, of: &other.store.pointee, at: source)
    }

    /// Moves the statistics of all leaves into memory of just their size, where more than half of it is free: free blocks serve
    /// only leaves of as many classes.
    func compactIfSparse() {
        guard unsafe store.pointee.blocks.isSparse else { return }
        let old = unsafe store.pointee.blocks
        unsafe store.pointee.blocks = BlockStore(byteCountMax: settings.byteCountMax)
        for index in 0..<nodes.count { unsafe copyBlocks(of: &store.pointee.records[index]) }
        old.deallocate()
    }
}

// MARK: - State

extension TreeNodes {
    /// Visits all nodes level by level: a node's children come later than it and side by side, so that a state need not say
    /// where they are.
    func forEachByLevel(_ body: (Int) -> Void) {
        var order: [Int32] = [0]
        order.reserveCapacity(liveCount)
        var position = 0
        while position < order.count {
            let index = Int(order[position])
            position += 1
            body(index)
            let child = self[index].child
            if child != 0 { order += [child, child + 1] }
        }
    }
}

extension FlatTree {
    /// Makes `nodeCount` nodes in the order of ``TreeNodes/forEachByLevel(_:)`` from one empty leaf. `read` reads the node at
    /// a place and says whether it is a split; with another count than that the state is corrupt.
    func readLevels(nodeCount: Int, _ read: (Int) throws(StateError) -> Bool) throws(StateError) {
        var order: [Int32] = [0]
        var position = 0
        while position < order.count {
            let index = Int(order[position])
            position += 1
            guard try read(index) else { continue }
            guard order.count + 2 <= nodeCount else { throw .corrupt }
            let pair = unsafe Int32(store.pointee.addChildren())
            unsafe store.pointee.nodes.nodes[index].child = pair
            order += [pair, pair + 1]
        }
        guard order.count == nodeCount else { throw .corrupt }
    }

    /// Whether a state that needs `byteCount` bytes more can be of a tree with this limit.
    func isWithinLimit(_ byteCount: Int) -> Bool {
        unsafe store.pointee.usedByteCount + byteCount <= settings.byteCountMax
    }

    /// Reads the counts of categories of a record.
    func decodeCategories(
        _ index: Int, classCapacity: Int, classCount: Int, isSigned: Bool, from decoder: inout StateDecoder
    ) throws(StateError) {
        let table = unsafe store.pointee.makeCategories(index, classCapacity: classCapacity, fieldCount: fieldCount)
        let before = unsafe table.pointee.memoryByteCount
        unsafe try table.pointee.decode(from: &decoder, classCount: classCount, isSigned: isSigned)
        unsafe store.pointee.categoryBytes += table.pointee.memoryByteCount - before
        guard isWithinLimit(0) else { throw .corrupt }
    }
}
