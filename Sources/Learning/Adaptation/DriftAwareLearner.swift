/// Watches the errors of a learner's predictions for drifts, and reacts (`on_drift:`).
///
/// Each labelled event is predicted first; the error (0 or 1 for classes, the distance for a number) goes to the detector.
/// At a drift, before the event is learned:
///
/// - alert: nothing else.
/// - reset: a new learner takes the place of the old one.
/// - boost: every learning rate is multiplied by `factor` for the next `events` events; another drift begins them anew.
/// - replace: at a drift, or already when a warning begins, a new learner begins to learn beside the old one. Once it has
///   seen 100 events, it takes the old one's place as soon as its recent error (``RecentMean``, of both since it began) is
///   lower, and the detector starts anew. After `events` events it is given up.
final class DriftAwareLearner: WrappingLearner, DriftCounting {
    private(set) var wrapped: any Learner
    private let make: () -> any Learner
    private let reaction: DriftReaction
    private let fingerprint: UInt64
    private var detector: any DriftDetector
    private var successor: Successor?
    private var counts = Counts()
    private var prediction = Prediction()

    private struct Counts {
        var drifts: UInt64 = 0
        /// Events until the learning rates are the usual ones again.
        var boostLeft: UInt64 = 0
        /// Events learned by learners that are gone, less those that the present one learned beside them.
        var learnedBefore: UInt64 = 0
    }

    /// A learner that may take the place of the present one.
    private struct Successor {
        var learner: any Learner
        var error = RecentMean()
        /// That of the present learner over the same events.
        var presentError = RecentMean()
        var age: UInt64 = 0
    }

    /// `make` makes the learner that is watched, and those that follow it.
    init(reaction: DriftReaction, fingerprint: UInt64, make: @escaping () -> any Learner) {
        self.reaction = reaction
        self.fingerprint = fingerprint
        self.make = make
        wrapped = make()
        detector = reaction.detector.makeDetector()
    }

    var driftCount: UInt64 { counts.drifts }
    var learnedCount: UInt64 { counts.learnedBefore &+ wrapped.learnedCount }
    var memoryByteCount: Int {
        wrapped.memoryByteCount + detector.memoryByteCount + (successor?.learner.memoryByteCount ?? 0)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard accepts(label, weight: weight) else { return }
        if label.isFinite { watch(features, label) }
        wrapped.learn(features, label: label, weight: weight)
        successor?.learner.learn(features, label: label, weight: weight)
        guard counts.boostLeft > 0 else { return }
        counts.boostLeft -= 1
        if counts.boostLeft == 0 { rateAdjustable(wrapped)?.rateFactor = 1 }
    }

    private func watch(_ features: borrowing FeatureVector, _ label: Double) {
        wrapped.predict(features, into: &prediction)
        let error = predictionError(prediction, label, task: task)
        if compare(features, label, presentError: error) { return }
        switch detector.update(error) {
        case .stable, .warning: break
        case .warningBegins: if reaction.action == .replace { beginSuccessor() }
        case .drift:
            counts.drifts &+= 1
            react()
        }
    }

    private func react() {
        switch reaction.action {
        case .alert: break
        case .reset: put(make(), learnedBeside: 0)
        case .boost:
            rateAdjustable(wrapped)?.rateFactor = reaction.factor
            counts.boostLeft = UInt64(reaction.events)
        case .replace: beginSuccessor()
        }
    }

    private func beginSuccessor() {
        if successor == nil { successor = Successor(learner: make()) }
    }

    /// Measures the successor beside the present learner; it takes over, goes on or is given up. Whether it took over: then the
    /// detector begins with its errors, and this one was still its predecessor's.
    private func compare(_ features: borrowing FeatureVector, _ label: Double, presentError: Double) -> Bool {
        guard var rival = successor else { return false }
        rival.learner.predict(features, into: &prediction)
        rival.error.add(predictionError(prediction, label, task: task))
        rival.presentError.add(presentError)
        rival.age += 1
        if rival.error.isFull, rival.error.mean < rival.presentError.mean {
            put(rival.learner, learnedBeside: rival.learner.learnedCount)
            detector.reset()
            successor = nil
            return true
        }
        successor = rival.age < UInt64(reaction.events) ? rival : nil
        return false
    }

    private func put(_ learner: any Learner, learnedBeside: UInt64) {
        counts.learnedBefore = learnedCount &- learnedBeside
        wrapped = learner
    }
}

// MARK: - State

extension DriftAwareLearner {
    private static let tag = StateTag("DRFT")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(counts.drifts)
            encoder.append(counts.boostLeft)
            encoder.append(counts.learnedBefore)
            detector.encode(into: &encoder)
            wrapped.encode(into: &encoder)
            encoder.append(successor != nil)
            guard let successor else { return }
            successor.error.encode(into: &encoder)
            successor.presentError.encode(into: &encoder)
            encoder.append(successor.age)
            successor.learner.encode(into: &encoder)
        }
    }

    private struct Decoded {
        var counts = Counts()
        var detector: any DriftDetector
        var learner: any Learner
        var successor: Successor?
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let state = try decoder.section(Self.tag, newest: 1) { (decoder, _) throws(StateError) -> Decoded in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            var state = Decoded(detector: reaction.detector.makeDetector(), learner: make())
            state.counts.drifts = try decoder.uint64()
            state.counts.boostLeft = try decoder.uint64()
            state.counts.learnedBefore = try decoder.uint64()
            try state.detector.decode(from: &decoder)
            try state.learner.decode(from: &decoder)
            guard try decoder.flag() else { return state }
            var successor = Successor(learner: make())
            successor.error = try RecentMean(from: &decoder)
            successor.presentError = try RecentMean(from: &decoder)
            successor.age = try decoder.uint64()
            guard successor.age < UInt64(reaction.events) else { throw .corrupt }
            try successor.learner.decode(from: &decoder)
            state.successor = successor
            return state
        }
        (counts, detector, wrapped, successor) = (state.counts, state.detector, state.learner, state.successor)
    }
}
