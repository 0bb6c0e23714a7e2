public import Learning

/// One model at work: its learner and its prequential figures.
public struct ScoredModel {
    /// The name in the pipeline file.
    public let name: String
    /// What predicts and learns.
    public let learner: any Learner
    /// Predict-then-learn figures over every labelled event so far.
    public internal(set) var metrics: PrequentialMetrics
    /// This event's answer: ``Prediction/value``. Meaningful between ``Scorer/predict(_:keyHash:recordTime:)`` and the next
    /// one.
    public internal(set) var answer = 0.0
    /// The whole answer, the classes' probabilities with it, where that is more than a number.
    let full: FullAnswer
    /// The learner once more, if it watches for drifts.
    private let watcher: (any DriftCounting)?
    private let combinesExperts: Bool

    /// `quantile` is what the model predicts of the label, nil for the label itself.
    init(name: String, learner: any Learner, keepsScores: Bool, quantile: Double? = nil) {
        self.name = name
        self.learner = learner
        metrics = PrequentialMetrics(task: learner.task, keepsScores: keepsScores, quantile: quantile)
        full = FullAnswer()
        watcher = learner as? any DriftCounting
        combinesExperts = expertWeights(of: learner) != nil
    }

    /// How many drifts the model's detector has signalled; nil for a model without `on_drift`.
    public var driftCount: UInt64? { watcher?.driftCount }

    /// How much each of its experts counts now; nil for a model that combines none. Allocates; not for the path of an event.
    public var experts: [ExpertWeight]? { combinesExperts ? expertWeights(of: learner) : nil }
}

/// A prediction that is kept from predicting to learning.
final class FullAnswer {
    var prediction = Prediction()
}

/// What became of an event that was to be learned.
public enum LearnOutcome: Sendable, Equatable {
    /// It had a label: every model learned it.
    case labelled
    /// It had none: only models that learn without one did.
    case unlabelled
    /// Its class is beyond those that a classifier tells apart, or its name too long: no model learned it, and the figures
    /// leave it out.
    case classRefused
}
