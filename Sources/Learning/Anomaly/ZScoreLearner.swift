/// Scores an event by the feature that is farthest from its running mean, in running standard deviations.
///
/// The rule that joins the features: with m = max |zᵢ| over the d features judged, a normal event has so large a z in any of
/// them with a probability of at most 2d·(1 − Φ(m)) (Bonferroni's inequality), and ``AnomalyScore`` makes the score of that.
/// Judged is a feature that is present and has varied so far. The label is ignored.
@safe final class ZScoreLearner: Learner {
    let task: LearningTask
    private let denseCount: Int
    private let score: AnomalyScore
    private let fingerprint: UInt64
    private let slots: UnsafeMutablePointer<Slot>
    private(set) var learnedCount: UInt64 = 0

    private struct Slot {
        var count = 0.0
        var mean = 0.0
        var variance = 0.0
    }

    init(task: LearningTask, tail: Double, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        self.fingerprint = fingerprint
        denseCount = shape.denseCount
        score = AnomalyScore(tail: tail)
        unsafe slots = .allocate(capacity: max(denseCount, 1))
        unsafe slots.initialize(repeating: Slot(), count: max(denseCount, 1))
    }

    deinit { unsafe slots.deallocate() }

    var learnsUnlabelled: Bool { true }
    var memoryByteCount: Int { denseCount * MemoryLayout<Slot>.stride }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        precondition(features.denseCount == denseCount)
        var largest = 0.0
        var judged = 0
        for index in 0..<denseCount {
            let slot = unsafe slots[index]
            let distance = abs(features[index] - slot.mean)
            guard slot.variance > 0, !distance.isNaN else { continue }
            judged += 1
            largest = max(largest, distance * distance / slot.variance)
        }
        guard judged > 0 else {
            prediction.value = 0
            return
        }
        let surprise = AnomalyScore.normalSurprise(largest.squareRoot()) - logarithm(2 * Double(judged))
        prediction.value = score.score(surprise: surprise)
    }

    /// Welford's recurrence, an event of weight w counting w times.
    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        precondition(features.denseCount == denseCount)
        guard weight > 0 else { return }
        learnedCount &+= 1
        for index in 0..<denseCount {
            let value = features[index]
            guard !value.isNaN else { continue }
            var slot = unsafe slots[index]
            slot.count += weight
            let share = weight / slot.count
            let before = value - slot.mean
            slot.mean += before * share
            slot.variance += (before * (value - slot.mean) - slot.variance) * share
            unsafe slots[index] = slot
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(learnedCount)
            for index in 0..<denseCount {
                let slot = unsafe slots[index]
                encoder.append(slot.count)
                encoder.append(slot.mean)
                encoder.append(slot.variance)
            }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let count = try decoder.uint64()
            var slots: [Slot] = []
            for _ in 0..<denseCount {
                slots.append(
                    Slot(count: try decoder.double(), mean: try decoder.double(), variance: try decoder.double()))
            }
            return (count, slots)
        }
        learnedCount = decoded.0
        for (index, slot) in decoded.1.enumerated() { unsafe slots[index] = slot }
    }

    private static let tag = StateTag("ZSCO")
}
