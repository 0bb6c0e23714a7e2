import Configuration
import Kafka
import Learning

extension Command {
    static let check = Command(
        name: "check",
        summary: "validate a pipeline file",
        operands: [.pipelineFile],
        notes: [
            "Every problem is printed with file:line:column, the reason, and the nearest valid key or word. A file that "
                + "is right prints one line and ends with exit 0; a file with a problem ends with exit 78; a file that "
                + "cannot be read with 66. 'millrace help pipeline' lists every key.",
            "Nothing is sent to the brokers: whether they and the topics exist is not looked at.",
        ],
        examples: [
            Example(explanation: "is my file right?", line: "millrace check pipeline.yaml"),
            Example(explanation: "before every commit", line: "millrace check pipeline.yaml || exit 1"),
        ],
        run: { arguments throws(CommandFailure) in try checkFile(arguments.operands[0]) })

    private static func checkFile(_ path: String) throws(CommandFailure) -> ExitCode {
        do throws(ConfigurationError) {
            let pipeline = try Pipeline.load(path: path, mode: .run, environment: ProcessEnvironment.variables)
            if let reason = pipeline.kafka.trialProblem() {
                let message =
                    "'kafka': librdkafka \(LibraryVersion.text) makes no client with these properties: \(reason)"
                throw .invalid([Problem(file: path, line: kafkaLine(path), column: 1, message: message)])
            }
            StandardOutput.write("\(path): ok: \(summary(of: pipeline))\n")
            return .success
        } catch {
            guard case .invalid(let problems) = error else { throw CommandFailure(.noInput, error.description) }
            StandardOutput.write(error.description + "\n")
            throw CommandFailure(
                .configuration, "\(path): \(problems.count == 1 ? "1 problem" : "\(problems.count) problems")")
        }
    }

    /// The line of the key `kafka`, from 1; 1 when the file is not written so that every key has its own line.
    private static func kafkaLine(_ path: String) -> Int {
        let lines = FileBytes.read(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return (lines.firstIndex { $0.starts(with: "kafka:".utf8) } ?? 0) + 1
    }

    /// `pipeline fraud scores payments into scores; 2 models, the first, champion, is published`.
    private static func summary(of pipeline: Pipeline) -> String {
        let models = pipeline.models.count == 1 ? "1 model" : "\(pipeline.models.count) models"
        return "pipeline \(pipeline.name) scores \(pipeline.input.topic) into \(pipeline.output.topic) with \(models), "
            + "of which \(pipeline.models.first?.name ?? "none") is published"
    }
}
