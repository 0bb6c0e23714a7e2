import Foundation

/// A TCP client without manners: sends any bytes, reads with a deadline. Closed with the object.
final class RawClient: Sendable {
    private let socket: Int32

    /// `nil` when the connection is refused.
    init?(_ port: UInt16, host: String = "127.0.0.1", receiveBufferBytes: Int32? = nil) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBufferBytes {
            unsafe setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = unsafe inet_addr(host)
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(socket)
            return nil
        }
        self.socket = socket
    }

    deinit { close(socket) }

    /// False when the connection is gone.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        unsafe Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// No more requests will come.
    func endRequests() { shutdown(socket, Int32(SHUT_WR)) }

    /// Everything until `isEnough`, the end of the connection or the deadline; `isClosed` tells which.
    func read(
        atMost limit: Duration = .seconds(30), until isEnough: (String) -> Bool = { _ in false }
    ) -> (text: String, isClosed: Bool) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if isEnough(String(decoding: bytes, as: UTF8.self)) {
                return (String(decoding: bytes, as: UTF8.self), false)
            }
            let left = (deadline - .now) / .milliseconds(1)
            var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&request, 1, Int32(max(1, left))) > 0 else { continue }
            let count = unsafe recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return (String(decoding: bytes, as: UTF8.self), true) }
            bytes += buffer[..<count]
        }
        return (String(decoding: bytes, as: UTF8.self), false)
    }

    /// One request on a connection of its own, answered and closed; `nil` when refused.
    static func exchange(_ port: UInt16, _ request: String) -> Answer? {
        guard let client = RawClient(port) else { return nil }
        client.send(request)
        let (text, isClosed) = client.read()
        return Answer(text, isClosed: isClosed)
    }

    static func get(_ port: UInt16, _ path: String, method: String = "GET") -> Answer? {
        exchange(port, "\(method) \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
    }
}

/// What came back on a connection: the first answer's parts and everything.
struct Answer {
    let all: String
    let isClosed: Bool
    let status: Int?
    let headers: [String: String]
    let body: String

    init(_ text: String, isClosed: Bool) {
        all = text
        self.isClosed = isClosed
        let headEnd = text.firstRange(of: "\r\n\r\n")
        let lines = text[..<(headEnd?.lowerBound ?? text.startIndex)].split(separator: "\r\n")
        status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...]
            headers[line[..<colon].lowercased()] = value.trimmingCharacters(in: .whitespaces)
        }
        self.headers = headers
        body = headEnd.map { String(text[$0.upperBound...]) } ?? ""
    }

    /// How many answers came on the connection.
    var count: Int { all.components(separatedBy: "HTTP/1.1 ").count - 1 }
}
