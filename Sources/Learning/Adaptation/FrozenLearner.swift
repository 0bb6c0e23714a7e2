/// Never learns (`update: frozen`): for a model whose state comes from elsewhere. Its state is that of the model without
/// `frozen`, and either can be restored from the other's.
final class FrozenLearner: WrappingLearner {
    let wrapped: any Learner

    init(_ wrapped: any Learner) { self.wrapped = wrapped }

    var learnedCount: UInt64 { wrapped.learnedCount }
    var memoryByteCount: Int { wrapped.memoryByteCount }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {}

    func encode(into encoder: inout StateEncoder) { wrapped.encode(into: &encoder) }

    func decode(from decoder: inout StateDecoder) throws(StateError) { try wrapped.decode(from: &decoder) }
}
