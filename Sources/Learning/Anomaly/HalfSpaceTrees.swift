/// Half-space trees (Tan, Ting and Liu, Fast anomaly detection for streaming data, IJCAI 2011): complete binary trees that
/// halve the unit cube at random, and the mass of the events of the last window in each node; an event that falls where there
/// is little mass is strange.
///
/// Features are expected in 0...1, which `scale: min_max` sees to. What follows the paper's text and River's reading of it:
/// the mass of every node on the path counts, r·2^depth, down to the leaf or the first node of less than a tenth of the
/// window; the score is 1 − Σ / (trees·window·(2^(height+1) − 1)), clipped to 0...1; before the first window is full it is 0.
/// Each cut lies within the middle 70 % of its half-space, in a feature drawn in proportion to its side there.
///
/// At a cut in an absent feature the event goes the way of the larger mass, of equals to the left. A window is full when the
/// weights in it reach its size. The label is ignored.
@safe final class HalfSpaceTrees: Learner {
    let task: LearningTask
    let parameters: Parameters
    let fingerprint: UInt64
    let denseCount: Int
    /// Nodes of one tree, in heap order: the children of i are 2i + 1 and 2i + 2.
    let nodesPerTree: Int
    let nodes: UnsafeMutablePointer<Node>
    private let scoreMax: Double
    var state = State()

    struct Parameters: Sendable {
        var treeCount: Int
        var height: Int
        var window: Int
        var seed: UInt64
    }

    /// 16 bytes: a path of a tree then touches few cache lines.
    struct Node {
        var threshold: Float = 0
        /// The feature cut; unused in a leaf.
        var feature: Int32 = 0
        /// Mass of the last whole window.
        var reference: Float = 0
        /// Mass of the window that is filling.
        var latest: Float = 0
    }

    struct State {
        var learnedCount: UInt64 = 0
        /// Weight in the window that is filling.
        var filled = 0.0
        var hasReference = false
    }

    /// Largest mass of a node, whatever the weights.
    static let massMax: Float = 1e30

    init(task: LearningTask, parameters: Parameters, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        self.parameters = parameters
        self.fingerprint = fingerprint
        denseCount = shape.denseCount
        nodesPerTree = (2 << parameters.height) - 1
        scoreMax = Double(parameters.treeCount) * Double(parameters.window) * Double(nodesPerTree)
        unsafe nodes = .allocate(capacity: nodesPerTree * parameters.treeCount)
        unsafe nodes.initialize(repeating: Node(), count: nodesPerTree * parameters.treeCount)
        drawTrees()
    }

    deinit { unsafe nodes.deallocate() }

    var learnedCount: UInt64 { state.learnedCount }
    var learnsUnlabelled: Bool { true }
    var nodeCount: Int { nodesPerTree * parameters.treeCount }
    var memoryByteCount: Int { nodeCount * MemoryLayout<Node>.stride }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        precondition(features.denseCount == denseCount)
        guard state.hasReference, denseCount > 0 else {
            prediction.value = 0
            return
        }
        let limit = Float(0.1 * Double(parameters.window))
        var sum = 0.0
        for tree in 0..<parameters.treeCount {
            let root = unsafe nodes + tree * nodesPerTree
            var place = 0
            var scale = 1.0
            for depth in 0...parameters.height {
                let node = unsafe root[place]
                sum += Double(node.reference) * scale
                guard node.reference >= limit, depth < parameters.height else { break }
                place = unsafe child(of: place, node, in: root, features)
                scale *= 2
            }
        }
        prediction.value = min(1, max(0, 1 - sum / scoreMax))
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        precondition(features.denseCount == denseCount)
        guard weight > 0 else { return }
        state.learnedCount &+= 1
        guard denseCount > 0 else { return }
        let mass = min(Self.massMax, Float(weight))
        for tree in 0..<parameters.treeCount {
            let root = unsafe nodes + tree * nodesPerTree
            var place = 0
            for _ in 0..<parameters.height {
                let node = unsafe root[place]
                let next = unsafe child(of: place, node, in: root, features)
                unsafe root[place].latest = min(Self.massMax, node.latest + mass)
                place = next
            }
            unsafe root[place].latest = min(Self.massMax, root[place].latest + mass)
        }
        state.filled += weight
        if state.filled >= Double(parameters.window) { turnWindow() }
    }

    /// Where an event goes from the inner node `place`.
    @inline(__always)
    private func child(
        of place: Int, _ node: Node, in root: UnsafeMutablePointer<Node>, _ features: borrowing FeatureVector
    ) -> Int {
        let value = features[Int(node.feature)]
        let left = 2 * place + 1
        if value.isNaN {
            let (one, other) = unsafe (root[left], root[left + 1])
            return one.reference + one.latest < other.reference + other.latest ? left + 1 : left
        }
        return left + (value < Double(node.threshold) ? 0 : 1)
    }

    @inline(never)
    private func turnWindow() {
        for index in 0..<nodeCount {
            unsafe nodes[index].reference = nodes[index].latest
            unsafe nodes[index].latest = 0
        }
        state.filled = 0
        state.hasReference = true
    }
}

// MARK: - Drawing the trees

extension HalfSpaceTrees {
    /// The share of a side at each end in which no cut lies.
    private static let padding = 0.15

    private func drawTrees() {
        guard denseCount > 0 else { return }
        var generator = RandomGenerator(seed: parameters.seed)
        var sides = [(low: Double, high: Double)](repeating: (0, 1), count: denseCount)
        for tree in 0..<parameters.treeCount {
            unsafe drawNode(0, depth: 0, in: nodes + tree * nodesPerTree, &sides, &generator)
        }
    }

    private func drawNode(
        _ place: Int, depth: Int, in root: UnsafeMutablePointer<Node>, _ sides: inout [(low: Double, high: Double)],
        _ generator: inout RandomGenerator
    ) {
        guard depth < parameters.height else { return }
        let feature = Self.drawFeature(sides, &generator)
        let (low, high) = sides[feature]
        let room = Self.padding * (high - low)
        let cut = low + room + (high - low - 2 * room) * generator.nextUnit()
        unsafe root[place].feature = Int32(feature)
        unsafe root[place].threshold = Float(cut)
        sides[feature] = (low, cut)
        unsafe drawNode(2 * place + 1, depth: depth + 1, in: root, &sides, &generator)
        sides[feature] = (cut, high)
        unsafe drawNode(2 * place + 2, depth: depth + 1, in: root, &sides, &generator)
        sides[feature] = (low, high)
    }

    private static func drawFeature(
        _ sides: [(low: Double, high: Double)], _ generator: inout RandomGenerator
    ) -> Int {
        let total = sides.reduce(0) { $0 + ($1.high - $1.low) }
        var rest = generator.nextUnit() * total
        for (feature, side) in sides.enumerated() {
            rest -= side.high - side.low
            if rest < 0 { return feature }
        }
        return sides.count - 1
    }
}
