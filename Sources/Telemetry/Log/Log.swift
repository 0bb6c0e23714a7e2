/// A structured log: one line an entry on standard error, `time level message key=value …`.
public struct Log: Sendable {
    /// How much an entry matters.
    public enum Level: Int, Sendable, CaseIterable, Comparable {
        /// For people who debug Millrace.
        case debug
        /// What an operator wants to read later.
        case info
        /// Something to look at; the service goes on.
        case warning
        /// Something failed that needs a person.
        case error

        /// Less important first.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// Entries below this level are dropped.
    public let level: Level
    private let write: @Sendable (String) -> Void

    /// A log that hands each finished line (without its line end) to `write`, which must not block for long.
    public init(level: Level = .info, write: @escaping @Sendable (String) -> Void) {
        self.level = level
        self.write = write
    }

    /// Writes one entry. `message` is a fixed text; what varies goes into `fields`, keys in dotted or snake case.
    public func log(_ level: Level, _ message: StaticString, _ fields: KeyValuePairs<String, String> = [:]) {
        guard level >= self.level else { return }
        var line = "\(level) \(message)"
        for (key, value) in fields { line += " \(key)=\(value)" }
        write(line)
    }

    /// An `info` entry.
    public func info(_ message: StaticString, _ fields: KeyValuePairs<String, String> = [:]) {
        log(.info, message, fields)
    }

    /// A `warning` entry.
    public func warning(_ message: StaticString, _ fields: KeyValuePairs<String, String> = [:]) {
        log(.warning, message, fields)
    }

    /// An `error` entry.
    public func error(_ message: StaticString, _ fields: KeyValuePairs<String, String> = [:]) {
        log(.error, message, fields)
    }

    /// A `debug` entry.
    public func debug(_ message: StaticString, _ fields: KeyValuePairs<String, String> = [:]) {
        log(.debug, message, fields)
    }
}
