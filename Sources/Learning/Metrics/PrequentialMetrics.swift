/// How good one model has been over all events so far, each predicted before it was learned (prequential), beside what
/// trivial models would have scored over the same events.
///
/// A value: copy it for a snapshot. `record` neither allocates nor takes a logarithm, unless scores are kept for the exact
/// ROC AUC, which costs 8 bytes an event for ever.
///
/// Figures are nil while they have no meaning: no event yet, another task, one class only (ROC AUC), labels that are all
/// equal (R²).
public struct PrequentialMetrics: Sendable, Equatable {
    /// The task, which decides which figures there are.
    public let task: LearningTask
    /// How many events were recorded.
    public private(set) var count: UInt64 = 0
    private var classes = ClassificationCounts()
    private var logLossSum = LogLossSum()
    private var regression = RegressionSums()
    private var scores: RankedScores?

    /// Metrics of no event. `keepsScores` keeps every score, so that ``rocAUC`` is known (binary task only).
    public init(task: LearningTask, keepsScores: Bool = false) {
        self.task = task
        scores = keepsScores && task == .binary ? RankedScores() : nil
    }

    /// Takes one event: what was predicted before learning it (``Prediction/value``), and its label.
    ///
    /// Binary: class 1 is predicted iff the value is above 0.5, and a label above 0.5 is positive.
    public mutating func record(prediction: Double, label: Double) {
        count &+= 1
        switch task {
        case .binary, .anomaly:
            let isPositive = label > 0.5
            classes.add(isPredictedPositive: prediction > 0.5, isPositive: isPositive)
            classes.addToBaseline(label: isPositive ? 1 : 0)
            logLossSum.add(probability: prediction, isPositive: isPositive)
            scores?.add(score: prediction, isPositive: isPositive)
        case .multiclass:
            classes.correct &+= prediction == label ? 1 : 0
            classes.addToBaseline(label: label)
        case .regression:
            regression.add(prediction: prediction, label: label)
        }
    }

    /// Adds what `other` recorded, over other events of the same task. Associative up to rounding; metrics of no event
    /// change nothing. ROC AUC is known afterwards only if both kept scores.
    public mutating func merge(_ other: PrequentialMetrics) {
        precondition(task == other.task)
        count &+= other.count
        classes.merge(other.classes)
        logLossSum.merge(other.logLossSum)
        regression.merge(other.regression)
        if let theirs = other.scores { scores?.merge(theirs) } else if other.count > 0 { scores = nil }
    }
}

// MARK: - Figures

extension PrequentialMetrics {
    /// Share of events whose class was predicted.
    public var accuracy: Double? { isClassification ? share(Double(classes.correct)) : nil }
    /// F1 of class 1 from the overall counts; 0 when nothing was, or was said to be, positive. Binary only.
    public var f1: Double? { task == .binary && count > 0 ? classes.f1 : nil }
    /// Mean of −log P(true class), natural, P(positive) clipped to [1e-15, 1 − 1e-15]. Binary only.
    public var logLoss: Double? { task == .binary ? share(logLossSum.sum) : nil }
    /// Exact area under the ROC curve, ties counting half. Complexity: O(n log n) at each call.
    public var rocAUC: Double? { scores?.area }
    /// Mean absolute error.
    public var mae: Double? { task == .regression ? share(regression.absoluteError) : nil }
    /// Root of the mean squared error.
    public var rmse: Double? { task == .regression ? share(regression.squaredError)?.squareRoot() : nil }
    /// 1 − SSE / Σ(y − mean(y))², the mean over all events.
    public var r2: Double? {
        guard task == .regression, regression.labelSpread > 0 else { return nil }
        return 1 - regression.squaredError / regression.labelSpread
    }
    /// Accuracy of "same as the last label" over the same events; before the first it says 0.
    public var lastLabelAccuracy: Double? { isClassification ? share(Double(classes.baselineCorrect)) : nil }
    /// Mean absolute error of "same as the last value" over the same events; before the first it says 0.
    public var lastValueMAE: Double? { task == .regression ? share(regression.lastValueError) : nil }
    /// Mean absolute error of "the mean so far" over the same events; before the first it says 0.
    public var runningMeanMAE: Double? { task == .regression ? share(regression.runningMeanError) : nil }

    /// The figures of the task that are known and finite, by the names that `eval --json` prints.
    public var figures: [MetricFigure] {
        let named: [(String, Double?)] =
            task == .regression
            ? [("mae", mae), ("rmse", rmse), ("r2", r2)]
            : [("accuracy", accuracy), ("f1", f1), ("roc_auc", rocAUC), ("log_loss", logLoss)]
        return Self.finite(named)
    }

    /// The baselines' figures over the same events, by name.
    public var baselineFigures: [MetricFigure] {
        let named: [(String, Double?)] = [
            ("last_label_accuracy", lastLabelAccuracy), ("last_value_mae", lastValueMAE),
            ("running_mean_mae", runningMeanMAE),
        ]
        return Self.finite(named)
    }

    private static func finite(_ named: [(String, Double?)]) -> [MetricFigure] {
        named.compactMap { name, value in
            guard let value, value.isFinite else { return nil }
            return MetricFigure(name: name, value: value)
        }
    }

    private var isClassification: Bool { task != .regression }

    private func share(_ sum: Double) -> Double? { count == 0 ? nil : sum / Double(count) }
}

/// One figure of a model with its name in results.
public struct MetricFigure: Sendable, Equatable {
    /// The name in `eval --json` and on the metrics endpoint, e.g. `log_loss`.
    public let name: String
    /// The value, finite.
    public let value: Double
}

// MARK: - State

extension PrequentialMetrics {
    private static let tag = StateTag("PREQ")

    /// Appends the whole state, kept scores included.
    public func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(task.code)
            encoder.append(count)
            classes.encode(into: &encoder)
            logLossSum.encode(into: &encoder)
            regression.encode(into: &encoder)
            encoder.append(scores != nil)
            scores?.encode(into: &encoder)
        }
    }

    /// Replaces the whole state by an encoded one of the same task; on an error nothing changes.
    public mutating func decode(from decoder: inout StateDecoder) throws(StateError) {
        let task = task
        self = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.byte() == task.code else { throw .mismatch }
            var metrics = PrequentialMetrics(task: task)
            metrics.count = try decoder.uint64()
            metrics.classes = try ClassificationCounts(from: &decoder)
            metrics.logLossSum = try LogLossSum(from: &decoder)
            metrics.regression = try RegressionSums(from: &decoder)
            metrics.scores = try decoder.flag() ? RankedScores(from: &decoder) : nil
            return metrics
        }
    }
}

extension LearningTask {
    /// The task's code in encoded states.
    fileprivate var code: UInt8 {
        switch self {
        case .binary: 0
        case .multiclass: 1
        case .regression: 2
        case .anomaly: 3
        }
    }
}
