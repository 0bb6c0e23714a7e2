/// Replaces the subtrees of a tree that became worse than one that begins anew (Bifet and Gavaldà 2009, "Adaptive learning
/// from evolving data streams"): every split node has an ADWIN of the errors of its events. Where they become more, an
/// alternate tree learns the same events; when it is better beyond chance it takes the subtree's place, when it is worse it
/// is dropped. Alternates are not watched themselves. Events weigh max(1, Poisson(1)), as in the authors' implementation.
///
/// Allocates when a node is split, an alternate begins and a subtree is replaced.
@safe final class SubtreeWatch<Tree: WatchedTree> {
    typealias Monitor = SubtreeMonitor<Tree>

    private let settings: AdaptationSettings
    private let alternateSettings: TreeSettings
    private let shape: LearnerShape
    private let sampler = PoissonSampler(mean: 1)
    private let core: UnsafeMutablePointer<Core>

    @safe private struct Core {
        var generator: RandomGenerator
        /// By the place of the node in the tree's array.
        var monitors: UnsafeMutablePointer<Monitor?>
        var capacity: Int
        var monitorCount = 0
        var alternateCount = 0
    }

    init(_ settings: AdaptationSettings, tree: TreeSettings, shape: LearnerShape) {
        self.settings = settings
        self.shape = shape
        var alternate = tree
        alternate.byteCountMax = settings.alternateByteCountMax
        alternateSettings = alternate
        unsafe core = .allocate(capacity: 1)
        let monitors = UnsafeMutablePointer<Monitor?>.allocate(capacity: 8)
        unsafe monitors.initialize(repeating: nil, count: 8)
        unsafe core.initialize(
            to: Core(generator: RandomGenerator(seed: settings.seed), monitors: monitors, capacity: 8))
    }

    deinit {
        unsafe core.pointee.monitors.deinitialize(count: core.pointee.capacity)
        unsafe core.pointee.monitors.deallocate()
        unsafe core.deallocate()
    }

    var memoryByteCount: Int {
        var sum = unsafe core.pointee.capacity * MemoryLayout<Monitor?>.stride
        for index in unsafe 0..<core.pointee.capacity {
            sum += unsafe core.pointee.monitors[index]?.memoryByteCount ?? 0
        }
        return sum
    }

    /// How many nodes the alternates have.
    var nodeCount: Int {
        unsafe (0..<core.pointee.capacity).reduce(0) {
            unsafe $0 + (core.pointee.monitors[$1]?.core.pointee.alternate?.nodeCount ?? 0)
        }
    }

    /// Makes `tree` learn one event. `isSame` when it looked at this very event and nothing was learned since.
    @inline(__always)
    func learn(_ event: borrowing TreeEvent, target: Tree.Target, weight: Double, in tree: Tree, isSame: Bool) {
        if !isSame || tree.isUnvisited { tree.look(at: event) }
        let error = tree.error(of: target)
        var index = 0
        while true {
            let node = tree.nodes[index]
            if node.isLeaf { break }
            if watch(event, target, weight, error, in: tree, at: index) {
                // The leaf that was looked at is gone.
                tree.look(at: event)
                break
            }
            index = Int(node.child) + (tree.nodes.goesRight(node, event) ? 1 : 0)
        }
        tree.take(event, target: target, weight: weight * bootstrap())
    }

    @inline(__always)
    private func bootstrap() -> Double { unsafe Double(max(1, sampler.sample(&core.pointee.generator))) }

    /// Takes in the tree's error below a split node; true when the subtree was replaced.
    @inline(__always)
    private func watch(
        _ event: borrowing TreeEvent, _ target: Tree.Target, _ weight: Double, _ error: Double, in tree: Tree,
        at index: Int
    ) -> Bool {
        guard let monitor = monitor(at: index, of: tree) else { return false }
        if monitor.notices(error) { begin(monitor) }
        guard let alternate = unsafe monitor.core.pointee.alternate else { return false }
        alternate.look(at: event)
        let verdict = monitor.judge(error, alternate.error(of: target), window: settings.window)
        if verdict != .wait { return resolve(verdict, alternate, in: tree, at: index) }
        alternate.take(event, target: target, weight: weight * bootstrap())
        return false
    }

    @inline(__always)
    private func monitor(at index: Int, of tree: Tree) -> Monitor? {
        if unsafe index < core.pointee.capacity, let monitor = unsafe core.pointee.monitors[index] { return monitor }
        return makeMonitor(at: index, of: tree)
    }

    @inline(never)
    private func makeMonitor(at index: Int, of tree: Tree) -> Monitor? {
        guard unsafe core.pointee.monitorCount < settings.monitorCountMax else { return nil }
        let monitor = Monitor(settings.detector)
        place(monitor, at: index, capacity: tree.nodes.capacity)
        return monitor
    }

