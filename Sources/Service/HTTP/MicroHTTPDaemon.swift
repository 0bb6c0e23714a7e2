import CMicroHTTPD
import Glibc

/// The running library: owns its listening socket, its thread and all its connections; ends them in `deinit`.
/// The only file that calls libmicrohttpd.
///
/// Two habits of 0.9.75 to know: what it refuses by itself (no Host, folded or malformed headers) it answers with the
/// head sent twice, then closes; and a client's end that arrives together with its last bytes goes unnoticed until the
/// time limit.
@safe struct MicroHTTPDaemon: ~Copyable {
    struct Limits {
        let connectionsMax: UInt32
        let inactivitySeconds: UInt32
        /// Per connection. With 8 KiB an 8,000-byte header gets no answer at all.
        let poolBytes = 16 * 1024
    }

    private let daemon: OpaquePointer
    private let options: UnsafeMutablePointer<millrace_http_options>
    private let exchange: Unmanaged<HTTPExchange>
    private let socket: ListeningSocket

    /// Serves `exchange` on `socket` from a thread of the library's own; `nil` when the library refuses.
    init?(socket: consuming ListeningSocket, limits: Limits, exchange: HTTPExchange) {
        let retained = unsafe Unmanaged.passRetained(exchange)
        let options = UnsafeMutablePointer<millrace_http_options>.allocate(capacity: 1)
        unsafe options.initialize(
            to: millrace_http_options(
                listen_socket: socket.descriptor, connections_max: limits.connectionsMax,
                inactivity_seconds: limits.inactivitySeconds, pool_bytes: limits.poolBytes,
                context: retained.toOpaque(), connection: Self.onConnection, head: Self.onHead,
                request: Self.onRequest, completed: Self.onCompleted, log: Self.onLog))
        guard let daemon = unsafe millrace_http_start(options) else {
            unsafe options.deallocate()
            unsafe retained.release()
            return nil
        }
        unsafe self.daemon = daemon
        unsafe self.options = options
        unsafe self.exchange = retained
        self.socket = socket
    }

    /// Stops listening: new clients are refused by the system, open connections go on.
    func quiesce() {
        unsafe millrace_http_quiesce(daemon)
        shutdown(socket.descriptor, Int32(SHUT_RDWR))
    }

    deinit {
        // The library's thread is gone after this, so nothing uses the options or the exchange any more.
        unsafe millrace_http_stop(daemon)
        unsafe options.deallocate()
        unsafe exchange.release()
    }
}

extension MicroHTTPDaemon {
    private static func exchange(_ context: UnsafeMutableRawPointer?) -> HTTPExchange? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<HTTPExchange>.fromOpaque(context).takeUnretainedValue()
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer = unsafe pointer else { return "" }
        return unsafe String(cString: pointer)
    }

    private static let onConnection: @convention(c) (UnsafeMutableRawPointer?, Int32, Int32) -> Void = {
        context, socket, isOpen in
        let connections = unsafe exchange(context)?.connections
        isOpen == 1 ? connections?.opened(socket) : connections?.closed(socket)
    }

    private static let onCompleted: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Void = { context, socket in
        unsafe exchange(context)?.connections.requestEnded(socket)
    }

    private static let onLog: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Void = {
        context, message in
        unsafe exchange(context)?.libraryMessage(text(message))
    }

    private static let onHead:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?
        ) -> Int32 = { context, connection, _, _, version in
            guard let exchange = unsafe exchange(context), let connection = unsafe connection else { return 0 }
            exchange.connections.requestBegan()
            let collected = Collected(RequestHead(version: unsafe text(version)))
            unsafe millrace_http_headers(connection, Unmanaged.passUnretained(collected).toOpaque(), collect)
            guard let refusal = exchange.refusal(collected.head) else { return 1 }
            return unsafe answer(connection, refusal)
        }

    private static let onRequest:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, UnsafePointer<CChar>?
        ) -> Int32 = { context, connection, method, target in
            guard let exchange = unsafe exchange(context), let connection = unsafe connection else { return 0 }
            return unsafe answer(connection, exchange.answer(method: text(method), target: text(target)))
        }

    /// Lives during one `millrace_http_headers` call.
    private final class Collected {
        var head: RequestHead
        init(_ head: RequestHead) { self.head = head }
    }

    private static let collect:
        @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Int, UnsafePointer<CChar>?, Int
        ) -> Void = { context, name, nameSize, value, valueSize in
            guard let context = unsafe context else { return }
            let collected = unsafe Unmanaged<Collected>.fromOpaque(context).takeUnretainedValue()
            let name = unsafe String(decoding: UnsafeRawBufferPointer(start: name, count: nameSize), as: UTF8.self)
            let value = unsafe String(decoding: UnsafeRawBufferPointer(start: value, count: valueSize), as: UTF8.self)
            collected.head.headers.append(HTTPHeader(name, value))
        }

    private static func answer(_ connection: OpaquePointer, _ response: HTTPResponse) -> Int32 {
        let headers =
            [HTTPHeader("Content-Type", response.mediaType)] + response.headers + HTTPExchange.headersOfEveryAnswer
        // C texts for the length of the call; the library copies them.
        let texts = unsafe headers.flatMap { unsafe [strdup($0.name), strdup($0.value)] }
        defer { unsafe texts.forEach { unsafe free($0) } }
        let fields = unsafe stride(from: 0, to: texts.count, by: 2).map { index in
            unsafe millrace_http_header(name: UnsafePointer(texts[index]), value: UnsafePointer(texts[index + 1]))
        }
        let body = Array(response.body.utf8)
        return unsafe body.withUnsafeBytes { bytes in
            unsafe millrace_http_answer(
                connection, response.status, bytes.baseAddress, bytes.count, fields, fields.count)
        }
    }
}
