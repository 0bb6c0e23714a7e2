// Goal: crowds, rude clients, random bytes and shutdown in the middle of it all end well. Method: as in
// `HTTPServerTests`, with many clients at once.

import Dispatch
import Service
import Synchronization
import Telemetry
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct HTTPServerLoadTests {
    @Test func moreConnectionsThanAllowedTakeTurns() async throws {
        var configuration = HTTPServer.Configuration()
        configuration.connectionsMax = 16
        let fixture = try Fixture(configuration)
        let port = fixture.port
        let idle = (0..<12).compactMap { _ in RawClient(port) }
        #expect(idle.count == 12)
        let good = Counter()
        DispatchQueue.concurrentPerform(iterations: 200) { _ in
            if RawClient.get(port, "/count")?.status == 200 { good.add() }
        }
        withExtendedLifetime(idle) { #expect(good.value == 200) }
        #expect(fixture.handled.value == 200)
        #expect(fixture.server.connectionCount <= 16)
    }

    @Test func clientsThatLeaveEarlyDoNoHarm() async throws {
        // The library overlooks a client's end that comes together with its bytes; the time limit does not.
        var configuration = HTTPServer.Configuration()
        configuration.exchangeTimeLimit = .milliseconds(500)
        let fixture = try Fixture(configuration)
        for round in 0..<300 {
            guard let client = RawClient(fixture.port) else { continue }
            switch round % 3 {
            case 0: client.send("GET /big HTTP/1.1\r\nHost: t\r\n\r\n")
            case 1: client.send("GET /hea")
            default: break
            }
        }
        #expect(RawClient.get(fixture.port, "/healthz")?.status == 200)
        #expect(try await fixture.wait { fixture.server.connectionCount == 0 })
    }

    @Test func randomBytesDoNoHarm() throws {
        var configuration = HTTPServer.Configuration()
        configuration.exchangeTimeLimit = .milliseconds(200)
        let lines = Counter()
        let fixture = try Fixture(configuration) { if $0.contains("http library message") { lines.add() } }
        let parts = [
            "GET ", "POST ", "HEAD", " /healthz", " HTTP/1.1", " HTTP/1.0", "\r\n", "\n", "\r", "Host: t",
            "Content-Length: ",
            "4", "-1", "Transfer-Encoding: chunked", ":", " ", "\u{0}", "%00", "%zz", "é", "\t", "?a=%",
            "Connection: close",
            "Expect: 100-continue", "5\r\nabcde\r\n", "0\r\n\r\n", "\r\n\r\n",
        ]
        var generator = SystemRandomNumberGenerator()
        let start = ContinuousClock.now
        for _ in 0..<800 {
            guard let client = RawClient(fixture.port) else { continue }
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1..<30, using: &generator) {
                bytes += (parts.randomElement(using: &generator) ?? "").utf8
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    bytes.append(.random(in: 0...255, using: &generator))
                }
            }
            client.send(bytes)
            client.endRequests()
            let (text, isClosed) = client.read()
            #expect(isClosed, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            #expect(text.isEmpty || text.hasPrefix("HTTP/1."), "\(text.debugDescription)")
        }
        #expect(RawClient.get(fixture.port, "/healthz")?.status == 200)
        let seconds = UInt64((start.duration(to: .now) / .seconds(1)).rounded(.up))
        #expect(lines.value <= seconds + 1, "messages about clients are limited")
    }

    @Test func stopEndsOpenConnectionsInTime() throws {
        let fixture = try Fixture()
        let idle = try #require(RawClient(fixture.port))
        let dripping = try #require(RawClient(fixture.port))
        dripping.send("GET /heal")
        let stalled = try #require(RawClient(fixture.port, receiveBufferBytes: 4096))
        stalled.send("GET /big HTTP/1.1\r\nHost: t\r\n\r\n")
        #expect(!stalled.read { $0.contains("HTTP/1.1 200") }.isClosed)
        let elapsed = ContinuousClock().measure { fixture.server.stop() }
        // Well before the clients' own time limit of 10 s, which it must not wait for.
        #expect(elapsed < .seconds(9))
        #expect(idle.read().isClosed)
        #expect(dripping.read().isClosed)
        #expect(RawClient(fixture.port) == nil)
        fixture.server.stop()
    }

    @Test func stopLetsAnswersInWorkFinish() async throws {
        let (began, release) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let slow = HTTPRoute.get("/slow") { _ in
            began.signal()
            release.wait()
            return HTTPResponse(status: 200, body: "finished")
        }
        let fixture = try Fixture(routes: [slow])
        let client = try #require(RawClient(fixture.port))
        client.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n")
        #expect(Self.waited(for: began))
        let stopped = DispatchSemaphore(value: 0)
        let server = fixture.server
        DispatchQueue.global().async {
            server.stop()
            stopped.signal()
        }
        // The server refuses new clients while the answer is still in work.
        let port = fixture.port
        #expect(try await fixture.wait { RawClient(port) == nil })
        release.signal()
        let (text, isClosed) = client.read()
        #expect(isClosed && text.hasSuffix("finished"))
        #expect(Self.waited(for: stopped))
    }

    private static func waited(for semaphore: DispatchSemaphore) -> Bool {
        semaphore.wait(timeout: .now() + 20) == .success
    }

    @Test func startAndStopLeaveNothingBehind() throws {
        _ = try Fixture()
        let before = ProcessStatus.openDescriptors ?? 0
        for _ in 0..<20 {
            let fixture = try Fixture()
            #expect(RawClient.get(fixture.port, "/healthz")?.status == 200)
        }
        // Other suites open and close a few descriptors meanwhile; 20 servers have more than 100.
        #expect((ProcessStatus.openDescriptors ?? 0) < before + 40)
    }

    @Test func portInUseIsATypedError() throws {
        let fixture = try Fixture()
        let error = #expect(throws: HTTPServerError.self) {
            try HTTPServer(configuration: .init(port: fixture.port), routes: [], log: fixture.log)
        }
        #expect(error?.code == .addressInUse)
        #expect(error?.description.contains("127.0.0.1:\(fixture.port): address in use") == true)
        #expect(RawClient.get(fixture.port, "/healthz")?.status == 200)
    }

    @Test(arguments: ["no.such.host.invalid", "", "203.0.113.7", "1.2.3.4.5", "::1%nothing"])
    func wrongHostsAreTypedErrors(host: String) {
        let error = #expect(throws: HTTPServerError.self) {
            try HTTPServer(configuration: .init(host: host), routes: [], log: Log { _ in })
        }
        #expect(error?.code == .addressUnknown, "\(String(describing: error))")
    }

    @Test func listensOnTheLoopbackAddressOnly() throws {
        let fixture = try Fixture()
        #expect(RawClient(fixture.port, host: "127.0.0.2") == nil)
        let other = try Fixture(.init(host: "localhost"))
        #expect(other.port != fixture.port && other.port != 0)
    }
}
