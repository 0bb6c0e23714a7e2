import Engine
import Learning

/// The figures of one evaluated model, computed once: an exact ROC AUC is a sort of all scores.
struct EvaluationFigures {
    let model: EvaluationReport.Model
    /// Every name that the model's task has a figure for, known or not.
    let names: [String]
    private let overall: [String: Double]
    private let recent: [String: Double]
    /// What trivial models would have scored over the same events, by the name of the figure.
    let baselines: [MetricFigure]
    /// The same over the recent events.
    let recentBaselines: [MetricFigure]

    /// `task` is that of the pipeline. Without a label there is nothing to compare with, and no figure.
    init(_ model: EvaluationReport.Model, task: LearningTask) {
        self.model = model
        let metrics = model.metrics
        let names = task == .anomaly ? [] : task.figureNames
        self.names = names.filter { $0 != "quantile_loss" || metrics.quantile != nil }
        let recentTally = metrics.recent
        overall = Self.byName(metrics.figures)
        recent = Self.byName(metrics.recentFigures)
        baselines = metrics.baselineFigures
        recentBaselines = recentTally?.baselineFigures ?? []
    }

    /// The figure over all events; nil where it has no meaning for them.
    func overall(_ name: String) -> Double? { overall[name] }

    /// The same over the recent events.
    func recent(_ name: String) -> Double? { recent[name] }

    private static func byName(_ figures: [MetricFigure]) -> [String: Double] {
        Dictionary(figures.map { ($0.name, $0.value) }) { first, _ in first }
    }
}
