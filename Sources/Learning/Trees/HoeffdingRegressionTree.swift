/// A single Hoeffding tree for numbers.
final class HoeffdingRegressionTree: Learner, ExplainingLearner {
    private let fingerprint: UInt64
    private let tree: RegressionTree
    private let event: EventHolder
    private let counter: EventCounter

    init(_ settings: TreeSettings, shape: LearnerShape, fingerprint: UInt64) {
        self.fingerprint = fingerprint
        tree = RegressionTree(settings, shape: shape)
        event = EventHolder(shape)
        counter = EventCounter()
    }

    var task: LearningTask { .regression }
    var learnedCount: UInt64 { counter.value }
    var memoryByteCount: Int { tree.memoryByteCount + event.event.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        _ = event.event.load(features)
        tree.visit(event.event)
        prediction.value = tree.answer
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, LearnableRange.accepts(label, task: .regression) else { return }
        let isSame = event.event.load(features)
        counter.value &+= 1
        tree.learn(event.event, target: label, weight: min(weight, TreeEvent.weightMax), isSame: isSame)
    }

    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        _ = event.event.load(features)
        tree.visit(event.event)
        event.path.begin()
        tree.explain(event.event, share: 1, into: event.path)
        event.path.finish(event.event, into: &explanation)
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(counter.value)
            tree.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let (count, decoded) = try decoder.section(Self.tag, newest: 1) {
            decoder, _ throws(StateError) -> (UInt64, RegressionTree) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            return (try decoder.uint64(), try tree.decoded(from: &decoder))
        }
        counter.value = count
        tree.takeOver(decoded)
    }

    private static let tag = StateTag("HTRE")
}
