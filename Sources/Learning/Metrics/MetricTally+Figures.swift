// MARK: - Classification

extension MetricTally {
    /// Share of events whose class was predicted.
    public var accuracy: Double? {
        switch task {
        case .binary, .anomaly: share(binaryCounts.correct)
        case .multiclass: share(correct)
        case .regression: nil
        }
    }
    /// Mean over the classes that occurred of the share of their events that was predicted.
    public var balancedAccuracy: Double? {
        meanOverClasses { $0.label > 0 ? $0.hit / $0.label : nil }
    }
    /// Binary: share of the events said to be positive that are, 0 when none was. Multiclass: mean over the classes that
    /// occurred or were predicted (macro).
    public var precision: Double? {
        task.hasTwoClasses ? ofPositives { $0.hit / $0.predicted } : macro { $0.hit / $0.predicted }
    }
    /// Binary: share of the positive events said to be, 0 when there was none. Multiclass: macro mean.
    public var recall: Double? {
        task.hasTwoClasses ? ofPositives { $0.hit / $0.label } : macro { $0.hit / $0.label }
    }
    /// Harmonic mean of precision and recall of class 1; 0 when nothing was, or was said to be, positive. Binary and anomaly
    /// tasks only.
    public var f1: Double? { ofPositives { 2 * $0.hit / ($0.label + $0.predicted) } }
    /// Mean over the classes that occurred or were predicted of their F1. Multiclass only.
    public var macroF1: Double? { macro { 2 * $0.hit / ($0.label + $0.predicted) } }
    /// Area under the ROC curve, ties counting half: exact where scores are kept and in sliding windows, otherwise from a
    /// sketch that is off by at most ``rocAUCErrorMax``. Binary and anomaly tasks only. Complexity: O(n) in the scores kept.
    public var rocAUC: Double? { scores.map(\.area) ?? sketch.area }
    /// Bound on the error of ``rocAUC``; 0 where it is exact.
    public var rocAUCErrorMax: Double? {
        rocAUC == nil ? nil : scores == nil ? sketch.areaErrorMax : 0
    }
    /// Mean of −log P(true class), natural, clipped to [1e-15, 1 − 1e-15]; a class the model does not know has probability
    /// 0. Multiclass: over the events for which the model stated probabilities.
    public var logLoss: Double? {
        statedWeight.map { (logLossSum.sum + weightedLogLoss.sum) / $0 }
    }
    /// Binary: mean of (P(positive) − positive)². Multiclass: mean of the sum over classes of (P(class) − is the class)²,
    /// 0...2 (Brier 1950), over the events for which the model stated probabilities.
    public var brier: Double? { statedWeight.map { table.sums[3] / $0 } }
    /// Agreement beyond that of a chance classifier with the same class shares (Cohen 1960).
    public var kappa: Double? {
        guard let accuracy else { return nil }
        let chance = classSums.reduce(0) { $0 + ($1.label / weight) * ($1.predicted / weight) }
        return Self.kappa(accuracy, against: chance)
    }
    /// Accuracy beyond that of "same as the last label", 1 at best, 0 when no better (Žliobaitė et al. 2015).
    public var kappaTemporal: Double? { kappa(against: lastLabelAccuracy) }
    /// Accuracy beyond that of "the majority so far", 1 at best, 0 when no better (Bifet et al. 2015).
    public var kappaMajority: Double? { kappa(against: majorityAccuracy) }

    /// Predictions beside what came true, in ten bins of equal width. Binary: P(positive). Multiclass: P(predicted class).
    public var calibrationCurve: [CalibrationBin] {
        guard hasProbabilities else { return [] }
        return (0..<CalibrationTable.binCount).map { bin in
            let row = table.rows[bin]
            let count = Double(CalibrationTable.binCount)
            return CalibrationBin(
                lowerBound: Double(bin) / count, upperBound: Double(bin + 1) / count, count: row[0],
                meanProbability: row[0] > 0 ? row[1] / row[0] : nil, truthShare: row[0] > 0 ? row[2] / row[0] : nil)
        }
    }
    /// Expected calibration error: mean over events of the distance between mean probability and truth in their bin of
    /// ``calibrationCurve`` (Guo et al. 2017).
    public var calibrationError: Double? {
        statedWeight.map { stated in
            (0..<CalibrationTable.binCount).reduce(0) { $0 + abs(table.rows[$1][1] - table.rows[$1][2]) } / stated
        }
    }

    /// Weights of events by class (row) and class predicted (column): [[true negative, false positive], [false negative,
    /// true positive]] in binary tasks. From the 128th class on all are counted as one, the last.
    public var confusionMatrix: [[Double]] {
        switch task {
        case .binary, .anomaly:
            let counts = binaryCounts
            return [
                [counts.trueNegative, counts.predicted - counts.truePositive],
                [counts.label - counts.truePositive, counts.truePositive],
            ]
        case .multiclass:
            return (0..<matrix.classCount).map { label in (0..<matrix.classCount).map { matrix[label, $0] } }
        case .regression: return []
        }
    }

    /// Accuracy of "same as the last label" over the same events; before the first it says 0.
    public var lastLabelAccuracy: Double? { task == .regression ? nil : share(trivialCorrect[0]) }
    /// Accuracy of "the majority class so far" over the same events; before the first it says 0, as in a tie of two classes.
    public var majorityAccuracy: Double? { task == .regression ? nil : share(trivialCorrect[1]) }

    /// Weights of one class: label and prediction, label, prediction.
    private typealias ClassSums = (hit: Double, label: Double, predicted: Double)

    private var classSums: [ClassSums] {
        let matrix = confusionMatrix
        return matrix.indices.map { index in
            (matrix[index][index], matrix[index].reduce(0, +), matrix.reduce(0) { $0 + $1[index] })
        }
    }

