/// A binary learner whose probability is calibrated by what came of its earlier ones.
///
/// Each labelled event first teaches the calibrator the score that the learner gave before learning it, then the learner.
/// Scores of a learner that has learned nothing teach nothing. Explanations stay those of the learner: they add up to its
/// own score.
final class CalibratedLearner: WrappingLearner {
    let wrapped: any Learner
    private let calibrator: any Calibrator
    private var scratch = Prediction()

    /// `inner` is of a binary task.
    init(_ inner: any Learner, calibrator: any Calibrator) {
        wrapped = inner
        self.calibrator = calibrator
    }

    var learnedCount: UInt64 { wrapped.learnedCount }
    var memoryByteCount: Int { wrapped.memoryByteCount + calibrator.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        wrapped.predict(features, into: &prediction)
        prediction.value = calibrator.calibrated(prediction.value)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0 else { return }
        if wrapped.learnedCount > 0, LearnableRange.accepts(label, task: task) {
            wrapped.predict(features, into: &scratch)
            calibrator.learn(score: scratch.value, label: label, weight: weight)
        }
        wrapped.learn(features, label: label, weight: weight)
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            wrapped.encode(into: &encoder)
            calibrator.encode(into: &encoder)
        }
    }

    /// The calibrator decodes after the inner learner; should it fail then, the inner one is put back as it was.
    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try decoder.section(Self.tag, newest: 1, saving: wrapped.encode, restoring: wrapped.decode) {
            decoder, _ throws(StateError) in
            try wrapped.decode(from: &decoder)
            try calibrator.decode(from: &decoder)
        }
    }

    private static let tag = StateTag("CALI")
}
