/// Learns only while it has to (`update: {when: {metric: accuracy, below: 0.8}}`).
///
/// Each labelled event is predicted first, and the metric goes into a ``RecentMean``. The event is learned if the metric is
/// worse than the threshold then, or of fewer than 100 events; otherwise it is passed over.
final class SelectiveLearner: WrappingLearner {
    struct Condition: Sendable, Equatable {
        enum Metric: String, Sendable, CaseIterable {
            case accuracy
            case logLoss = "log_loss"
            case mae

            /// Whether larger is better.
            var isBenefit: Bool { self == .accuracy }
        }

        var metric: Metric
        /// The event is learned while the metric is worse than this: below it for accuracy, above it for the others.
        var threshold: Double

        /// The same text for the same condition, in every version.
        var identity: String { "\(metric.rawValue) \(threshold)" }
    }

    private(set) var wrapped: any Learner
    private let make: () -> any Learner
    private let condition: Condition
    private let fingerprint: UInt64
    private var recent = RecentMean()
    private var prediction = Prediction()

    /// `make` makes the learner that learns while the condition holds.
    init(condition: Condition, fingerprint: UInt64, make: @escaping () -> any Learner) {
        self.condition = condition
        self.fingerprint = fingerprint
        self.make = make
        wrapped = make()
    }

    var learnedCount: UInt64 { wrapped.learnedCount }
    var memoryByteCount: Int { wrapped.memoryByteCount + MemoryLayout<RecentMean>.size }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard accepts(label, weight: weight) else { return }
        if label.isFinite {
            wrapped.predict(features, into: &prediction)
            recent.add(measure(label))
        }
        if isLearning { wrapped.learn(features, label: label, weight: weight) }
    }

    private var isLearning: Bool {
        guard recent.isFull else { return true }
        return condition.metric.isBenefit ? recent.mean < condition.threshold : recent.mean > condition.threshold
    }

    private func measure(_ label: Double) -> Double {
        switch condition.metric {
        case .accuracy: 1 - predictionError(prediction, label, task: task)
        case .logLoss: -logarithm(min(max(probability(of: label), 1e-15), 1))
        case .mae: predictionError(prediction, label, task: task)
        }
    }

    private func probability(of label: Double) -> Double {
        if task == .binary { return label > 0.5 ? prediction.value : 1 - prediction.value }
        guard let index = Int(exactly: label), index >= 0, index < prediction.classCount else { return 0 }
        return prediction[index]
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            recent.encode(into: &encoder)
            wrapped.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let state = try decoder.section(Self.tag, newest: 1) {
            (decoder, _) throws(StateError) -> (recent: RecentMean, learner: any Learner) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let recent = try RecentMean(from: &decoder)
            let learner = make()
            try learner.decode(from: &decoder)
            return (recent, learner)
        }
        (recent, wrapped) = (state.recent, state.learner)
    }

    private static let tag = StateTag("SELE")
}

/// How wrong a prediction was: 0 or 1 for classes, the distance for a number, never beyond the learnable range.
func predictionError(_ prediction: borrowing Prediction, _ label: Double, task: LearningTask) -> Double {
    switch task {
    case .binary, .anomaly: (prediction.value > 0.5) == (label > 0.5) ? 0 : 1
    // A learner that knows no class yet says none: what stands in `value` then is an earlier event's.
    case .multiclass: prediction.classCount > 0 && prediction.value == label ? 0 : 1
    case .regression: min(abs(prediction.value - label), LearnableRange.magnitudeMax)
    }
}
