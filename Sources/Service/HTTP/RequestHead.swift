/// The head of a request, and the reasons to refuse it before anything else looks at it.
///
/// libmicrohttpd lets pass what two servers could read differently (request smuggling): a length beside a transfer
/// encoding, differing lengths, unknown encodings. All of that is refused here, and the connection closed.
struct RequestHead {
    let version: String
    var headers: [HTTPHeader] = []

    /// The answer that refuses this request, or `nil` when it is fine. RFC 9112, sections 2.3, 3.2, 5.1, 6.1 to 6.3.
    var refusal: HTTPResponse? {
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            return HTTPResponse(status: 505, body: "HTTP/1.1 or HTTP/1.0, please\n")
        }
        guard headers.allSatisfy({ Self.isToken($0.name) && Self.isFieldValue($0.value) }) else {
            return Self.bad("malformed header")
        }
        let hosts = values(of: "host")
        if hosts.count > 1 || (hosts.isEmpty && version == "HTTP/1.1") { return Self.bad("one Host header, please") }
        let lengths = values(of: "content-length")
        let encodings = values(of: "transfer-encoding")
        if !lengths.isEmpty && !encodings.isEmpty { return Self.bad("Content-Length beside Transfer-Encoding") }
        if lengths.count > 1 { return Self.bad("more than one Content-Length") }
        if let length = lengths.first {
            guard !length.isEmpty, length.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { return Self.bad("Content-Length is not a number") }
            guard length.utf8.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return Self.bodyRefused }
        }
        if !encodings.isEmpty {
            if version == "HTTP/1.0" { return Self.bad("Transfer-Encoding in HTTP/1.0") }
            guard encodings.count == 1, encodings[0].lowercased() == "chunked" else {
                return HTTPResponse(status: 501, body: "unknown Transfer-Encoding\n")
            }
            return Self.bodyRefused
        }
        return nil
    }

    private func values(of name: String) -> [String] { headers.filter { $0.name.lowercased() == name }.map(\.value) }

    private static let bodyRefused = HTTPResponse(status: 413, body: "no request body is taken here\n")

    private static func bad(_ reason: String) -> HTTPResponse { HTTPResponse(status: 400, body: reason + "\n") }

    /// RFC 9110, 5.6.2. A space before the colon is what smuggled encodings hide behind.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isFieldValue(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