    /// Puts a monitor where there is none.
    private func place(_ monitor: Monitor, at index: Int, capacity: Int) {
        let old = unsafe core.pointee.capacity
        if capacity > old {
            let grown = UnsafeMutablePointer<Monitor?>.allocate(capacity: capacity)
            unsafe grown.moveInitialize(from: core.pointee.monitors, count: old)
            unsafe (grown + old).initialize(repeating: nil, count: capacity - old)
            unsafe core.pointee.monitors.deallocate()
            unsafe core.pointee.monitors = unsafe grown
            unsafe core.pointee.capacity = capacity
        }
        unsafe core.pointee.monitors[index] = monitor
        unsafe core.pointee.monitorCount += 1
        if unsafe monitor.core.pointee.alternate != nil { unsafe core.pointee.alternateCount += 1 }
    }

    /// An alternate begins, in the place of one that there is.
    @inline(never)
    private func begin(_ monitor: Monitor) {
        if unsafe monitor.core.pointee.alternate == nil {
            guard unsafe core.pointee.alternateCount < settings.alternateCountMax else { return }
            unsafe core.pointee.alternateCount += 1
        }
        monitor.begin(unsafe Tree(alternateSettings, shape: shape, seed: core.pointee.generator.next()))
    }

    /// Makes an end with an alternate; true when it took the subtree's place. A tree without room takes none except as a
    /// whole.
    @inline(never)
    private func resolve(_ verdict: Monitor.Verdict, _ alternate: Tree, in tree: Tree, at index: Int) -> Bool {
        guard verdict == .replace, index == 0 || tree.takesGrafts else {
            unsafe core.pointee.monitors[index]?.begin(nil)
            unsafe core.pointee.alternateCount -= 1
            return false
        }
        var pending = [index]
        while let index = pending.popLast() {
            removeMonitor(at: index)
            let node = tree.nodes[index]
            if !node.isLeaf { pending += [Int(node.child), Int(node.child) + 1] }
        }
        tree.graft(alternate, at: index)
        return true
    }

    private func removeMonitor(at index: Int) {
        guard unsafe index < core.pointee.capacity, let monitor = unsafe core.pointee.monitors[index] else { return }
        if unsafe monitor.core.pointee.alternate != nil { unsafe core.pointee.alternateCount -= 1 }
        unsafe core.pointee.monitorCount -= 1
        unsafe core.pointee.monitors[index] = nil
    }
}

// MARK: - State

extension SubtreeWatch {
    /// What was read and checked and is not yet anyone's.
    struct Decoded {
        fileprivate var generator: RandomGenerator
        fileprivate var monitors: [(index: Int, monitor: SubtreeMonitor<Tree>)] = []
    }

    /// The split nodes level by level, which is the order of a tree's state.
    private func splitNodes(of tree: Tree) -> [Int] {
        var (order, position) = ([0], 0)
        while position < order.count {
            let node = tree.nodes[order[position]]
            position += 1
            if !node.isLeaf { order += [Int(node.child), Int(node.child) + 1] }
        }
        return order.filter { !tree.nodes[$0].isLeaf }
    }

    /// Appends what is known of `tree` beside its own state.
    func encode(_ tree: Tree, into encoder: inout StateEncoder) {
        unsafe core.pointee.generator.encode(into: &encoder)
        for index in splitNodes(of: tree) {
            let monitor = unsafe index < core.pointee.capacity ? core.pointee.monitors[index] : nil
            encoder.append(monitor != nil)
            monitor?.encode(into: &encoder)
        }
    }

    /// Reads what was written for `tree`, which was itself just read; nothing here changes.
    func decoded(_ tree: Tree, from decoder: inout StateDecoder) throws(StateError) -> Decoded {
        var decoded = Decoded(generator: try RandomGenerator(from: &decoder))
        let example = Tree(alternateSettings, shape: shape, seed: 0)
        var alternateCount = 0
        for index in splitNodes(of: tree) where try decoder.flag() {
            let monitor = try SubtreeMonitor(from: &decoder, settings.detector, example: example)
            if unsafe monitor.core.pointee.alternate != nil { alternateCount += 1 }
            decoded.monitors.append((index, monitor))
        }
        guard decoded.monitors.count <= settings.monitorCountMax, alternateCount <= settings.alternateCountMax else {
            throw .corrupt
        }
        return decoded
    }

    func takeOver(_ decoded: Decoded) {
        for index in unsafe 0..<core.pointee.capacity { removeMonitor(at: index) }
        unsafe core.pointee.generator = decoded.generator
        let capacity = decoded.monitors.map(\.index).max().map { $0 + 1 } ?? 0
        for (index, monitor) in decoded.monitors { place(monitor, at: index, capacity: capacity) }
    }
}
