/// A model that ignores the features: the least that a learned one has to beat.
///
/// - `lastLabel`: the label learned last. Binary: 1 or 0, and 0.5 before the first; regression: that value, 0 before.
/// - `majority`: binary only, the share of positive labels so far (0.5 before the first), so that the predicted class is the
///   one seen more often and the probability is an honest prior.
/// - `runningMean`: regression only, the mean of the labels so far, 0 before the first.
final class BaselineLearner: Learner {
    enum Rule: Sendable, Equatable {
        case lastLabel
        case majority
        case runningMean
    }

    let task: LearningTask
    private let rule: Rule
    private let fingerprint: UInt64
    private var state: State

    private struct State {
        var learnedCount: UInt64 = 0
        var value: Double
        var weightTotal: Double = 0
        var weightOfPositives: Double = 0
    }

    init(rule: Rule, task: LearningTask, fingerprint: UInt64) {
        self.fingerprint = fingerprint
        self.rule = rule
        self.task = task
        state = State(value: task == .binary ? 0.5 : 0)
    }

    var learnedCount: UInt64 { state.learnedCount }
    var memoryByteCount: Int { MemoryLayout<State>.size }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        prediction.value = state.value
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, abs(label) <= LearnableRange.magnitudeMax else { return }
        state.learnedCount += 1
        state.weightTotal += weight
        switch rule {
        case .lastLabel:
            state.value = label
        case .majority:
            if label > 0.5 { state.weightOfPositives += weight }
            state.value = state.weightOfPositives / state.weightTotal
        case .runningMean:
            state.value += (label - state.value) * (weight / state.weightTotal)
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(state.learnedCount)
            encoder.append(state.value)
            encoder.append(state.weightTotal)
            encoder.append(state.weightOfPositives)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        state = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let learnedCount = try decoder.uint64()
            return State(
                learnedCount: learnedCount, value: try decoder.double(), weightTotal: try decoder.double(),
                weightOfPositives: try decoder.double())
        }
    }

    private static let tag = StateTag("BASE")
}
