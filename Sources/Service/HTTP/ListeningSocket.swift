import Glibc

/// A listening TCP socket of our own: libmicrohttpd would bind every interface and leave the send buffer unbounded.
/// Closed with the value.
struct ListeningSocket: ~Copyable {
    let descriptor: Int32
    /// The port in use, also when 0 was asked for.
    let port: UInt16

    /// Send buffer of every accepted connection: a client that reads slowly held 4 MB otherwise.
    private static let sendBufferBytes: Int32 = 64 * 1024

    /// Listens on the first address of `host` (an address or a name) that can be bound; port 0 takes a free one.
    init(host: String, port: UInt16) throws(HTTPServerError) {
        let address = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        func failure(_ code: HTTPServerError.Code, _ detail: String) -> HTTPServerError {
            HTTPServerError(code: code, address: address, detail: detail)
        }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var results: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host.isEmpty ? " " : host, String(port), &hints, &results)
        guard status == 0, let first = unsafe results else {
            throw failure(.addressUnknown, unsafe String(cString: gai_strerror(status)))
        }
        defer { unsafe freeaddrinfo(first) }

        var lastError: Int32 = 0
        var candidate: UnsafeMutablePointer<addrinfo>? = unsafe first
        while let entry = unsafe candidate {
            let descriptor = unsafe Self.listen(entry.pointee)
            if descriptor >= 0 {
                self.descriptor = descriptor
                self.port = Self.boundPort(of: descriptor) ?? port
                return
            }
            lastError = errno
            unsafe candidate = entry.pointee.ai_next
        }
        let code: HTTPServerError.Code =
            switch lastError {
            case EADDRINUSE: .addressInUse
            case EADDRNOTAVAIL, EAFNOSUPPORT: .addressUnknown
            case EACCES, EPERM: .notPermitted
            default: .failed
            }
        throw failure(code, unsafe String(cString: strerror(lastError)))
    }

    deinit { close(descriptor) }

    /// A listening descriptor, or -1 with the reason in `errno`.
    private static func listen(_ address: addrinfo) -> Int32 {
        let type = unsafe address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = unsafe socket(address.ai_family, type, address.ai_protocol)
        guard descriptor >= 0 else { return -1 }
        // Reuse lets a restarted service bind while old connections linger; two listeners still exclude each other.
        setOption(descriptor, SO_REUSEADDR, 1)
        setOption(descriptor, SO_SNDBUF, sendBufferBytes)
        guard unsafe bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, Glibc.listen(descriptor, 128) == 0
        else {
            let reason = errno
            close(descriptor)
            errno = reason
            return -1
        }
        return descriptor
    }

    private static func setOption(_ descriptor: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        unsafe setsockopt(descriptor, SOL_SOCKET, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func boundPort(of descriptor: Int32) -> UInt16? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &size)
            }
        }
        guard status == 0 else { return nil }
        // The port stands at the same place in sockaddr_in and sockaddr_in6: after the family, in network order.
        return unsafe withUnsafeBytes(of: &storage) {
            UInt16(bigEndian: unsafe $0.load(fromByteOffset: 2, as: UInt16.self))
        }
    }
}
