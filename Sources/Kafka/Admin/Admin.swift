import CRdKafka
public import Telemetry

/// A client for questions about the cluster and for creating topics. Never creates a topic by asking for it. All its calls
/// wait up to their timeout: keep them off Swift's cooperative pool.
public final class Admin: Sendable {
    let client: ClientHandle
    private let events: EventQueue

    /// Makes the client, from the common properties and the consumer's security ones.
    public init(properties: ClientProperties, log: Log) throws(KafkaError) {
        // A consumer without a group: unlike a producer it does not let brokers create the topics it asks for.
        let membership: Set<String> = [
            "group.id", "group.instance.id", "group.protocol", "group.remote.assignor", "partition.assignment.strategy",
        ]
        let user = properties.layered(for: .consumer).filter { !membership.contains($0.key) }
        let defaults = [Property(key: "socket.nagle.disable", value: "true")]
        let client = try ClientHandle(
            .consumer, properties: defaults + user, serving: .events(RD_KAFKA_EVENT_ERROR), secrets: properties.secrets,
            log: log)
        self.client = client
        events = try EventQueue(mainOf: client)
    }

    /// Waits until a broker answers. At the deadline, throws what kept it: `isAuthentication` as soon as credentials or a
    /// certificate are refused, otherwise the connection's last error.
    public func waitUntilReachable(deadline: ContinuousClock.Instant) throws(KafkaError) {
        var last = KafkaError(code: .timedOut, message: "no broker answered")
        while true {
            do {
                return try brokersAnswer(timeout: min(.seconds(1), max(deadline - .now, .milliseconds(1))))
            } catch {
                if !error.isTimeout && error.code != .transport { last = error }
            }
            var refused: KafkaError?
            unsafe events.poll(timeout: .milliseconds(10), atMost: 64) { event in
                let error = unsafe client.error(of: event)
                if error.isAuthentication { refused = refused ?? error } else { last = error }
            }
            if let refused { throw refused }
            guard ContinuousClock.now < deadline else { throw last }
        }
    }

    private func brokersAnswer(timeout: Duration) throws(KafkaError) {
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            var found: UnsafePointer<rd_kafka_metadata>?
            try unsafe check(rd_kafka_metadata(client, 0, nil, &found, timeout.milliseconds))
            if let metadata = unsafe found { unsafe rd_kafka_metadata_destroy(metadata) }
        }
    }

    /// The topic's partitions. Throws `isUnknownTopic` when it does not exist, `isAuthorization` when it may not be seen.
    public func metadata(topic: String, timeout: Duration) throws(KafkaError) -> TopicMetadata {
        try client.topicMetadata(topic, timeout: timeout)
    }

    /// The oldest offset and the next one to be written.
    public func watermarks(
        _ partition: TopicPartition, timeout: Duration
    ) throws(KafkaError) -> (low: Int64, high: Int64) {
        var low: Int64 = 0
        var high: Int64 = 0
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            try unsafe check(
                rd_kafka_query_watermark_offsets(
                    client, partition.topic, partition.partition, &low, &high, timeout.milliseconds))
        }
        return (low, high)
    }

    /// Frees the client; false when it is not gone at the deadline.
    public func close(deadline: ContinuousClock.Instant) -> Bool {
        events.close()
        return client.destroy(deadline: deadline)
    }

    /// Creates the topics and returns those that failed, with the reason; one that exists already is `topicExists`. Throws
    /// when the request as a whole failed.
    public func createTopics(_ topics: [NewTopic], timeout: Duration) throws(KafkaError) -> [String: KafkaError] {
        guard !topics.isEmpty else { return [:] }
        let requests = try AdminRequest.newTopics(topics)
        let answers = try EventQueue(new: client)
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            try unsafe AdminRequest.createTopics(client, requests, answers.pointer, timeout)
        }
        var result: Result<[String: KafkaError], KafkaError>?
        unsafe answers.poll(timeout: timeout + .seconds(1), atMost: 1) { unsafe result = AdminRequest.failures($0) }
        guard let result else { throw KafkaError(code: .timedOut, message: "no answer to the creation of topics") }
        return try result.get()
    }

    /// A topic's configuration as the broker has it, defaults included; secret values are absent.
    public func topicConfiguration(_ topic: String, timeout: Duration) throws(KafkaError) -> [String: String] {
        let answers = try EventQueue(new: client)
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            try unsafe AdminRequest.describe(client, topic, answers.pointer, timeout)
        }
        var result: Result<[String: String], KafkaError>?
        unsafe answers.poll(timeout: timeout + .seconds(1), atMost: 1) {
            unsafe result = AdminRequest.configuration($0)
        }
        guard let result else { throw KafkaError(code: .timedOut, message: "no answer to the question about \(topic)") }
        return try result.get()
    }
}
