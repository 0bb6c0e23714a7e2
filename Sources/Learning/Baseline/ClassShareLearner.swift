/// The share of each class so far, or of late: an honest prior that ignores the features. Binary: P(1), 0.5 before the first.
final class ClassShareLearner: Learner {
    let task: LearningTask
    private let keep: Double
    private let fingerprint: UInt64
    private var learned: UInt64 = 0
    private var counts: ClassCounts

    /// `fading` is how much of the counts each event takes away, 0..<1; 0 for none.
    init(task: LearningTask, fading: Double, fingerprint: UInt64) {
        self.task = task
        self.fingerprint = fingerprint
        keep = 1 - fading
        counts = ClassCounts(keep: 1 - fading)
    }

    var learnedCount: UInt64 { learned }
    var memoryByteCount: Int { counts.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        guard task == .multiclass else {
            prediction.value = learned > 0 ? counts.share(1) : 0.5
            return
        }
        prediction.reserveClasses(counts.classCount)
        for index in 0..<counts.classCount { prediction[index] = counts.share(index) }
        prediction.decideClass()
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, weight <= LearnableRange.magnitudeMax, LearnableRange.accepts(label, task: task),
            let index = LearnableRange.classIndex(label, task: task)
        else { return }
        learned &+= 1
        counts.add(index, weight: weight)
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(learned)
            counts.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let learned = try decoder.uint64()
            let decoded = try ClassCounts(from: &decoder, keep: keep)
            guard decoder.isAtEnd else { throw .corrupt }
            self.learned = learned
            counts = decoded
        }
    }

    private static let tag = StateTag("MAJO")
}
