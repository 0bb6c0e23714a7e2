// Goal: the server answers what it should over a live port and survives whatever clients do. Method: raw sockets, so
// that requests can be wrong, late, early and endless; every wait has a deadline.

import Dispatch
import Foundation
import Service
import Synchronization
import Telemetry
import Testing

/// A server with a few routes and a count of handled requests.
final class Fixture: Sendable {
    let server: HTTPServer
    let registry = MetricRegistry()
    let handled: Counter
    let log: Log
    static let bigBody = String(repeating: "0123456789abcdef", count: 512 * 1024)

    init(
        _ configuration: HTTPServer.Configuration = HTTPServer.Configuration(), routes: [HTTPRoute] = [],
        write: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let handled = Counter()
        self.handled = handled
        log = Log(level: .debug, write: write)
        let readiness = Readiness(isReady: false, reason: "restoring orders/3")
        let all =
            HTTPRoute.probes(metrics: registry) { readiness } + routes + [
                .get("/count") { _ in
                    handled.add()
                    return HTTPResponse(status: 200, body: "\(handled.value)")
                },
                .get("/big") { _ in HTTPResponse(status: 200, body: Fixture.bigBody) },
            ]
        server = try HTTPServer(configuration: configuration, routes: all, log: log, metrics: registry)
    }

    var port: UInt16 { server.port }

    /// True once `condition` holds, false after `limit`.
    func wait(_ limit: Duration = .seconds(30), until condition: () -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while !condition() {
            if ContinuousClock.now > deadline { return false }
            try await Task.sleep(for: .milliseconds(5))
        }
        return true
    }
}

private func quick(_ limit: Duration = .milliseconds(400)) -> HTTPServer.Configuration {
    var configuration = HTTPServer.Configuration()
    configuration.exchangeTimeLimit = limit
    return configuration
}

