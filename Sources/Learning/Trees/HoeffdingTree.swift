/// A single Hoeffding tree for classes.
final class HoeffdingTree: ExplainingLearner, NodeCounting {
    let task: LearningTask
    private let fingerprint: UInt64
    private let tree: ClassificationTree
    private let watch: SubtreeWatch<ClassificationTree>?
    private let event: EventHolder
    private let counter: EventCounter

    init(_ settings: TreeSettings, task: LearningTask, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        self.fingerprint = fingerprint
        tree = ClassificationTree(settings, shape: shape)
        watch = settings.adaptation.map { SubtreeWatch($0, tree: settings, shape: shape) }
        event = EventHolder(shape)
        counter = EventCounter()
    }

    var learnedCount: UInt64 { counter.value }
    var memoryByteCount: Int {
        tree.memoryByteCount + event.event.memoryByteCount + (watch?.memoryByteCount ?? 0)
    }
    /// How many leaves the tree has.
    var leafCount: Int { tree.leafCount }
    var nodeCount: Int { tree.nodeCount + (watch?.nodeCount ?? 0) }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        _ = event.event.load(features)
        tree.visit(event.event, wantsVotes: true)
        tree.writeVotes(into: &prediction, task: task)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight >= TreeEvent.weightMin, LearnableRange.accepts(label, task: task),
            let label = LearnableRange.classIndex(label, task: task)
        else { return }
        let isSame = event.event.load(features)
        counter.value &+= 1
        let bounded = min(weight, TreeEvent.weightMax)
        if let watch {
            watch.learn(event.event, target: label, weight: bounded, in: tree, isSame: isSame)
        } else if let period = tree.settings.revisionPeriod {
            tree.learnAndRevise(event.event, label: label, weight: bounded, isSame: isSame, period: period)
        } else {
            tree.learn(event.event, label: label, weight: bounded, isSame: isSame)
        }
    }

    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        _ = event.event.load(features)
        tree.visit(event.event, wantsVotes: true)
        event.path.begin()
        if unsafe tree.core.pointee.visit.label >= 0 {
            // Of the class that predicting names: among equals the leaf's first class may be another.
            tree.writeVotes(into: &event.prediction, task: task)
            let label = task == .binary ? 1 : Int(event.prediction.value)
            tree.explain(event.event, label: label, share: 1, into: event.path)
        } else {
            event.path.base = task == .binary ? 0.5 : 0
        }
        event.path.finish(event.event, into: &explanation)
    }

    func encode(into encoder: inout StateEncoder) { state.encode(Self.tag, into: &encoder) }

    func decode(from decoder: inout StateDecoder) throws(StateError) { try state.decode(Self.tag, from: &decoder) }

    private var state: SingleTreeState<ClassificationTree> {
        SingleTreeState(fingerprint: fingerprint, counter: counter, tree: tree, watch: watch)
    }

    private static let tag = StateTag("HTCL")
}

/// An event in a place that is shared by predicting and learning.
final class EventHolder {
    let event: TreeEvent
    let path: PathContributions
    /// An answer that is being explained.
    var prediction = Prediction()

    init(_ shape: LearnerShape) {
        event = TreeEvent(shape)
        path = PathContributions(shape)
    }
}

/// A number behind a constant pointer: no exclusivity check per access.
@safe final class EventCounter {
    private let place: UnsafeMutablePointer<UInt64>

    init() {
        unsafe place = .allocate(capacity: 1)
        unsafe place.initialize(to: 0)
    }

    deinit { unsafe place.deallocate() }

    var value: UInt64 {
        get { unsafe place.pointee }
        set { unsafe place.pointee = newValue }
    }
}
