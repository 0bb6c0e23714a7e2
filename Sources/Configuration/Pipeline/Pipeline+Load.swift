extension Pipeline {
    /// Reads and checks the pipeline file at `path`, which also names it in problems.
    ///
    /// `environment` gives the values of `${NAME}`; pass the process's own. Files named as secrets (`{file: PATH}`
    /// under `kafka`) are read here, too, except for `eval`. Blocks while reading; throws every problem there is, not
    /// the first.
    public static func load(
        path: String, mode: Mode, environment: [String: String]
    ) throws(ConfigurationError) -> Pipeline {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path, bytesMax: DocumentReader.bytesMax)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        return try parse(bytes: bytes, file: path, mode: mode, environment: environment)
    }

    /// Checks the pipeline in `text`; `file` names it in problems.
    ///
    /// Complexity: O(text); texts over 1 MiB are refused. Otherwise like ``load(path:mode:environment:)``.
    public static func parse(
        text: String, file: String, mode: Mode, environment: [String: String]
    ) throws(ConfigurationError) -> Pipeline {
        try parse(bytes: Array(text.utf8), file: file, mode: mode, environment: environment)
    }

    private static func parse(
        bytes: [UInt8], file: String, mode: Mode, environment: [String: String]
    ) throws(ConfigurationError) -> Pipeline {
        var reader = PipelineReader(
            mode: mode, environment: Environment(variables: environment), problems: ProblemList())
        var pipeline: Pipeline?
        do {
            let document = try DocumentReader.read(bytes, problems: &reader.problems)
            pipeline = reader.pipeline(document)
        } catch {
            reader.problems.add(error.message, at: error.position)
        }
        guard reader.problems.isEmpty, let pipeline else { throw .invalid(reader.problems.problems(in: file)) }
        return pipeline
    }
}
