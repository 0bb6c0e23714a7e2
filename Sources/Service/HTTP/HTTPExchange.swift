import Synchronization
import Telemetry

/// What the library's callbacks talk to: decides about heads, runs handlers, keeps the books. Only values go in and
/// out; the C side is in `MicroHTTPDaemon`.
final class HTTPExchange: Sendable {
    /// An answer is about this moment and is what its type says.
    static let headersOfEveryAnswer = [
        HTTPHeader("Cache-Control", "no-store"), HTTPHeader("X-Content-Type-Options", "nosniff"),
    ]

    let connections: ConnectionTable
    private let router: Router
    private let log: Log
    private let metrics: MetricRegistry?
    private let messages = Mutex(MessageLimit())

    init(router: Router, connections: ConnectionTable, log: Log, metrics: MetricRegistry?) {
        self.router = router
        self.connections = connections
        self.log = log
        self.metrics = metrics
    }

    /// The answer that refuses a request before its body is read, or `nil`.
    func refusal(_ head: RequestHead) -> HTTPResponse? {
        guard let refusal = head.refusal else { return nil }
        count("other", refusal)
        return refusal
    }

    func answer(method: String, target: String) -> HTTPResponse {
        let (response, path) = router.answer(method: method, target: target)
        count(path, response)
        return response
    }

    /// The library's own complaints, mostly about clients: one a second, so that a client cannot fill the log.
    func libraryMessage(_ text: String) {
        guard let suppressed = messages.withLock({ $0.admit(at: .now) }) else { return }
        let trimmed = text.last == "\n" ? String(text.dropLast()) : text
        log.info("http library message", ["text": trimmed, "suppressed": String(suppressed)])
    }

    private func count(_ path: String, _ response: HTTPResponse) {
        metrics?.counter(.httpRequests, path, String(response.status)).add()
    }
}

/// Lets one message a second through and counts the others.
struct MessageLimit {
    private var next: ContinuousClock.Instant?
    private var suppressed = 0

    /// How many were held back since the last one, or `nil` to hold this one back too.
    mutating func admit(at now: ContinuousClock.Instant) -> Int? {
        if let next, now < next {
            suppressed += 1
            return nil
        }
        defer { suppressed = 0 }
        next = now + .seconds(1)
        return suppressed
    }
}
