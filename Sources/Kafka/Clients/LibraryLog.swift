import Synchronization
import Telemetry

/// librdkafka's log lines in ours: redacted, and at most `burst` lines of one facility in ten seconds. The next line after
/// that says how many were left out. Called from any of librdkafka's threads.
final class LibraryLog: Sendable {
    private struct Window {
        var start: ContinuousClock.Instant
        var lines = 0
        var dropped = 0
    }

    private static let burst = 10
    private static let span = Duration.seconds(10)

    private let log: Log
    private let secrets: Secrets
    private let windows = Mutex<[String: Window]>([:])

    init(log: Log, secrets: Secrets) {
        self.log = log
        self.secrets = secrets
    }

    func take(level: Int32, facility: UnsafePointer<CChar>?, text: UnsafePointer<CChar>?) {
        guard let facility = unsafe facility, let text = unsafe text else { return }
        take(level: Self.level(level), facility: unsafe String(cString: facility), text: unsafe String(cString: text))
    }

    func take(level: Log.Level, facility: String, text: String, now: ContinuousClock.Instant = .now) {
        // A broker that is down makes librdkafka repeat itself; what `debug` was set for is wanted whole.
        guard let dropped = level == .debug ? 0 : admit(facility, now) else { return }
        let text = secrets.redact(text)
        if dropped > 0 {
            log.log(level, "librdkafka", ["facility": facility, "text": text, "left_out": String(dropped)])
        } else {
            log.log(level, "librdkafka", ["facility": facility, "text": text])
        }
    }

    /// How many lines were left out before this one, or `nil` if it is left out itself.
    private func admit(_ facility: String, _ now: ContinuousClock.Instant) -> Int? {
        windows.withLock { windows in
            var window = windows[facility] ?? Window(start: now)
            defer { windows[facility] = window }
            var dropped = 0
            if now - window.start >= Self.span {
                dropped = window.dropped
                window = Window(start: now)
            }
            guard window.lines < Self.burst else {
                window.dropped += 1
                return nil
            }
            window.lines += 1
            return dropped
        }
    }

    /// syslog's levels. librdkafka says "error" for a connection that it will try again: a warning to us.
    private static func level(_ syslog: Int32) -> Log.Level {
        switch syslog {
        case ...2: .error
        case 3, 4: .warning
        case 5, 6: .info
        default: .debug
        }
    }
}
