extension LearningTask {
    /// The names of the figures that a model of this task can have, in the order of ``MetricTally/figures``; those of one model
    /// may lack some, which have no meaning for the events it saw. `quantile_loss` comes last, and only for models that
    /// predict a quantile.
    public var figureNames: [String] {
        switch self {
        case .binary, .anomaly:
            [
                "accuracy", "f1", "roc_auc", "log_loss", "balanced_accuracy", "precision", "recall", "brier",
                "calibration_error", "kappa", "kappa_temporal", "kappa_majority",
            ]
        case .multiclass:
            [
                "accuracy", "log_loss", "macro_f1", "balanced_accuracy", "macro_precision", "macro_recall", "brier",
                "calibration_error", "kappa", "kappa_temporal", "kappa_majority",
            ]
        case .regression: ["mae", "rmse", "r2", "bias", "quantile_loss"]
        }
    }
}
