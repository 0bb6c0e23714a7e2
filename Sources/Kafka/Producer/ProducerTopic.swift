import CRdKafka
import Synchronization

/// A topic to produce to, looked up once. Lives as long as its producer; used with no other.
///
/// `@unchecked Sendable`: librdkafka's topic handles are thread-safe; only `Producer.close` frees it.
@safe public final class ProducerTopic: @unchecked Sendable {
    /// Its name.
    public let name: String
    let pointer: OpaquePointer
    let client: ClientHandle
    private let isClosed = Atomic<Bool>(false)

    init(_ name: String, _ client: ClientHandle) throws(KafkaError) {
        let topic = try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            unsafe rd_kafka_topic_new(client, name, nil)
        }
        guard let topic = unsafe topic else { throw KafkaError(code: KafkaErrorCode(rd_kafka_last_error())) }
        self.name = name
        unsafe pointer = topic
        self.client = client
        client.retainHandle()
    }

    deinit { close() }

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        unsafe rd_kafka_topic_destroy(pointer)
        client.releaseHandle()
    }
}
