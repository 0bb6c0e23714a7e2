// Goal: every request line finds its route or the right refusal, and every way to make two servers disagree about a
// request is refused. Method: the pure parts alone, without sockets.

import Telemetry
import Testing

@testable import Service

@Suite struct RouterTests {
    private let router = Router([
        .get("/") { _ in HTTPResponse(status: 200, body: "index") },
        .get("/a") { HTTPResponse(status: 200, body: "\($0.method.rawValue) \($0.path)") },
    ])

    @Test func routesByPath() {
        #expect(router.answer(method: "GET", target: "/").response.body == "index")
        #expect(router.answer(method: "GET", target: "/a").response.body == "GET /a")
        #expect(router.answer(method: "HEAD", target: "/a").response.body == "GET /a")
    }

    @Test(arguments: ["/A", "/a/", "//a", "/a/b", "", "a", "/metrics\u{0}", "*", "ftp://host/a"])
    func unknownPathsAreNotFound(target: String) {
        let (response, path) = router.answer(method: "GET", target: target)
        #expect(response.status == 404)
        #expect(path == "other")
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "NONSENSE", ""])
    func otherMethodsAreNotAllowed(method: String) {
        let response = router.answer(method: method, target: "/a").response
        #expect(response.status == 405)
        #expect(response.headers == [HTTPHeader("Allow", "GET, HEAD")])
    }

    @Test(arguments: [
        ("http://host/a", "/a"), ("HTTP://host:80/a", "/a"), ("https://host", "/"), ("/x://y", "/x://y"), ("/a", "/a"),
    ])
    func absoluteTargetsAreTaken(target: String, path: String) {
        #expect(Router.path(ofTarget: target) == path)
    }

    @Test func probesAnswer() {
        let registry = MetricRegistry()
        registry.counter(.events).add(5)
        var router = Router(HTTPRoute.probes(metrics: registry) { Readiness(isReady: true, reason: "ready") })
        #expect(router.answer(method: "GET", target: "/healthz").response.status == 200)
        #expect(router.answer(method: "GET", target: "/readyz").response == HTTPResponse(status: 200, body: "ready\n"))
        let page = router.answer(method: "GET", target: "/metrics").response
        #expect(page.body.contains("millrace_events_total 5\n"))
        #expect(page.mediaType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(router.answer(method: "GET", target: "/").response.body.contains("/readyz"))
        router = Router(HTTPRoute.probes(metrics: registry) { Readiness(isReady: false, reason: "orders/3 is stuck") })
        let stuck = HTTPResponse(status: 503, body: "orders/3 is stuck\n")
        #expect(router.answer(method: "GET", target: "/readyz").response == stuck)
    }
}

@Suite struct RequestHeadTests {
    private func status(_ headers: [(String, String)], version: String = "HTTP/1.1", host: Bool = true) -> UInt32? {
        let all = (host ? [("Host", "h")] : []) + headers
        return RequestHead(version: version, headers: all.map { HTTPHeader($0.0, $0.1) }).refusal?.status
    }

    @Test func ordinaryHeadsPass() {
        #expect(status([]) == nil)
        #expect(
            status([("Accept", "*/*"), ("X-Empty", ""), ("Cookie", "a=b; c=\t\u{E9}"), ("Content-Length", "0")]) == nil)
        #expect(status([], version: "HTTP/1.0", host: false) == nil)
    }

    @Test func bodiesAreRefused() {
        #expect(status([("Content-Length", "5")]) == 413)
        #expect(status([("Content-Length", "99999999999999999999999999")]) == 413)
        #expect(status([("Transfer-Encoding", "Chunked")]) == 413)
    }

    @Test func smugglingIsRefused() {
        #expect(status([("Content-Length", "0"), ("Transfer-Encoding", "chunked")]) == 400)
        #expect(status([("content-length", "0"), ("Content-Length", "0")]) == 400)
        #expect(status([("Content-Length", "0, 5")]) == 400)
        for length in ["+0", "-1", "0x0", "", " ", "1e3", "５"] { #expect(status([("Content-Length", length)]) == 400) }
        for encoding in ["identity", "gzip, chunked", "chunked, identity", "xchunked", "", "chunked;q=1"] {
            #expect(status([("Transfer-Encoding", encoding)]) == 501)
        }
        #expect(status([("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")]) == 501)
        #expect(status([("Transfer-Encoding", "chunked")], version: "HTTP/1.0") == 400)
        for name in ["Transfer-Encoding ", "Transfer-Encoding\t", " X", "X\u{0}Y", "", "X(", "Ünicode"] {
            #expect(status([(name, "chunked")]) == 400)
        }
        for value in ["a\u{0}b", "a\rb", "a\nb", "\u{7F}"] { #expect(status([("X", value)]) == 400) }
    }

    @Test func hostsAndVersions() {
        #expect(status([], host: false) == 400)
        #expect(status([("Host", "other")]) == 400)
        for version in ["HTTP/2.0", "HTTP/0.9", "", "HTTP/1.2", "http/1.1"] {
            #expect(status([], version: version) == 505)
        }
    }

    @Test func libraryMessagesAreLimitedToOneASecond() {
        var limit = MessageLimit()
        let start = ContinuousClock.now
        #expect(limit.admit(at: start) == 0)
        #expect(limit.admit(at: start + .milliseconds(1)) == nil)
        #expect(limit.admit(at: start + .milliseconds(999)) == nil)
        #expect(limit.admit(at: start + .milliseconds(1000)) == 2)
        #expect(limit.admit(at: start + .seconds(5)) == 0)
    }
}
