import CRdKafka
public import Telemetry

/// librdkafka's own cluster, inside this process: quick, without disk, for the demo and for tests of client paths.
///
/// It is not Kafka. It keeps at most `retentionBytes` and `retentionBatches` of a partition and **drops the older ones
/// silently**: whoever loads more has to stay less than that ahead of the reader, and a low watermark above 0 tells that
/// something was dropped. It has no CreateTopics (use `createTopic`), knows no topic configuration, and its transactions
/// roll nothing back.
///
/// `@unchecked Sendable`: librdkafka's mock functions hand their work to the cluster's own thread.
@safe public final class EmbeddedCluster: @unchecked Sendable {
    /// A partition's oldest batches are dropped above this.
    public static let retentionBytes = 5 << 20
    /// And above this many batches: a producer that sends each record at once makes one batch a record.
    public static let retentionBatches = 100_000

    private let client: ClientHandle
    private let cluster: OpaquePointer

    /// For a client's `bootstrap.servers`.
    public let bootstrapServers: String

    /// Starts `brokers` brokers, ids 1, 2, …, on free ports of the loopback interface.
    public init(brokers: Int = 1, log: Log = Log(write: { _ in })) throws(KafkaError) {
        let client = try ClientHandle(
            .producer, properties: [], serving: .events(0), secrets: Secrets(in: []), log: log)
        let cluster = try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            unsafe rd_kafka_mock_cluster_new(client, Int32(clamping: max(brokers, 1)))
        }
        guard let cluster = unsafe cluster, let servers = unsafe rd_kafka_mock_cluster_bootstraps(cluster) else {
            throw KafkaError(code: .invalidArgument, message: "the embedded cluster did not start")
        }
        self.client = client
        unsafe self.cluster = cluster
        unsafe bootstrapServers = String(cString: servers)
    }

    deinit {
        unsafe rd_kafka_mock_cluster_destroy(cluster)
        // In the background: a client that is still connected must not hold up whoever drops the cluster.
        _ = client.destroy(deadline: .now)
    }

    /// Creates a topic with one replica a partition, or as many as given.
    public func createTopic(_ name: String, partitions: Int, replication: Int = 1) throws(KafkaError) {
        try unsafe check(
            rd_kafka_mock_topic_create(cluster, name, Int32(clamping: partitions), Int32(clamping: replication)))
    }

    /// The next requests of a kind, whoever sends them, fail one after the other with these codes.
    public func failNext(_ request: Request, with codes: [KafkaErrorCode]) {
        var errors = codes.map(\.native)
        unsafe errors.withUnsafeMutableBufferPointer {
            unsafe rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, $0.count, $0.baseAddress)
        }
    }

    /// Takes back what `failNext` announced and did not happen.
    public func clearFailures(of request: Request) {
        unsafe rd_kafka_mock_clear_request_errors(cluster, request.rawValue)
    }

    /// Disconnects a broker and refuses connections, or ends that.
    public func setBroker(_ id: Int32, isUp: Bool) throws(KafkaError) {
        try unsafe check(isUp ? rd_kafka_mock_broker_set_up(cluster, id) : rd_kafka_mock_broker_set_down(cluster, id))
    }

    /// Every answer of the broker takes this long.
    public func setRoundTrip(_ duration: Duration, ofBroker id: Int32) throws(KafkaError) {
        try unsafe check(rd_kafka_mock_broker_set_rtt(cluster, id, duration.milliseconds))
    }

    /// Moves a partition to another broker; `nil` leaves it without a leader.
    public func setLeader(of partition: TopicPartition, to broker: Int32?) throws(KafkaError) {
        try unsafe check(
            rd_kafka_mock_partition_set_leader(cluster, partition.topic, partition.partition, broker ?? -1))
    }

    /// Makes a broker the group's coordinator.
    public func setCoordinator(ofGroup group: String, to broker: Int32) throws(KafkaError) {
        try unsafe check(rd_kafka_mock_coordinator_set(cluster, "group", group, broker))
    }

    /// Whatever is asked about the topic fails with this code, until `none`.
    public func setError(ofTopic topic: String, to code: KafkaErrorCode) {
        unsafe rd_kafka_mock_topic_set_error(cluster, topic, code.native)
    }

    /// The kinds of request that can be made to fail, with Kafka's API keys.
    public enum Request: Int16, Sendable {
        /// Writing records.
        case produce = 0
        /// Reading records.
        case fetch = 1
        /// Watermarks and offsets for times.
        case listOffsets = 2
        /// Brokers, topics, leaders.
        case metadata = 3
        /// Commits.
        case offsetCommit = 8
        /// Committed offsets.
        case offsetFetch = 9
        /// Who coordinates a group.
        case findCoordinator = 10
        /// Joining a group.
        case joinGroup = 11
        /// Keeping a place in it.
        case heartbeat = 12
        /// Leaving it.
        case leaveGroup = 13
        /// Learning the assignment.
        case syncGroup = 14
        /// An idempotent producer's id.
        case initProducerId = 22
    }
}
