import CRdKafka
import Synchronization
public import Telemetry

/// One member of a consumer group. One control thread calls `poll` all the time and finally `close`; rebalances run inside
/// these calls. The other methods may be called from any thread, those with a timeout from one that may wait.
///
/// Records do not come from here but from the `PartitionQueue`s that the delegate opens, each read by one reader.
@safe public final class ConsumerGroup: Sendable {
    /// An offset that means the oldest record there is.
    public static let beginning: Int64 = -2
    /// An offset that means what comes next.
    public static let end: Int64 = -1

    struct State {
        var assigned: Set<TopicPartition> = []
        var delegate: (any RebalanceDelegate)?
    }

    let client: ClientHandle
    let settings: ConsumerSettings
    let log: Log
    let waker: LeaderWaker
    let lowWater: QueueLowWater?
    let state: Mutex<State>
    let events: EventQueue

    /// The group this is a member of.
    public let groupID: String

    /// Makes the client; nothing is sent before `subscribe`. The delegate is held until `close`. Throws
    /// `invalidArgument` when librdkafka refuses the configuration.
    public init(
        properties: ClientProperties, settings: ConsumerSettings, log: Log, delegate: any RebalanceDelegate
    ) throws(KafkaError) {
        let mask =
            RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS
        let client = try ClientHandle(
            .consumer, properties: settings.properties(properties), serving: .events(mask), secrets: properties.secrets,
            log: log)
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            try unsafe check(rd_kafka_poll_set_consumer(client))
        }
        self.client = client
        self.settings = settings
        self.log = log
        groupID = properties.effectiveGroupID(default: settings.groupID)
        state = Mutex(State(delegate: delegate))
        events = try EventQueue(consumerOf: client)
        waker = LeaderWaker(client)
        lowWater =
            LibraryVersion.hasFetchQueueBackoff ? nil : QueueLowWater(properties: settings.properties(properties))
    }

    deinit { waker.stop() }

    /// Joins the group for these topics. The assignment comes through `poll`.
    public func subscribe(_ topics: [String]) throws(KafkaError) {
        let list = PartitionList(topics.map { TopicPartition(topic: $0, partition: -1) })
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            try unsafe check(rd_kafka_subscribe(client, list.native))
        }
    }

    /// Serves the group: waits at most `timeout` for something to happen, then takes what else is there. Has to be called
    /// more often than `max.poll.interval.ms`, and a few times a second for rebalances to be quick.
    public func poll(timeout: Duration) -> [GroupEvent] { poll(events, timeout: timeout) }

    /// The partitions held, as of the last rebalance.
    public var assignment: Set<TopicPartition> { state.withLock { $0.assigned } }

    /// The group took the assignment away already (session timeout, fenced): nothing may be committed for it.
    public var isAssignmentLost: Bool {
        (try? unsafe client.use { (client: OpaquePointer) throws(KafkaError) in unsafe rd_kafka_assignment_lost(client)
        }) == 1
    }

    /// The error that ended the member, if one did.
    public var fatalError: KafkaError? { client.fatalError() }

    /// How many wake-up questions went to partition leaders so far.
    public var wakeUpCount: Int { waker.queryCount }

    /// Leaves the group and frees the client. The delegate gets its last revocation inside; by its end all
    /// `PartitionQueue`s and message batches have to be closed. False when that did not happen before the deadline, or
    /// the brokers did not answer: the member is left behind then, and its group notices by the session timeout.
    public func close(deadline: ContinuousClock.Instant) -> Bool {
        guard client.isOpen else { return client.destroy(deadline: deadline) }
        let left = leave(deadline: deadline)
        waker.stop()
        events.close()
        let freed = client.destroy(deadline: deadline)
        state.withLock { $0.delegate = nil }
        return left && freed
    }

    private func leave(deadline: ContinuousClock.Instant) -> Bool {
        guard let closing = try? EventQueue(new: client) else { return false }
        defer { closing.close() }
        do {
            try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
                try unsafe check(rd_kafka_consumer_close_queue(client, closing.pointer), self.client.secrets)
            }
        } catch {
            // A fatal error: the member is out of the group already.
            log.warning("the consumer could not leave its group", ["error": error.description])
            return false
        }
        while !isClosed {
            guard ContinuousClock.now < deadline else { return false }
            for case .error(let error) in poll(closing, timeout: .milliseconds(50)) {
                log.warning("error while leaving the group", ["error": error.description])
            }
        }
        return true
    }

    private var isClosed: Bool {
        (try? unsafe client.use { (client: OpaquePointer) throws(KafkaError) in unsafe rd_kafka_consumer_closed(client)
        }) != 0
    }

    private func poll(_ queue: EventQueue, timeout: Duration) -> [GroupEvent] {
        var result: [GroupEvent] = []
        unsafe queue.poll(timeout: timeout, atMost: 64) { event in
            if let event = unsafe handle(event) { result.append(event) }
        }
        return result
    }

    private func handle(_ event: OpaquePointer) -> GroupEvent? {
        switch unsafe rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_REBALANCE:
            return unsafe rebalance(event).map { .error($0) }
        case RD_KAFKA_EVENT_OFFSET_COMMIT:
            return unsafe commitFinished(event)
        case RD_KAFKA_EVENT_STATS:
            return unsafe rd_kafka_event_stats(event).map { unsafe .statistics(String(cString: $0)) }
        case RD_KAFKA_EVENT_ERROR:
            return unsafe .error(client.error(of: event))
        case RD_KAFKA_EVENT_FETCH:
            // Every partition has a queue of its own (`openQueue`); a record here would be lost unseen.
            return .error(KafkaError(code: .invalidArgument, message: "a record came for a partition without a queue"))
        default:
            return nil
        }
    }
}
