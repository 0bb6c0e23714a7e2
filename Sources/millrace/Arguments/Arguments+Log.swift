import Telemetry

extension Arguments {
    /// The log that the common flags ask for, on standard error; `standard` is the level without `--log-level`.
    func log(_ standard: Log.Level = .info) -> Log {
        Log.standardError(level: logLevel(standard), format: logFormat)
    }

    /// A log whose lines go to `write`, for commands that draw on standard error themselves.
    func log(_ standard: Log.Level, write: @escaping @Sendable (String) -> Void) -> Log {
        Log(level: logLevel(standard), format: logFormat, write: write)
    }

    private func logLevel(_ other: Log.Level) -> Log.Level {
        text(.logLevel).flatMap { word in Log.Level.allCases.first { "\($0)" == word } } ?? other
    }

    private var logFormat: Log.Format { text(.logFormat).flatMap(Log.Format.init) ?? .text }
}
