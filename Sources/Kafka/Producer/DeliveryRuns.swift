import CRdKafka

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

/// Room for a fixed number of delivery runs, filled again and again by `Producer.drainDeliveries`.
///
/// `@unchecked Sendable`: noncopyable plain memory.
@safe public struct DeliveryRuns: ~Copyable, @unchecked Sendable {
    let storage: UnsafeMutablePointer<mr_delivery_run>
    /// The most runs it can hold; with more waiting, drain again.
    public let capacity: Int
    /// The runs of the last drain.
    public internal(set) var count = 0

    /// Room for `capacity` (at least 1) runs of 16 bytes.
    public init(capacity: Int = 1024) {
        self.capacity = max(capacity, 1)
        unsafe storage = .allocate(capacity: self.capacity)
        unsafe storage.initialize(repeating: mr_delivery_run(), count: self.capacity)
    }

    deinit { unsafe storage.deallocate() }

    /// The run at a position from 0 to `count - 1`.
    public subscript(index: Int) -> DeliveryRun {
        precondition(index >= 0 && index < count, "no such run")
        let run = unsafe storage[index]
        return DeliveryRun(
            firstToken: run.first_token, count: Int(run.count), code: KafkaErrorCode(rawValue: run.error))
    }
}
