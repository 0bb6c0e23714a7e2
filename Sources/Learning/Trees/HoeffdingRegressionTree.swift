/// A single Hoeffding tree for numbers.
final class HoeffdingRegressionTree: ExplainingLearner, NodeCounting {
    private let fingerprint: UInt64
    private let tree: RegressionTree
    private let watch: SubtreeWatch<RegressionTree>?
    private let event: EventHolder
    private let counter: EventCounter

    init(_ settings: TreeSettings, shape: LearnerShape, fingerprint: UInt64) {
        self.fingerprint = fingerprint
        tree = RegressionTree(settings, shape: shape)
        watch = settings.adaptation.map { SubtreeWatch($0, tree: settings, shape: shape) }
        event = EventHolder(shape)
        counter = EventCounter()
    }

    var task: LearningTask { .regression }
    var learnedCount: UInt64 { counter.value }
    var memoryByteCount: Int {
        tree.memoryByteCount + event.event.memoryByteCount + (watch?.memoryByteCount ?? 0)
    }

    var nodeCount: Int { tree.nodeCount + (watch?.nodeCount ?? 0) }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        _ = event.event.load(features)
        tree.visit(event.event)
        prediction.value = tree.answer
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight >= TreeEvent.weightMin, LearnableRange.accepts(label, task: .regression) else { return }
        let isSame = event.event.load(features)
        counter.value &+= 1
        let bounded = min(weight, TreeEvent.weightMax)
        if let watch {
            watch.learn(event.event, target: label, weight: bounded, in: tree, isSame: isSame)
        } else {
            tree.learn(event.event, target: label, weight: bounded, isSame: isSame)
        }
    }

    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        _ = event.event.load(features)
        tree.visit(event.event)
        event.path.begin()
        tree.explain(event.event, share: 1, into: event.path)
        event.path.finish(event.event, into: &explanation)
    }

    func encode(into encoder: inout StateEncoder) { state.encode(Self.tag, into: &encoder) }

    func decode(from decoder: inout StateDecoder) throws(StateError) { try state.decode(Self.tag, from: &decoder) }

    private var state: SingleTreeState<RegressionTree> {
        SingleTreeState(fingerprint: fingerprint, counter: counter, tree: tree, watch: watch)
    }

    private static let tag = StateTag("HTRE")
}
