/// The nodes of a tree in one flat array: 16 bytes a node, the two children of a split side by side, the root first.
///
/// Which node lies where depends on history; nothing that is computed does.
@safe struct TreeNodes {
    /// A test with two outcomes, or a leaf.
    struct Node {
        /// A number goes left up to this; a category goes left when it is this.
        var threshold: Double = 0
        /// What is tested: bits 0–28 the dense slot or field, and the flags below.
        var test: UInt32 = 0
        /// The left child, the right one comes after it; 0 in a leaf, for the root is nobody's child.
        var child: Int32 = 0

        static let isCategory: UInt32 = 1 << 31
        /// An event without the tested feature goes right rather than left: to the larger side at the time of the split.
        static let missingGoesRight: UInt32 = 1 << 30
        static let featureMask: UInt32 = (1 << 29) - 1

        var isLeaf: Bool { child == 0 }
        var feature: Int { Int(test & Self.featureMask) }
    }

    private(set) var nodes: UnsafeMutablePointer<Node>
    private(set) var capacity: Int
    /// How many places of the array were ever in use.
    private(set) var count = 1
    /// How many nodes the tree has.
    private(set) var liveCount = 1
    /// The first of a list of free pairs, linked by `child`; 0 for none.
    private var free: Int32 = 0

    init() {
        capacity = 8
        unsafe nodes = .allocate(capacity: capacity)
        unsafe nodes.initialize(repeating: Node(), count: capacity)
    }

    subscript(index: Int) -> Node {
        @inline(__always)
        get { unsafe nodes[index] }
    }

    func deallocate() { unsafe nodes.deallocate() }

    var leafCount: Int { (liveCount + 1) / 2 }

    /// Two neighbouring leaves.
    mutating func addPair() -> Int {
        liveCount += 2
        if free != 0 {
            let pair = Int(free)
            unsafe free = nodes[pair].child
            unsafe nodes[pair] = Node()
            return pair
        }
        if count + 2 > capacity { grow() }
        defer { count += 2 }
        return count
    }

    /// Gives the two leaves at `pair` back.
    mutating func removePair(_ pair: Int) {
        liveCount -= 2
        unsafe nodes[pair] = Node(child: free)
        unsafe nodes[pair + 1] = Node()
        free = Int32(pair)
    }

    private mutating func grow() {
        let larger = capacity + max(8, capacity / 2)
        let grown = UnsafeMutablePointer<Node>.allocate(capacity: larger)
        unsafe grown.initialize(repeating: Node(), count: larger)
        unsafe grown.update(from: nodes, count: count)
        unsafe nodes.deallocate()
        unsafe nodes = unsafe grown
        capacity = larger
    }

    /// The leaf that the event comes to from `start`. Every index was checked when the node was made or decoded.
    @inline(__always)
    func leaf(of event: borrowing TreeEvent, from start: Int = 0) -> Int {
        let (nodes, values) = unsafe (nodes, event.values)
        var index = start
        while true {
            let node = unsafe nodes[index]
            guard node.child != 0 else { return index }
            if node.test & Node.isCategory == 0 {
                let value = unsafe values[Int(node.test & Node.featureMask)]
                // NaN is neither above nor at most the threshold.
                let isAbove = value > node.threshold
                let isUndecided = !(value <= node.threshold) && node.test & Node.missingGoesRight != 0
                index = Int(node.child) &+ (isAbove || isUndecided ? 1 : 0)
            } else {
                index = Int(node.child) &+ (goesRight(node, event) ? 1 : 0)
            }
        }
    }

    /// Whether a split node sends the event right.
    @inline(__always)
    func goesRight(_ node: Node, _ event: borrowing TreeEvent) -> Bool {
        let isMissingRight = node.test & Node.missingGoesRight != 0
        if node.test & Node.isCategory != 0 {
            let category = unsafe event.categories[node.feature]
            return category < 0 ? isMissingRight : Double(category) != node.threshold
        }
        let value = unsafe event.values[node.feature]
        return value > node.threshold || (!(value <= node.threshold) && isMissingRight)
    }
}

extension TreeNodes.Node {
    /// Whether a decoded split node tests something that vectors of that shape have.
    func isValid(denseCount: Int, fieldCount: Int) -> Bool {
        guard test & (1 << 29) == 0, threshold.isFinite else { return false }
        guard test & Self.isCategory != 0 else { return feature < denseCount }
        return feature < fieldCount && threshold >= 0 && threshold < Double(TreeEvent.categoryMax)
            && threshold == threshold.rounded()
    }
}
