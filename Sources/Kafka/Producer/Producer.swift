import CRdKafka
import Synchronization
public import Telemetry

/// An idempotent producer (`acks=all`): what it reports as delivered is written once, in the order of the calls for each
/// partition. One worker thread calls it; `close` comes from anywhere once that worker has stopped using it.
///
/// Under load a message is sent when its request is full or `linger.ms` (5) have passed; a small batch (``beginBatch(of:)``) leaves
/// at once. So requests are full where that counts, and nobody chooses a linger.
///
/// `@unchecked Sendable`: the client is thread-safe; `queue`, `readiness`, `batch` and the counts belong to the one worker and,
/// after it, to `close`, which the owner orders.
@safe public final class Producer: @unchecked Sendable {
    /// Whoever produced this many at once will go on within the 5 ms of the linger.
    private static let largeBatch = 1000
    /// While this many are on their way, their reports not drained, the brokers are busy, and small requests would only make them
    /// slower. (At 20,000 events/s on two cores p99 is a fifth less than with ten times as many, in seven of nine pairs of
    /// runs; p50 is no worse.)
    private static let manyOutstanding = 100

    let client: ClientHandle
    /// Messages whose report was not drained yet.
    var outstandingCount = 0
    /// What ``outstandingCount`` was after the last drain.
    private var outstandingAtDrain = 0
    /// Messages that were not handed to librdkafka yet.
    let batch: OpaquePointer
    private let queue: OpaquePointer
    private let readiness: Unmanaged<Readiness>
    private let topics = Mutex<[String: ProducerTopic]>([:])
    private let isClosed = Atomic<Bool>(false)

    /// Makes the client and lets it connect. `onDeliveries` is called from librdkafka's threads, under a lock of its, when
    /// the first report comes after none waited: it may only schedule `drainDeliveries`.
    public init(
        properties: ClientProperties, settings: ProducerSettings, log: Log,
        onDeliveries: @escaping @Sendable () -> Void
    ) throws(KafkaError) {
        let client = try ClientHandle(
            .producer, properties: settings.properties(properties), serving: .callbacks, secrets: properties.secrets,
            log: log)
        let queue = try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            guard let queue = unsafe rd_kafka_queue_get_main(client) else { throw KafkaError.closed }
            return unsafe queue
        }
        guard let batch = unsafe mr_new_batch(client.unguarded) else {
            unsafe rd_kafka_queue_destroy(queue)
            throw KafkaError(code: KafkaErrorCode(RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE))
        }
        unsafe self.batch = batch
        self.client = client
        client.retainHandle()
        unsafe self.queue = queue
        unsafe readiness = Readiness.enable(queue, onDeliveries)
    }

    deinit {
        releaseHandles()
        unsafe mr_free_batch(batch)
    }

    /// A topic to produce to; asking again gives the same. The topic should exist: see `Admin.createTopics`.
    public func topic(_ name: String) throws(KafkaError) -> ProducerTopic {
        if let known = topics.withLock({ $0[name] }) { return known }
        let topic = try ProducerTopic(name, client)
        return topics.withLock { topics in
            if let known = topics[name] { return known }
            topics[name] = topic
            return topic
        }
    }

    /// Asks the cluster what partitions a topic has now; the producer knows them from then on, and nothing queued is touched.
    /// Waits for the answer. Throws `isUnknownTopic` when the topic does not exist.
    public func refreshMetadata(topic: String, timeout: Duration) throws(KafkaError) -> TopicMetadata {
        try client.topicMetadata(topic, timeout: timeout)
    }

    /// Messages whose report was not drained yet. For the thread that produces.
    public var inFlightCount: Int { outstandingCount }

    /// The error that made the producer useless, if one did: close it and make another.
    public var fatalError: KafkaError? { client.fatalError() }

    /// Call it before each batch of `count` messages: those of a small one leave at once, whatever `linger.ms` says. Those of a
    /// large one, or of one behind many that are still on their way, are left to fill librdkafka's requests, as are all before
    /// the first call. Cheap.
    ///
    /// `rd_kafka_flush`, which also ends the waiting, is no help: it has to wait itself until librdkafka's threads have looked,
    /// and another thread for it costs three changes of threads for each batch.
    public func beginBatch(of count: Int) {
        guard client.isOpen else { return }
        let isSmall = count < Self.largeBatch && outstandingCount < Self.manyOutstanding
        unsafe mr_let_leave_at_once(batch, isSmall ? 1 : 0)
    }

    /// Takes the delivery reports that are there, without waiting, in place of what `runs` held. Complete when it returns:
    /// `onDeliveries` fires for what comes after. No allocation once `runs` has grown.
    public func drainDeliveries(into runs: inout DeliveryRuns) {
        runs.removeAll()
        guard client.isOpen else { return }
        unsafe mr_serve(queue, runs.log)
        unsafe _ = mr_send_batch(batch)
        unsafe mr_take_refused(batch, runs.log)
        for index in 0..<runs.count { outstandingCount -= runs[index].count }
        outstandingAtDrain = outstandingCount
    }

    /// Messages produced since the reports were drained last.
    public var producedSinceDrain: Int { outstandingCount - outstandingAtDrain }

    /// Errors of the connection since the last call (the newest 16 at most): refused credentials, no broker reachable.
    /// They come with ``drainDeliveries(into:)``. Cheap when there are none.
    public func takeErrors() -> [KafkaError] { client.takeErrors() }

    /// librdkafka's newest JSON statistics, if `statistics.interval.ms` asks for them.
    public var statistics: String? { client.statistics }

    /// Gives up everything queued or on its way; each gets a report (`purgedFromQueue`, `purgedInFlight`). Those in flight
    /// may have been written.
    public func purge() {
        unsafe mr_drop_batch(batch)
        try? unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            unsafe _ = rd_kafka_purge(client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        }
    }

    /// Frees the client; what is still queued is given up (wait for `inFlightCount` 0 before, where it matters). False when
    /// it is not gone at the deadline; it then ends by itself or with the process.
    public func close(deadline: ContinuousClock.Instant) -> Bool {
        purge()
        releaseHandles()
        return client.destroy(deadline: deadline)
    }

    private func releaseHandles() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        unsafe Readiness.disable(queue, readiness)
        unsafe rd_kafka_queue_destroy(queue)
        for topic in topics.withLock({ Array($0.values) }) { topic.close() }
        client.releaseHandle()
    }
}
