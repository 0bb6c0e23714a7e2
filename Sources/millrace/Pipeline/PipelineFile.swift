import Configuration

/// Reads pipeline files for the commands.
enum PipelineFile {
    /// The checked pipeline in the file at `path`; a file that cannot be read fails with 66, a wrong one with 78 and
    /// every problem on a line of its own.
    static func load(_ path: String, for mode: Pipeline.Mode) throws(CommandFailure) -> Pipeline {
        do throws(ConfigurationError) {
            return try Pipeline.load(path: path, mode: mode, environment: ProcessEnvironment.variables)
        } catch {
            switch error {
            case .unreadable: throw CommandFailure(.noInput, error.description)
            case .invalid(let problems):
                let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
                throw CommandFailure(.configuration, "\(count) in \(path)\n\(error.description)")
            }
        }
    }
}
