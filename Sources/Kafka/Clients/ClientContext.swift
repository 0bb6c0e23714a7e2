import CRdKafka
import Synchronization

/// What a client's callbacks work with: librdkafka hands one pointer to them all.
final class ClientContext: Sendable {
    private struct Notices {
        var errors: [(code: KafkaErrorCode, text: String)] = []
        var statistics: String?
    }

    private static let errorsMax = 16

    let log: LibraryLog
    private let notices = Mutex(Notices())
    private let hasNewErrors = Atomic<Bool>(false)

    init(log: LibraryLog) { self.log = log }

    /// Keeps an error of the connection, the newest 16 at most.
    func add(_ code: rd_kafka_resp_err_t, _ text: String) {
        notices.withLock { notices in
            if notices.errors.count == Self.errorsMax { notices.errors.removeFirst() }
            notices.errors.append((KafkaErrorCode(code), text))
        }
        hasNewErrors.store(true, ordering: .releasing)
    }

    /// The errors since the last call. Cheap when there are none.
    func takeErrors() -> [(code: KafkaErrorCode, text: String)] {
        guard hasNewErrors.exchange(false, ordering: .acquiringAndReleasing) else { return [] }
        return notices.withLock { notices in
            defer { notices.errors.removeAll() }
            return notices.errors
        }
    }

    /// librdkafka's newest JSON statistics.
    var statistics: String? {
        get { notices.withLock { $0.statistics } }
        set { notices.withLock { $0.statistics = newValue } }
    }

    /// The context behind librdkafka's pointer; only in its callbacks, during which the client keeps it alive.
    static func of(_ pointer: UnsafeMutableRawPointer?) -> ClientContext? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe Unmanaged<ClientContext>.fromOpaque(pointer).takeUnretainedValue()
    }
}
