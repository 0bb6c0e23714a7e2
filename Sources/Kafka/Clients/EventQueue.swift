import CRdKafka
import Synchronization

/// A librdkafka queue that is read as events by one thread.
///
/// `@unchecked Sendable`: the queue functions are thread-safe; `close` is the owner's last call.
@safe final class EventQueue: @unchecked Sendable {
    let pointer: OpaquePointer
    private let client: ClientHandle
    private let isClosed = Atomic<Bool>(false)

    /// The group member's own queue.
    init(consumerOf client: ClientHandle) throws(KafkaError) {
        unsafe pointer = try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            guard let queue = unsafe rd_kafka_queue_get_consumer(client) else { throw KafkaError.closed }
            return unsafe queue
        }
        self.client = client
        client.retainHandle()
    }

    /// The client's queue for errors and delivery reports.
    init(mainOf client: ClientHandle) throws(KafkaError) {
        unsafe pointer = try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            guard let queue = unsafe rd_kafka_queue_get_main(client) else { throw KafkaError.closed }
            return unsafe queue
        }
        self.client = client
        client.retainHandle()
    }

    /// A queue for the answers to certain calls.
    init(new client: ClientHandle) throws(KafkaError) {
        unsafe pointer = try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            guard let queue = unsafe rd_kafka_queue_new(client) else { throw KafkaError.closed }
            return unsafe queue
        }
        self.client = client
        client.retainHandle()
    }

    deinit { close() }

    /// Gives the queue back; further calls do nothing.
    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        unsafe rd_kafka_queue_destroy(pointer)
        client.releaseHandle()
    }

    /// Waits for one event, then takes up to `limit` in all without waiting. Each lives as long as `body` runs.
    func poll(timeout: Duration, atMost limit: Int, _ body: (OpaquePointer) -> Void) {
        guard !isClosed.load(ordering: .acquiring) else { return }
        var wait = timeout.milliseconds
        for _ in 0..<limit {
            guard let event = unsafe rd_kafka_queue_poll(pointer, wait) else { return }
            unsafe body(event)
            unsafe rd_kafka_event_destroy(event)
            wait = 0
        }
    }
}
