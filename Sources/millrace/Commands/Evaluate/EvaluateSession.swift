import Configuration
import Engine
import Features
import Learning
import Telemetry

/// One `millrace eval`, from the pipeline file to the figures.
struct EvaluateSession {
    private let arguments: Arguments
    private let log: Log

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
        let figures = report.models.map { EvaluationFigures($0, task: pipeline.models[0].task) }
        StandardOutput.write(
            arguments.has(.json)
                ? EvaluationJSON(report, figures).text + "\n" : EvaluationTable(report, figures).text)
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
}
