import CRdKafka
import Glibc
import Synchronization
import Telemetry

/// Owns one librdkafka client and makes sure that it is freed after everything that came from it.
///
/// `rd_kafka_destroy` hangs while one message, queue or topic handle is unreleased. So whoever holds such a handle also
/// holds this object and counts itself (`retainHandle`, `releaseHandle`); calls are counted by `use`; and `destroy` waits
/// for both counts with a deadline before it frees anything.
///
/// `@unchecked Sendable`: librdkafka's client functions may be called from any thread; the pointer never changes, and after
/// `destroy` began `use` refuses it.
@safe final class ClientHandle: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let context: ClientContext
    /// The reference that librdkafka's pointer stands for; released when no callback can come any more.
    private let retainedContext: Unmanaged<ClientContext>
    let secrets: Secrets
    private let refusalHint: String
    private let handles = Atomic<Int>(0)
    private let uses = Atomic<Int>(0)
    private let isClosing = Atomic<Bool>(false)
    private let isGone = Atomic<Bool>(false)

    enum Kind { case consumer, producer }

    /// How what a client has to say is served.
    enum Serving {
        /// Events of these kinds (`RD_KAFKA_EVENT_…`) come to its queues.
        case events(Int32)
        /// Callbacks, of delivery reports, errors and statistics.
        case callbacks
    }

    init(_ kind: Kind, properties: [Property], serving: Serving, secrets: Secrets, log: Log) throws(KafkaError) {
        let context = ClientContext(log: LibraryLog(log: log, secrets: secrets))
        let retained = unsafe Unmanaged.passRetained(context)
        do {
            var configuration = ConfigurationBuilder(secrets: secrets)
            try configuration.set(properties)
            switch serving {
            case .events(let mask): configuration.enableEvents(mask)
            case .callbacks: configuration.setProducerCallbacks()
            }
            unsafe configuration.setContext(retained)
            unsafe pointer = try Self.start(kind, configuration.copy(), secrets)
        } catch {
            unsafe retained.release()
            throw error
        }
        self.context = context
        unsafe retainedContext = retained
        self.secrets = secrets
        refusalHint = Self.refusalHint(properties)
    }

    deinit {
        // Nobody closed it, and nobody can wait here: it is freed in the background, its context stays.
        if !isClosing.load(ordering: .acquiring) { unsafe _ = mr_destroy(pointer, Self.destroyFlags, 0) }
    }

    // Leaving the group is `ConsumerGroup.close`'s work; here only the memory and the threads go.
    private static let destroyFlags = Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)

    private static func start(
        _ kind: Kind, _ configuration: OpaquePointer, _ secrets: Secrets
    ) throws(KafkaError) -> OpaquePointer {
        var text = [CChar](repeating: 0, count: 512)
        let type = kind == .consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER
        let client = unsafe text.withUnsafeMutableBufferPointer {
            unsafe rd_kafka_new(type, configuration, $0.baseAddress, $0.count)
        }
        guard let client = unsafe client else {
            // rd_kafka_new takes the configuration over only when it succeeds.
            unsafe rd_kafka_conf_destroy(configuration)
            throw KafkaError(code: .invalidArgument, message: secrets.redact(errorText(text)))
        }
        return unsafe client
    }

    /// Runs `body` with the client, which stays alive meanwhile. Throws `closed` once `destroy` began.
    func use<Result: ~Copyable>(
        _ body: (OpaquePointer) throws(KafkaError) -> Result
    ) throws(KafkaError) -> Result {
        uses.add(1, ordering: .sequentiallyConsistent)
        defer { uses.subtract(1, ordering: .sequentiallyConsistent) }
        guard !isClosing.load(ordering: .sequentiallyConsistent) else { throw .closed }
        return try unsafe body(pointer)
    }

    /// The client for the hot path, without the count: the caller's rule has to keep it from being closed meanwhile.
    var unguarded: OpaquePointer { unsafe pointer }

    var isOpen: Bool { !isClosing.load(ordering: .relaxed) }

    func retainHandle() { handles.add(1, ordering: .relaxed) }
    func releaseHandle() { handles.subtract(1, ordering: .releasing) }

    /// Frees the client. False when something that came from it is still held at the deadline: then the client is left
    /// alone (its threads go on until the process ends), because freeing it would hang.
    func destroy(deadline: ContinuousClock.Instant) -> Bool {
        guard !isClosing.exchange(true, ordering: .sequentiallyConsistent) else {
            return isGone.load(ordering: .acquiring)
        }
        while handles.load(ordering: .acquiring) > 0 || uses.load(ordering: .sequentiallyConsistent) > 0 {
            guard ContinuousClock.now < deadline else { return false }
            usleep(1000)  // Holders have no way to signal without a lock on the hot path; this happens once a client.
        }
        let gone = unsafe mr_destroy(pointer, Self.destroyFlags, (deadline - .now).milliseconds) == 1
        if gone { unsafe retainedContext.release() }
        isGone.store(gone, ordering: .releasing)
        return gone
    }

    /// The error that made the client useless, if one did.
    func fatalError() -> KafkaError? {
        var text = [CChar](repeating: 0, count: 512)
        let code = try? unsafe use { (client: OpaquePointer) throws(KafkaError) in
            unsafe text.withUnsafeMutableBufferPointer {
                unsafe rd_kafka_fatal_error(client, $0.baseAddress, $0.count)
            }
        }
        guard let code, code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(code: KafkaErrorCode(code), message: secrets.redact(errorText(text)), isFatal: true)
    }

    /// An error event as an error of ours; a fatal one carries the cause.
    func error(of event: OpaquePointer) -> KafkaError {
        if unsafe rd_kafka_event_error_is_fatal(event) != 0, let fatal = fatalError() { return fatal }
        let text = unsafe rd_kafka_event_error_string(event).map { unsafe String(cString: $0) }
        return error(unsafe KafkaErrorCode(rd_kafka_event_error(event)), text)
    }

    /// What the error callback brought since the last call; a fatal one carries the cause.
    func takeErrors() -> [KafkaError] {
        context.takeErrors().map { code, text in
            if code == .fatal, let fatal = fatalError() { return fatal }
            return error(code, text)
        }
    }

    /// What the statistics callback brought last.
    var statistics: String? { context.statistics }

    private func error(_ code: KafkaErrorCode, _ text: String?) -> KafkaError {
        let hint = code == .authentication ? refusalHint : ""
        return KafkaError(code: code, message: secrets.redact(text ?? code.text) + hint)
    }

    /// What to add to refused credentials that may well be right.
    private static func refusalHint(_ properties: [Property]) -> String {
        let mechanism = properties.last { ["sasl.mechanism", "sasl.mechanisms"].contains($0.key) }?.value.uppercased()
        guard LibraryVersion.repeatsScramNonce, mechanism?.hasPrefix("SCRAM") == true else { return "" }
        return "; librdkafka \(LibraryVersion.text) cannot use SCRAM with Kafka 3.8.1 or later, even with the right"
            + " password: put 2.6.1 or later in front (the container image has it), or use PLAIN over TLS"
    }
}

extension Duration {
    /// Whole milliseconds, rounded up so that a short wait is not a spin, within 0 … 2³¹−1.
    var milliseconds: Int32 {
        guard self > .zero else { return 0 }
        guard self < .milliseconds(Int64(Int32.max)) else { return .max }
        let (seconds, attoseconds) = components
        return Int32(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

/// Turns an `rd_kafka_error_t` into an error of ours and frees it; nothing when there is none.
func check(_ error: OpaquePointer?, _ secrets: Secrets) throws(KafkaError) {
    guard let error = unsafe error else { return }
    defer { unsafe rd_kafka_error_destroy(error) }
    let code = unsafe KafkaErrorCode(rd_kafka_error_code(error))
    let text = unsafe rd_kafka_error_string(error).map { unsafe String(cString: $0) } ?? code.text
    throw KafkaError(code: code, message: secrets.redact(text), isFatal: unsafe rd_kafka_error_is_fatal(error) != 0)
}

/// Throws what a result code says; nothing on success.
func check(_ code: rd_kafka_resp_err_t) throws(KafkaError) {
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    throw KafkaError(code: KafkaErrorCode(code))
}
