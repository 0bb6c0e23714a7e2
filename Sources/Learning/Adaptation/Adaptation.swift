internal import Hashing

/// When a model learns, and what happens when its errors drift: `update:` and `on_drift:` of a model.
struct Adaptation: Sendable, Equatable {
    enum Update: Sendable, Equatable {
        case everyEvent
        case batches(BatchingLearner.Trigger)
        case when(SelectiveLearner.Condition)
        case frozen
    }

    var update = Update.everyEvent
    var onDrift: DriftReaction?

    /// All of it in one line.
    var identity: String {
        let update =
            switch update {
            case .everyEvent: "every event"
            case .batches(let trigger): trigger.identity
            case .when(let condition): condition.identity
            case .frozen: "frozen"
            }
        return update + (onDrift.map { " \($0.identity)" } ?? "")
    }

    /// `maker`, its learners wrapped as the file asks: drifts are watched in what the model predicted when an event came,
    /// so the watcher stands outside.
    func wrap(_ maker: @escaping LearnerMaker) -> LearnerMaker {
        let updating = wrapUpdates(maker)
        guard let onDrift else { return updating }
        return { shape, fingerprint in
            DriftAwareLearner(reaction: onDrift, fingerprint: Self.fingerprint(fingerprint, onDrift.identity)) {
                updating(shape, fingerprint)
            }
        }
    }

    private func wrapUpdates(_ maker: @escaping LearnerMaker) -> LearnerMaker {
        switch update {
        case .everyEvent: return maker
        case .frozen: return { shape, fingerprint in FrozenLearner(maker(shape, fingerprint)) }
        case .batches(let trigger):
            return { shape, fingerprint in
                BatchingLearner(
                    trigger: trigger, shape: shape,
                    fingerprint: Self.fingerprint(fingerprint, "batches \(trigger.identity)")
                ) { maker(shape, fingerprint) }
            }
        case .when(let condition):
            return { shape, fingerprint in
                SelectiveLearner(
                    condition: condition, fingerprint: Self.fingerprint(fingerprint, "when \(condition.identity)")
                ) { maker(shape, fingerprint) }
            }
        }
    }

    /// Identifies a wrapper with its settings around a learner of that fingerprint.
    private static func fingerprint(_ inner: UInt64, _ settings: String) -> UInt64 {
        XXH3.hash64(settings, seed: inner)
    }
}
