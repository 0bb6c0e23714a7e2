/// A structured log: one line an entry, `time level message key=value …`, or one JSON object a line.
///
/// `message` is a fixed text; everything that varies goes into fields. No value can forge a line or a field: quotes,
/// line ends and control characters are escaped. An entry is at most `LogEntry.bytesMax` bytes; what does not fit is
/// cut and the entry says so. Not for the per-event path: an entry builds strings.
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

    /// How an entry is written.
    public enum Format: String, Sendable, CaseIterable {
        /// `2026-11-21T16:40:41.123Z info partition assigned topic=orders partition=3`.
        case text
        /// `{"time":"2026-11-21T16:40:41.123Z","level":"info","message":"partition assigned","topic":"orders",…}`.
        case json
    }

    /// Entries below this level are dropped.
    public let level: Level
    private let format: Format
    private let now: @Sendable () -> Timestamp
    private let write: @Sendable (String) -> Void
    private let writer: LineWriter?

    /// A log that hands each finished line (without its line end) to `write`, which must not block for long and may be
    /// called from several threads at once.
    public init(
        level: Level = .info, format: Format = .text, now: @escaping @Sendable () -> Timestamp = { .now },
        write: @escaping @Sendable (String) -> Void
    ) {
        self.level = level
        self.format = format
        self.now = now
        self.write = write
        self.writer = nil
    }

    private init(level: Level, format: Format, writer: LineWriter) {
        self.level = level
        self.format = format
        self.now = { .now }
        self.write = { line in writer.write(line) }
        self.writer = writer
    }

    /// A log on `descriptor` (standard error) that never waits longer than `LineWriter.patienceMilliseconds`: when
    /// nobody reads, entries are dropped and counted, and the first one that gets through again says how many.
    public static func standardError(level: Level = .info, format: Format = .text, descriptor: Int32 = 2) -> Log {
        let writer = LineWriter(descriptor: descriptor) { count in
            var entry = LogEntry(format: format, time: .now, level: .warning, message: "log entries dropped")
            entry.append("count", String(count))
            return entry.finish()
        }
        return Log(level: level, format: format, writer: writer)
    }

    /// Entries that `standardError` had to drop because nobody read them; 0 for any other log.
    public var entriesDropped: UInt64 { writer?.linesDropped ?? 0 }

    /// Writes one entry. `message` is a fixed text; what varies goes into `fields`, keys in dotted or snake case.
    public func log(_ level: Level, _ message: StaticString, _ fields: KeyValuePairs<String, String> = [:]) {
        guard level >= self.level else { return }
        var entry = LogEntry(format: format, time: now(), level: level, message: message.description)
        for (key, value) in fields { entry.append(key, value) }
        write(entry.finish())
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
