import Engine
import Learning

/// What `eval` prints for people, within 100 columns: a line of figures for each model with that of the recent events below
/// it, what trivial models would have scored, and what tells most about the published model's errors.
struct EvaluationTable {
    static let width = 100
    /// What a trivial model's figure is called in the table, and the column it belongs to.
    private static let baselines = [
        "last_label_accuracy": ("same as the last label", "accuracy"),
        "majority_accuracy": ("majority so far", "accuracy"),
        "last_value_mae": ("same as the last value", "mae"),
        "running_mean_mae": ("mean so far", "mae"),
    ]
    /// What people look at first; the others follow in the order of the task.
    private static let mainNames = [
        "accuracy", "f1", "macro_f1", "roc_auc", "log_loss", "brier", "kappa", "kappa_temporal",
    ]
    /// More classes make a matrix that nobody reads in a terminal.
    private static let classesMax = 12

    private let report: EvaluationReport
    private let models: [EvaluationFigures]
    private let names: [String]

    init(_ report: EvaluationReport, _ models: [EvaluationFigures]) {
        self.report = report
        self.models = models
        let known = models.reduce(into: [String]()) { names, model in
            names += model.names.filter { !names.contains($0) }
        }
        names = Self.mainNames.filter(known.contains) + known.filter { !Self.mainNames.contains($0) }
    }

    var text: String {
        ([figures.text(within: Self.width), calibration, confusion].compactMap(\.self) + experts).joined(
            separator: "\n")
            + footer
    }

    // MARK: Figures

    private var figures: TextTable {
        let watchesDrift = models.contains { $0.model.drifts != nil }
        let counts = models.map(counts)
        let countNames = counts.first { !$0.isEmpty }?.map(\.name) ?? []
        var table = TextTable(header: ["model"] + names + (watchesDrift ? ["drifts"] : []) + countNames)
        for (model, counts) in zip(models, counts) {
            var row = [model.model.name] + names.map { cell(model, $0) { model.overall($0) } }
            if watchesDrift { row.append(model.model.drifts.map { "\($0)" } ?? "-") }
            table.rows.append(row + counts.map { NumberText.grouped($0.count) })
            if !names.isEmpty {
                table.rows.append(["  recent"] + names.map { cell(model, $0) { model.recent($0) } })
            }
        }
        appendBaselines(to: &table)
        return table
    }

    private func cell(_ model: EvaluationFigures, _ name: String, _ value: (String) -> Double?) -> String {
        guard model.names.contains(name) else { return "" }
        return value(name).map { NumberText.fixed($0, 6) } ?? "-"
    }

    private func counts(_ model: EvaluationFigures) -> [(name: String, count: Double)] {
        let metrics = model.model.metrics
        guard !model.names.isEmpty, metrics.task == .binary else { return [] }
        return BinaryCounts(metrics.confusionMatrix).named
    }

    private func appendBaselines(to table: inout TextTable) {
        guard let first = models.first else { return }
        for baseline in first.baselines {
            let (title, metric) = Self.baselines[baseline.name] ?? (baseline.name, "")
            let recent = first.recentBaselines.first { $0.name == baseline.name }
            for (title, value) in [("(\(title))", baseline.value), ("  recent", recent?.value)] {
                let cells = names.map { name in
                    name == metric ? value.map { NumberText.fixed($0, 6) } ?? "-" : ""
                }
                table.rows.append([title] + cells)
            }
        }
    }

    // MARK: Errors of the published model

    /// What was predicted beside what came true.
    private var calibration: String? {
        guard let model = models.first?.model, !models[0].names.isEmpty else { return nil }
        let bins = model.metrics.calibrationCurve
        guard bins.contains(where: { $0.count > 0 }) else { return nil }
        let share = { (value: Double?) in value.map { NumberText.fixed($0, 4) } ?? "-" }
        var table = TextTable(header: ["P from"] + bins.map { NumberText.fixed($0.lowerBound, 1) })
        table.rows = [
            ["mean P"] + bins.map { share($0.meanProbability) },
            ["came true"] + bins.map { share($0.truthShare) },
            ["events"] + bins.map { NumberText.grouped($0.count) },
        ]
        return "calibration of \(model.name)\n" + table.text(within: Self.width)
    }

    /// How often each class was predicted for each class.
    private var confusion: String? {
        guard let model = models.first?.model, model.metrics.task == .multiclass else { return nil }
        let matrix = model.metrics.confusionMatrix
        guard !matrix.isEmpty, report.classes.count >= matrix.count else { return nil }
        guard matrix.count <= Self.classesMax else {
            return "the confusion of \(report.classes.count) classes is in the output of --json\n"
        }
        let names = matrix.indices.map { Self.shortened(report.classes[$0]) }
        var table = TextTable(header: ["is, predicted as"] + names)
        table.rows = zip(names, matrix).map { name, row in [name] + row.map { NumberText.grouped($0) } }
        return "confusion of \(model.name)\n" + table.text(within: Self.width)
    }

    private static func shortened(_ name: String) -> String { name.count <= 24 ? name : name.prefix(23) + "…" }

    // MARK: Experts

    /// Of each model that combines experts how much they count, the most important first, the retired ones last.
    private var experts: [String] {
        models.compactMap { model in
            guard let experts = model.model.experts else { return nil }
            var table = TextTable(header: ["expert", "weight", ""])
            // Equal weights keep the order of the experts.
            let order = experts.indices.sorted {
                let (left, right) = (experts[$0], experts[$1])
                if left.isActive != right.isActive { return left.isActive }
                return left.weight != right.weight ? left.weight > right.weight : $0 < $1
            }
            table.rows = order.map { index in
                let expert = experts[index]
                return [Self.title(of: expert), NumberText.fixed(expert.weight, 4), expert.isActive ? "" : "retired"]
            }
            return "experts of \(model.model.name)\n" + table.text(within: Self.width)
        }
    }

    private static func title(of expert: ExpertWeight) -> String {
        let whole = expert.name + (expert.parameters.isEmpty ? "" : " (\(expert.parameters))")
        return whole.count <= 80 ? whole : whole.prefix(79) + "…"
    }

    // MARK: Footer

    private var footer: String {
        let count = NumberText.grouped(Int(clamping: report.events))
        var lines = "\n\(count) events in \(NumberText.duration(milliseconds: report.seconds * 1e3))"
        lines += ", \(NumberText.grouped(report.eventsPerSecond)) events/s"
        if report.unlabelled > 0 {
            lines += ", \(NumberText.grouped(Int(clamping: report.unlabelled))) without a label"
        }
        if !names.isEmpty, let window = models.first?.model.metrics.window { lines += "\n" + Self.explained(window) }
        return lines + "\nstate digest \(report.stateDigest)\n"
    }

    private static func explained(_ window: MetricWindow) -> String {
        switch window {
        case .fading(let factor): "recent: the last \(NumberText.grouped(1 / (1 - factor))) events or so, fading"
        case .sliding(let events): "recent: the last \(NumberText.grouped(events)) events"
        }
    }
}
