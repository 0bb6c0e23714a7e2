public import Telemetry

/// Whether the service can do its work, and if not, why.
public struct Readiness: Sendable, Equatable {
    /// True while every owned partition is served.
    public let isReady: Bool
    /// A short text for a person; shown in both cases.
    public let reason: String

    /// A state with its reason, as `restoring partition orders/3`.
    public init(isReady: Bool, reason: String) {
        self.isReady = isReady
        self.reason = reason
    }
}

extension HTTPRoute {
    /// The endpoints every Millrace service has: `/healthz` (the process lives; nothing else), `/readyz` (200 or 503
    /// with the reason), `/metrics` (Prometheus text) and `/`, which lists them.
    ///
    /// `readiness` runs on the server's thread for each `/readyz` and must not wait.
    public static func probes(
        metrics: MetricRegistry, readiness: @escaping @Sendable () -> Readiness
    ) -> [HTTPRoute] {
        [
            .get("/healthz") { _ in HTTPResponse(status: 200, body: "ok\n") },
            .get("/readyz") { _ in
                let readiness = readiness()
                return HTTPResponse(status: readiness.isReady ? 200 : 503, body: readiness.reason + "\n")
            },
            .get("/metrics") { _ in
                HTTPResponse(status: 200, mediaType: MetricRegistry.prometheusMediaType, body: metrics.prometheusText())
            },
            .get("/") { _ in
                HTTPResponse(
                    status: 200,
                    body: """
                        Millrace
                        /healthz  the process lives
                        /readyz   ready to work, or why not
                        /metrics  Prometheus metrics

                        """)
            },
        ]
    }
}
