/// A binary learner whose probability is calibrated by what came of its earlier ones.
///
/// Each labelled event first teaches the calibrator the score that the learner gave before learning it, then the learner.
/// Scores of a learner that has learned nothing teach nothing. Explanations stay those of the learner: they add up to its
/// own score.
final class CalibratedLearner: WrappingLearner {
    private let inner: any Learner
    private let calibrator: any Calibrator
    private var scratch = Prediction()

    /// `inner` is of a binary task.
    init(_ inner: any Learner, calibrator: any Calibrator) {
        self.inner = inner
        self.calibrator = calibrator
    }

    var wrapped: any Learner { inner }
    var task: LearningTask { inner.task }
    var learnedCount: UInt64 { inner.learnedCount }
    var learnsUnlabelled: Bool { inner.learnsUnlabelled }
    var memoryByteCount: Int { inner.memoryByteCount + calibrator.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        inner.predict(features, into: &prediction)
        prediction.value = calibrator.calibrated(prediction.value)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0 else { return }
        if inner.learnedCount > 0, LearnableRange.accepts(label, task: task) {
            inner.predict(features, into: &scratch)
            calibrator.learn(score: scratch.value, label: label, weight: weight)
        }
        inner.learn(features, label: label, weight: weight)
    }

    /// Leaves the explanation without contributions where the inner learner cannot explain.
    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        guard let inner = inner as? any ExplainingLearner else { return explanation.begin(base: 0) }
        inner.explain(features, into: &explanation)
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            inner.encode(into: &encoder)
            calibrator.encode(into: &encoder)
        }
    }

    /// The calibrator decodes after the inner learner; should it fail then, the inner one is put back as it was.
    func decode(from decoder: inout StateDecoder) throws(StateError) {
        var before = StateEncoder()
        inner.encode(into: &before)
        do throws(StateError) {
            try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
                try inner.decode(from: &decoder)
                try calibrator.decode(from: &decoder)
            }
        } catch {
            var backup = StateDecoder(before.bytes)
            try inner.decode(from: &backup)
            throw error
        }
    }

    private static let tag = StateTag("CALI")
}
