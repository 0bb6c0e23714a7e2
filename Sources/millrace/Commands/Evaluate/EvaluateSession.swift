import Configuration
import Engine
import Features
import Learning
import Telemetry

/// One `millrace eval`, from the pipeline file to the figures.
struct EvaluateSession {
    private let arguments: Arguments
    private let log: Log
    /// What a trivial model's figure is called in the table, and the column it belongs to.
    private static let baselines = [
        "last_label_accuracy": ("same as the last label", "accuracy"),
        "majority_accuracy": ("majority so far", "accuracy"),
        "last_value_mae": ("same as the last value", "mae"),
        "running_mean_mae": ("mean so far", "mae"),
    ]

    init(_ arguments: Arguments) {
        self.arguments = arguments
        log = arguments.log()
    }

    func run() throws(CommandFailure) -> ExitCode {
        let pipeline = try PipelineFile.load(arguments.operands[0], for: .eval)
        guard let path = arguments.text(.input) else { throw CommandFailure(.usage, "--input DATA is missing") }
        do throws(DataFileError) { _ = try DataFile.format(of: path) } catch { throw CommandFailure(error) }
        let evaluation = Evaluation(
            schema: pipeline.input.schema, features: pipeline.features, models: pipeline.models,
            stopsAtBadRecord: pipeline.onBadRecord == .stop)
        let report = try evaluate(evaluation, path, models: pipeline.models)
        if report.bad > 0 {
            log.warning("bad records were left out", ["count": "\(report.bad)", "first": report.firstBad ?? ""])
        }
        if report.classRefused > 0 {
            log.warning(
                "events of further classes were not learned",
                ["count": "\(report.classRefused)", "classes_max": "\(LearnableRange.classCountMax)"])
        }
        let figures = figureNames(pipeline.models[0].task)
        StandardOutput.write(arguments.has(.json) ? json(report, figures) + "\n" : table(report, figures))
        return .success
    }

    private func evaluate(
        _ evaluation: Evaluation, _ path: String, models: [ModelSpecification]
    ) throws(CommandFailure) -> EvaluationReport {
        var bar = ProgressBar()
        defer { bar.clear() }
        let progress = { (count: UInt64) in
            bar.update(fraction: nil, "\(NumberText.grouped(Int(clamping: count))) events")
        }
        do throws(EngineError) {
            guard let output = arguments.text(EvaluateFlags.predictions) else {
                return try evaluation.run(path: path, progress: progress)
            }
            let file = try PredictionsFile(output, models: models)
            let report = try evaluation.run(path: path, progress: progress) { row throws(EngineError) in
                try file.write(row)
            }
            try file.close()
            return report
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What is asked of every model, whether it has an answer or not: without events, or with one class only, some
    /// figures have no meaning.
    private func figureNames(_ task: LearningTask) -> [String] {
        switch task {
        case .binary: ["accuracy", "f1", "roc_auc", "log_loss"]
        case .multiclass: ["accuracy", "macro_f1", "log_loss"]
        case .regression: ["mae", "rmse", "r2"]
        // Without a label there is nothing to compare with.
        case .anomaly: []
        }
    }

    private func value(_ name: String, of model: EvaluationReport.Model) -> Double? {
        model.figures.first { $0.name == name }?.value
    }

    private func json(_ report: EvaluationReport, _ names: [String]) -> String {
        let metrics = report.models.map { model in
            let drifts = model.drifts.map { [("drifts", JSONText.integer(Int(clamping: $0)))] } ?? []
            return (
                model.name,
                JSONText.object(names.map { ($0, value($0, of: model).map { .number($0) } ?? .null) } + drifts)
            )
        }
        return JSONText.object([
            ("events", .integer(Int(clamping: report.events))),
            ("metrics", .object(metrics)),
            ("seconds", .number(report.seconds)),
            ("events_per_second", .number(report.eventsPerSecond)),
            ("state_digest", .text(report.stateDigest)),
        ]).description
    }

    private func table(_ report: EvaluationReport, _ names: [String]) -> String {
        let watchesDrift = report.models.contains { $0.drifts != nil }
        var table = TextTable(header: ["model"] + names + (watchesDrift ? ["drifts"] : []))
        for model in report.models {
            var row = [model.name] + names.map { value($0, of: model).map { NumberText.fixed($0, 6) } ?? "-" }
            if watchesDrift { row.append(model.drifts.map { "\($0)" } ?? "-") }
            table.rows.append(row)
        }
        for baseline in report.models.first?.baselines ?? [] {
            let (title, metric) = Self.baselines[baseline.name] ?? (baseline.name, "")
            let row = names.map { $0 == metric ? NumberText.fixed(baseline.value, 6) : "" }
            table.rows.append(["(\(title))"] + row)
        }
        let count = NumberText.grouped(Int(clamping: report.events))
        var lines = table.text + "\n\(count) events in \(NumberText.duration(milliseconds: report.seconds * 1e3))"
        lines += ", \(NumberText.grouped(report.eventsPerSecond)) events/s"
        if report.unlabelled > 0 {
            lines += ", \(NumberText.grouped(Int(clamping: report.unlabelled))) without a label"
        }
        return lines + "\nstate digest \(report.stateDigest)\n"
    }
}
