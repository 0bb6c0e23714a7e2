import Synchronization
public import Telemetry

/// A small HTTP/1.1 server for probes and metrics, over libmicrohttpd: one thread of the library's that answers, one of
/// ours that cuts slow clients.
///
/// What a client may do is limited in every direction: number of connections (more wait in the system's queue), size of
/// request line and headers (16 KiB together), time for a whole exchange, no request bodies. Clients are not
/// authenticated and nothing is encrypted: it listens on the loopback address unless told otherwise, and serves only
/// what anybody who can reach it may read.
public final class HTTPServer: Sendable {
    /// Where to listen and what clients may take.
    public struct Configuration: Sendable, Equatable {
        /// An address or a name of this machine.
        public var host: String
        /// 0 takes a free port, told by `HTTPServer.port`.
        public var port: UInt16
        /// Open connections at most; further ones wait unanswered in the system's queue.
        public var connectionsMax: UInt32 = 256
        /// From a connection's start, or its last answer, to the end of its next answer; then it is cut.
        public var exchangeTimeLimit: Duration = .seconds(10)
        /// How long `stop` waits for answers in work.
        public var drainTimeLimit: Duration = .seconds(1)

        /// The default is the loopback address and a free port.
        public init(host: String = "127.0.0.1", port: UInt16 = 0) {
            self.host = host
            self.port = port
        }
    }

    private struct Running: ~Copyable {
        let daemon: MicroHTTPDaemon
        let sweeper: NamedThread
    }

    /// The port in use.
    public let port: UInt16
    private let configuration: Configuration
    private let connections: ConnectionTable
    private let drained: WakeUp
    private let sweeperEnd: WakeUp
    private let running: Mutex<Running?>

    /// Listens and serves when it returns. Two routes of the same path and method trap.
    ///
    /// `metrics` counts answers by route and status. Errors are configuration errors (exit 78).
    public init(
        configuration: Configuration, routes: [HTTPRoute], log: Log, metrics: MetricRegistry? = nil
    ) throws(HTTPServerError) {
        let socket = try ListeningSocket(host: configuration.host, port: configuration.port)
        let port = socket.port
        func refused(_ detail: String) -> HTTPServerError {
            HTTPServerError(code: .failed, address: "\(configuration.host):\(port)", detail: detail)
        }
        guard let drained = WakeUp(), let sweeperEnd = WakeUp() else { throw refused("no descriptors left") }
        let connections = ConnectionTable(drained: drained)
        let exchange = HTTPExchange(router: Router(routes), connections: connections, log: log, metrics: metrics)
        let limit = max(configuration.exchangeTimeLimit, .milliseconds(10))
        let limits = MicroHTTPDaemon.Limits(
            connectionsMax: configuration.connectionsMax,
            inactivitySeconds: UInt32(min((limit / .seconds(1)).rounded(.up), 86_400)))
        guard let daemon = MicroHTTPDaemon(socket: socket, limits: limits, exchange: exchange) else {
            throw refused("the library did not start")
        }
        let sweeper = NamedThread("http sweeper") {
            // Often enough to keep the limit to an eighth; at most once a second.
            while !sweeperEnd.wait(atMost: min(limit / 8, .seconds(1))) {
                let cut = connections.cutOverdue(limit: limit)
                if cut > 0 { log.debug("http connections cut", ["count": String(cut)]) }
            }
        }
        guard let sweeper else { throw refused("no thread left") }
        self.port = port
        self.configuration = configuration
        self.connections = connections
        self.drained = drained
        self.sweeperEnd = sweeperEnd
        self.running = Mutex(Running(daemon: daemon, sweeper: sweeper))
    }

    deinit { stop() }

    /// Connections open now.
    public var connectionCount: Int { connections.count }

    /// Refuses new connections, lets answers in work finish for `drainTimeLimit`, closes everything. Returns when the
    /// server's threads have ended; later calls do nothing. Not from a handler: it would wait for itself.
    public func stop() {
        guard let running = running.withLock({ running in running.take() }) else { return }
        Self.end(running, connections, drained, sweeperEnd, configuration.drainTimeLimit)
    }

    private static func end(
        _ running: consuming Running, _ connections: ConnectionTable, _ drained: WakeUp, _ sweeperEnd: WakeUp,
        _ drainTimeLimit: Duration
    ) {
        running.daemon.quiesce()
        connections.drain()
        _ = drained.wait(atMost: drainTimeLimit)
        sweeperEnd.ring()
        running.sweeper.join()
        // `running.daemon` ends here, and with it every connection.
    }
}
