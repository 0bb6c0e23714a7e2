/// A request as a handler sees it. It never carries a body: routes that take one do not exist yet, and a request that
/// announces one is refused before any handler runs.
public struct HTTPRequest: Sendable {
    /// `GET`, also for `HEAD`: the server leaves the body out itself.
    public let method: HTTPMethod
    /// The decoded path without query, as the route names it.
    public let path: String

    /// A request, as for a test of a handler.
    public init(method: HTTPMethod, path: String) {
        self.method = method
        self.path = path
    }
}

/// The methods that routes can have.
public enum HTTPMethod: String, Sendable, CaseIterable {
    /// Reads; answers `HEAD` too.
    case get = "GET"
}

/// An answer: status, body with its media type, further headers.
public struct HTTPResponse: Sendable, Equatable {
    /// The status code, 200 to 599.
    public let status: UInt32
    /// The value of `Content-Type`.
    public let mediaType: String
    /// Further headers, in order. Names and values come from code, never from a request.
    public let headers: [HTTPHeader]
    /// The body as UTF-8.
    public let body: String

    /// An answer. Adds nothing by itself; the server adds length, date and the headers that hold for every answer.
    public init(
        status: UInt32, mediaType: String = "text/plain; charset=utf-8", headers: [HTTPHeader] = [], body: String
    ) {
        self.status = status
        self.mediaType = mediaType
        self.headers = headers
        self.body = body
    }
}

/// One header field.
public struct HTTPHeader: Sendable, Equatable {
    /// The name as written.
    public let name: String
    /// The value without surrounding blanks.
    public let value: String

    /// A header field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
