import Engine
import Learning

/// What `eval --json` prints: one object, its keys in a fixed order. A figure without a meaning is null.
struct EvaluationJSON {
    private let report: EvaluationReport
    private let models: [EvaluationFigures]

    init(_ report: EvaluationReport, _ models: [EvaluationFigures]) {
        self.report = report
        self.models = models
    }

    var text: String {
        JSONText.object(quality + experts + run).description
    }

    private var quality: [(String, JSONText)] {
        [
            ("events", .integer(Int(clamping: report.events))),
            ("metrics", byModel { metrics($0) }),
            ("recent", byModel { model in figures(model) { model.recent($0) } }),
            ("baselines", Self.object(models.first?.baselines ?? [])),
            ("recent_baselines", Self.object(models.first?.recentBaselines ?? [])),
            ("calibration", byModel { calibration($0.model.metrics.calibrationCurve) }),
            ("confusion", byModel { $0.names.isEmpty ? nil : confusion($0.model.metrics) }),
        ]
    }

    private var run: [(String, JSONText)] {
        [
            ("seconds", .number(report.seconds)),
            ("events_per_second", .number(report.eventsPerSecond)),
            ("state_digest", .text(report.stateDigest)),
        ]
    }

    /// The experts of the models that combine some; no key where none does.
    private var experts: [(String, JSONText)] {
        guard models.contains(where: { $0.model.experts != nil }) else { return [] }
        let list = byModel { model in
            model.model.experts.map { .array($0.map { Self.object($0) }) }
        }
        return [("experts", list)]
    }

    private static func object(_ expert: ExpertWeight) -> JSONText {
        .object([
            ("name", .text(expert.name)), ("parameters", .text(expert.parameters)),
            ("weight", .number(expert.weight)), ("retired", .flag(!expert.isActive)),
        ])
    }

    /// An object of the models that have a value.
    private func byModel(_ value: (EvaluationFigures) -> JSONText?) -> JSONText {
        .object(models.compactMap { model in value(model).map { (model.model.name, $0) } })
    }

    private func metrics(_ model: EvaluationFigures) -> JSONText {
        figures(model, further: model.model.drifts.map { [("drifts", .integer(Int(clamping: $0)))] } ?? []) {
            model.overall($0)
        }
    }

    private func figures(
        _ model: EvaluationFigures, further: [(String, JSONText)] = [], _ value: (String) -> Double?
    ) -> JSONText {
        .object(model.names.map { ($0, Self.number(value($0))) } + further)
    }

    private func calibration(_ curve: [CalibrationBin]) -> JSONText? {
        guard !curve.isEmpty else { return nil }
        return .array(
            curve.map { bin in
                .object([
                    ("from", .number(bin.lowerBound)), ("to", .number(bin.upperBound)),
                    ("events", Self.count(bin.count)), ("mean_probability", Self.number(bin.meanProbability)),
                    ("truth_share", Self.number(bin.truthShare)),
                ])
            })
    }

    /// Four counts of two classes; of several a matrix, a row for each class that events were of, a column for each that was
    /// predicted. Where classes share the last row because there are too many, its name is null.
    private func confusion(_ metrics: PrequentialMetrics) -> JSONText? {
        let matrix = metrics.confusionMatrix
        guard !matrix.isEmpty else { return nil }
        if metrics.task != .multiclass {
            return .object(BinaryCounts(matrix).named.map { ($0.name, Self.count($0.count)) })
        }
        let isShared = report.classes.count > matrix.count
        let names = matrix.indices.map { index in
            index < report.classes.count && !(isShared && index == matrix.count - 1)
                ? JSONText.text(report.classes[index]) : .null
        }
        return .object([
            ("classes", .array(names)), ("matrix", .array(matrix.map { .array($0.map { Self.count($0) }) })),
        ])
    }

    private static func object(_ figures: [MetricFigure]) -> JSONText {
        .object(figures.map { ($0.name, .number($0.value)) })
    }

    private static func number(_ value: Double?) -> JSONText { value.map { .number($0) } ?? .null }

    /// A number of events, which is whole over all events.
    private static func count(_ value: Double) -> JSONText {
        Int(exactly: value).map { .integer($0) } ?? .number(value)
    }
}

/// The confusion matrix of two classes by the names of its cells.
struct BinaryCounts {
    let named: [(name: String, count: Double)]

    /// `matrix` is that of ``MetricTally/confusionMatrix`` for two classes.
    init(_ matrix: [[Double]]) {
        named = [
            ("true_positive", matrix[1][1]), ("false_positive", matrix[0][1]), ("true_negative", matrix[0][0]),
            ("false_negative", matrix[1][0]),
        ]
    }
}