    private var binaryCounts:
        (truePositive: Double, trueNegative: Double, label: Double, predicted: Double, correct: Double)
    {
        let half = CalibrationTable.binCount / 2
        let below = table.sums(0..<half)
        let above = table.sums(half..<CalibrationTable.binCount)
        return (above[2], below[0] - below[2], below[2] + above[2], above[0], above[2] + (below[0] - below[2]))
    }

    /// Weight of the events with probabilities; nil when there is none.
    private var statedWeight: Double? {
        let stated = hasProbabilities ? table.sums[0] : 0
        return stated > 0 ? stated : nil
    }

    /// Whether answers are probabilities: the score of an anomaly detector only ranks.
    private var hasProbabilities: Bool { task == .binary || task == .multiclass }

    private func ofPositives(_ figure: (ClassSums) -> Double) -> Double? {
        guard task.hasTwoClasses, weight > 0 else { return nil }
        let counts = binaryCounts
        return Self.orZero(figure((counts.truePositive, counts.label, counts.predicted)))
    }

    private func macro(_ figure: (ClassSums) -> Double) -> Double? {
        guard task == .multiclass else { return nil }
        return meanOverClasses { $0.label + $0.predicted > 0 ? Self.orZero(figure($0)) : nil }
    }

    private func meanOverClasses(_ figure: (ClassSums) -> Double?) -> Double? {
        let values = classSums.compactMap(figure)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// 0 for 0/0.
    private static func orZero(_ ratio: Double) -> Double { ratio.isNaN ? 0 : ratio }

    private func kappa(against baseline: Double?) -> Double? {
        guard let accuracy, let baseline else { return nil }
        return Self.kappa(accuracy, against: baseline)
    }

    private static func kappa(_ accuracy: Double, against chance: Double) -> Double? {
        chance < 1 ? (accuracy - chance) / (1 - chance) : nil
    }

    private func share(_ sum: Double) -> Double? { weight > 0 ? sum / weight : nil }
}

// MARK: - Regression

extension MetricTally {
    /// Mean absolute error.
    public var mae: Double? { mean(regression.absoluteError) }
    /// Root of the mean squared error.
    public var rmse: Double? { mean(regression.squaredError)?.squareRoot() }
    /// 1 − SSE / Σ(y − mean(y))², the mean over the same events.
    public var r2: Double? {
        task == .regression && regression.labelSpread > 0
            ? 1 - regression.squaredError / regression.labelSpread : nil
    }
    /// Mean of prediction − label: above 0 when predictions are too high.
    public var bias: Double? { mean(regression.signedError) }
    /// Mean pinball loss of predictions of the `quantile` (0...1) of the label: quantile · (y − p) where the label y is above
    /// the prediction p, (1 − quantile) · (p − y) where it is below (Koenker & Bassett 1978).
    public func quantileLoss(at quantile: Double) -> Double? { mean(regression.pinballLoss(at: quantile)) }
    /// Mean absolute error of "same as the last value" over the same events; before the first it says 0.
    public var lastValueMAE: Double? { mean(regression.trivialErrors[0]) }
    /// Mean absolute error of "the mean so far" over the same events; before the first it says 0.
    public var runningMeanMAE: Double? { mean(regression.trivialErrors[1]) }

    private func mean(_ sum: Double) -> Double? {
        task == .regression && regression.weight > 0 ? sum / regression.weight : nil
    }
}

// MARK: - By name

extension MetricTally {
    /// The figures of the task that are known and finite, by the names that `eval --json` prints.
    public var figures: [MetricFigure] { figures(quantile: nil) }

    /// The same with the `quantile_loss` at `quantile`.
    func figures(quantile: Double?) -> [MetricFigure] {
        switch task {
        case .binary, .anomaly:
            Self.finite([
                ("accuracy", accuracy), ("f1", f1), ("roc_auc", rocAUC), ("log_loss", logLoss),
                ("balanced_accuracy", balancedAccuracy), ("precision", precision), ("recall", recall),
                ("brier", brier), ("calibration_error", calibrationError), ("kappa", kappa),
                ("kappa_temporal", kappaTemporal), ("kappa_majority", kappaMajority),
            ])
        case .multiclass:
            Self.finite([
                ("accuracy", accuracy), ("log_loss", logLoss), ("macro_f1", macroF1),
                ("balanced_accuracy", balancedAccuracy), ("macro_precision", precision), ("macro_recall", recall),
                ("brier", brier), ("calibration_error", calibrationError), ("kappa", kappa),
                ("kappa_temporal", kappaTemporal), ("kappa_majority", kappaMajority),
            ])
        case .regression:
            Self.finite([
                ("mae", mae), ("rmse", rmse), ("r2", r2), ("bias", bias),
                ("quantile_loss", quantile.flatMap { quantileLoss(at: $0) }),
            ])
        }
    }

    /// The trivial models' figures over the same events, by name.
    public var baselineFigures: [MetricFigure] {
        Self.finite([
            ("last_label_accuracy", lastLabelAccuracy), ("majority_accuracy", majorityAccuracy),
            ("last_value_mae", lastValueMAE), ("running_mean_mae", runningMeanMAE),
        ])
    }

    private static func finite(_ named: [(String, Double?)]) -> [MetricFigure] {
        named.compactMap { name, value in
            guard let value, value.isFinite else { return nil }
            return MetricFigure(name: name, value: value)
        }
    }
}

/// One figure of a model with its name in results.
public struct MetricFigure: Sendable, Equatable {
    /// The name in `eval --json` and on the metrics endpoint, e.g. `log_loss`.
    public let name: String
    /// The value, finite.
    public let value: Double
}