@Suite(.serialized, .timeLimit(.minutes(2))) struct HTTPServerTests {
    @Test func probesAnswerOverTheWire() throws {
        let fixture = try Fixture()
        fixture.registry.counter(.events).add(3)
        let health = try #require(RawClient.get(fixture.port, "/healthz"))
        #expect(health.status == 200 && health.body == "ok\n")
        #expect(health.headers["content-length"] == "3")
        #expect(health.headers["content-type"] == "text/plain; charset=utf-8")
        #expect(health.headers["cache-control"] == "no-store")
        #expect(health.headers["date"] != nil)
        let ready = try #require(RawClient.get(fixture.port, "/readyz?verbose=1"))
        #expect(ready.status == 503 && ready.body == "restoring orders/3\n")
        let metrics = try #require(RawClient.get(fixture.port, "/metrics"))
        #expect(metrics.headers["content-type"] == MetricRegistry.prometheusMediaType)
        #expect(metrics.body.contains("millrace_events_total 3\n"))
        #expect(metrics.body.contains(#"millrace_http_requests_total{path="/readyz",code="503"} 1"#))
        #expect(RawClient.get(fixture.port, "/")?.status == 200)
        #expect(RawClient.get(fixture.port, "/%68ealthz")?.status == 200)
        #expect(RawClient.get(fixture.port, "http://any/healthz")?.status == 200)
    }

    @Test func headSendsTheLengthAndNoBody() throws {
        let fixture = try Fixture()
        let client = try #require(RawClient(fixture.port))
        client.send(
            "HEAD /healthz HTTP/1.1\r\nHost: t\r\n\r\nGET /healthz HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        let answer = Answer(client.read().text, isClosed: true)
        #expect(answer.headers["content-length"] == "3")
        #expect(answer.count == 2)
        // After the first head comes the second answer at once.
        #expect(answer.body.hasPrefix("HTTP/1.1 200 OK"))
        #expect(answer.body.hasSuffix("\r\n\r\nok\n"))
    }

    @Test func refusalsOverTheWire() throws {
        let fixture = try Fixture()
        #expect(RawClient.get(fixture.port, "/nothing")?.status == 404)
        let posted = try #require(RawClient.get(fixture.port, "/healthz", method: "POST"))
        #expect(posted.status == 405)
        #expect(posted.headers["allow"] == "GET, HEAD")
        #expect(RawClient.get(fixture.port, "/healthz", method: "OPTIONS")?.status == 405)
        let large = "POST /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: 9000000000\r\nExpect: 100-continue\r\n\r\n"
        let refused = try #require(RawClient.exchange(fixture.port, large))
        #expect(refused.status == 413 && refused.isClosed)
        #expect(!refused.all.contains("100 Continue"))
        #expect(fixture.registry.prometheusText().contains(#"millrace_http_requests_total{path="other",code="404"} 1"#))
    }

    @Test func connectionsAreKeptAndPipelined() throws {
        let fixture = try Fixture()
        let client = try #require(RawClient(fixture.port))
        client.send(String(repeating: "GET /count HTTP/1.1\r\nHost: t\r\n\r\n", count: 100))
        let (text, isClosed) = client.read { $0.hasSuffix("\r\n\r\n100") }
        #expect(!isClosed)
        let bodies = text.components(separatedBy: "\r\n\r\n").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(bodies == Array(1...100))
        #expect(fixture.server.connectionCount == 1)
    }

    @Test(arguments: [
        "POST /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: 0, 40\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: +0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: 40\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: t\r\nX: a\r\n\tb\r\n Content-Length: 40\r\n\r\n",
        "GET /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /healthz HTTP/2.0\r\nHost: t\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ])
    func smugglingClosesTheConnection(attack: String) throws {
        let fixture = try Fixture(quick(.seconds(2)))
        let client = try #require(RawClient(fixture.port))
        client.send(attack + "GET /count HTTP/1.1\r\nHost: t\r\n\r\n")
        let (text, isClosed) = client.read()
        let answer = Answer(text, isClosed: isClosed)
        #expect(isClosed)
        #expect(!text.contains("HTTP/1.1 200"), "\(text)")
        #expect([400, 413, 501, 505, nil].contains(answer.status), "\(text)")
        #expect(fixture.handled.value == 0)
        #expect(RawClient.get(fixture.port, "/healthz")?.status == 200)
    }

    @Test func headersHaveABound() throws {
        let fixture = try Fixture(quick(.seconds(2)))
        func get(_ size: Int) -> Answer? {
            let padding = String(repeating: "x", count: size)
            return RawClient.exchange(
                fixture.port, "GET /count HTTP/1.1\r\nHost: t\r\nConnection: close\r\nX-Padding: \(padding)\r\n\r\n")
        }
        #expect(get(8000)?.status == 200)
        for size in [17_000, 100_000, 3_000_000] {
            let answer = try #require(get(size))
            #expect(answer.isClosed)
            #expect([nil, 400, 413, 414, 431].contains(answer.status), "\(answer.all)")
        }
        let longTarget = RawClient.get(fixture.port, "/" + String(repeating: "a", count: 100_000))
        #expect([nil, 400, 414, 431].contains(longTarget?.status))
        #expect(fixture.handled.value == 1)
    }

    @Test func slowClientsAreCutWhileOthersAreServed() throws {
        let fixture = try Fixture(quick())
        let dripping = try #require(RawClient(fixture.port))
        dripping.send("GET /healthz HTTP/1.1\r\nX-Drip: ")
        let start = ContinuousClock.now
        var isCut = false
        while !isCut && start.duration(to: .now) < .seconds(20) {
            isCut = !dripping.send("a") || dripping.read(atMost: .milliseconds(30)).isClosed
            #expect(RawClient.get(fixture.port, "/healthz")?.status == 200)
        }
        #expect(isCut)
        #expect(start.duration(to: .now) > .milliseconds(390))
    }

    @Test func idleAndStalledClientsAreCut() async throws {
        let fixture = try Fixture(quick())
        let idle = try #require(RawClient(fixture.port))
        let keptAlive = try #require(RawClient(fixture.port))
        keptAlive.send("GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n")
        let stalled = try #require(RawClient(fixture.port, receiveBufferBytes: 4096))
        stalled.send("GET /big HTTP/1.1\r\nHost: t\r\n\r\n")
        #expect(idle.read().isClosed)
        let (text, isClosed) = keptAlive.read()
        #expect(isClosed && Answer(text, isClosed: true).status == 200)
        #expect(try await fixture.wait { fixture.server.connectionCount == 0 })
        #expect(stalled.read().text.utf8.count < Fixture.bigBody.utf8.count)
    }

    @Test func bigAnswersArriveWhole() throws {
        let fixture = try Fixture()
        #expect(RawClient.get(fixture.port, "/big")?.body == Fixture.bigBody)
    }
}
