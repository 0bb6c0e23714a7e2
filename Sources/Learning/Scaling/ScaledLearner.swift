/// A learner behind a scaler of its dense features: predicts from the event as scaled with the statistics of the events
/// before; learns by taking the event into the statistics first and then from the event as scaled with them.
final class ScaledLearner: WrappingLearner {
    let wrapped: any Learner
    /// The same, where it can explain.
    private let explaining: (any ExplainingLearner)?
    private let scaler: FeatureScaler
    private let scratch: Scratch

    /// A vector that a method which may not mutate its object can fill: predicting uses it and leaves nothing in it.
    private final class Scratch {
        var vector: FeatureVector

        init(_ shape: LearnerShape) { vector = shape.makeVector() }
    }

    init(_ inner: any Learner, scaler: FeatureScaler, shape: LearnerShape) {
        wrapped = inner
        explaining = inner as? any ExplainingLearner
        self.scaler = scaler
        scratch = Scratch(shape)
    }

    var learnedCount: UInt64 { wrapped.learnedCount }
    var memoryByteCount: Int { wrapped.memoryByteCount + scaler.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        scaler.transform(features, into: &scratch.vector)
        wrapped.predict(scratch.vector, into: &prediction)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard accepts(label, weight: weight) else { return }
        scaler.learn(features, weight: weight)
        scaler.transform(features, into: &scratch.vector)
        wrapped.learn(scratch.vector, label: label, weight: weight)
    }

    /// Leaves the explanation without contributions where the inner learner cannot explain.
    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        guard let explaining else { return explanation.begin(base: 0) }
        scaler.transform(features, into: &scratch.vector)
        explaining.explain(scratch.vector, into: &explanation)
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            wrapped.encode(into: &encoder)
            scaler.encode(into: &encoder)
        }
    }

    /// The scaler decodes after the inner learner; should it fail then, the inner one is put back as it was.
    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try decoder.section(Self.tag, newest: 1, saving: wrapped.encode, restoring: wrapped.decode) {
            decoder, _ throws(StateError) in
            try wrapped.decode(from: &decoder)
            try scaler.decode(from: &decoder)
        }
    }

    private static let tag = StateTag("SCAL")
}
