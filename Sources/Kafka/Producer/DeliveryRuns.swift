import CRdKafka
import Glibc

/// Delivery reports of messages whose tokens follow each other and whose result is the same.
public struct DeliveryRun: Sendable, Equatable {
    /// The token of the first message; the others' are this plus 1, 2, ….
    public let firstToken: UInt64
    /// How many messages.
    public let count: Int
    /// Their common result; `none` when they are safe with all replicas.
    public let code: KafkaErrorCode

    /// Whether they arrived.
    public var isDelivered: Bool { code == .none }
    /// The failure, or `nil`.
    public var error: KafkaError? { code == .none ? nil : KafkaError(code: code) }
}

/// Delivery runs in the order in which they came; filled again and again by `Producer.drainDeliveries`.
///
/// `@unchecked Sendable`: noncopyable plain memory.
@safe public struct DeliveryRuns: ~Copyable, @unchecked Sendable {
    let log: UnsafeMutablePointer<mr_delivery_log>

    /// Empty; grows to the most runs it ever held, 16 bytes each, and keeps that room.
    public init() {
        unsafe log = .allocate(capacity: 1)
        unsafe log.initialize(to: mr_delivery_log())
    }

    deinit {
        unsafe free(log.pointee.runs)
        unsafe log.deallocate()
    }

    /// How many runs there are.
    public var count: Int { unsafe log.pointee.count }

    /// The run at a position from 0 to `count - 1`.
    public subscript(index: Int) -> DeliveryRun {
        precondition(index >= 0 && index < count, "no such run")
        let run = unsafe log.pointee.runs[index]
        return DeliveryRun(
            firstToken: run.first_token, count: Int(run.count), code: KafkaErrorCode(rawValue: run.error))
    }

    /// Forgets all runs, keeps their room.
    mutating func removeAll() { unsafe log.pointee.count = 0 }
}
