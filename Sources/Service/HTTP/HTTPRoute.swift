/// One endpoint: a method, a path, and what answers.
///
/// The handler runs on the server's only thread: it must return within milliseconds and never wait for a broker.
public struct HTTPRoute: Sendable {
    /// The method.
    public let method: HTTPMethod
    /// The whole path; there are no patterns.
    public let path: String
    /// Answers a request that matched.
    public let handler: @Sendable (HTTPRequest) -> HTTPResponse

    /// `GET` (and `HEAD`) on `path`, which starts with a slash.
    public static func get(_ path: String, _ handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse) -> HTTPRoute {
        precondition(path.hasPrefix("/"), "a path starts with a slash: \(path)")
        return HTTPRoute(method: .get, path: path, handler: handler)
    }
}

/// Finds the route of a request. A value without sockets, so that routing is tested without any.
struct Router: Sendable {
    private let routes: [String: [HTTPRoute]]

    /// Two routes of the same method and path trap: one would never be reached.
    init(_ routes: [HTTPRoute]) {
        self.routes = Dictionary(grouping: routes, by: \.path)
        for sharing in self.routes.values {
            precondition(Set(sharing.map(\.method)).count == sharing.count, "two routes on \(sharing[0].path)")
        }
    }

    /// The answer, and the path for metrics: the route's own, or `other`, never what a client made up.
    func answer(method: String, target: String) -> (response: HTTPResponse, path: String) {
        let path = Self.path(ofTarget: target)
        guard let sharing = routes[path] else { return (.notFound, "other") }
        let effective = method == "HEAD" ? HTTPMethod.get.rawValue : method
        guard let route = sharing.first(where: { $0.method.rawValue == effective }) else {
            return (.methodNotAllowed(allowed: sharing.map(\.method)), path)
        }
        return (route.handler(HTTPRequest(method: route.method, path: path)), path)
    }

    /// The path of an absolute target (`http://host/path`), which every server has to take (RFC 9112, 3.2.2), or the
    /// target itself.
    static func path(ofTarget target: String) -> String {
        guard let scheme = target.prefix(8).lowercased().firstRange(of: "://") else { return target }
        guard ["http://", "https://"].contains(target[..<scheme.upperBound].lowercased()) else { return target }
        let authority = target[scheme.upperBound...]
        return authority.firstIndex(of: "/").map { String(authority[$0...]) } ?? "/"
    }
}

extension HTTPResponse {
    static let notFound = HTTPResponse(status: 404, body: "not found\n")

    static func methodNotAllowed(allowed: [HTTPMethod]) -> HTTPResponse {
        let names = allowed.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }.sorted()
        let header = HTTPHeader("Allow", names.joined(separator: ", "))
        return HTTPResponse(status: 405, headers: [header], body: "method not allowed\n")
    }
}
