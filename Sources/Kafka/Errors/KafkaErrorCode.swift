import CRdKafka

/// A result code of librdkafka: negative ones are the client's own, positive ones the broker's, zero is success.
public struct KafkaErrorCode: RawRepresentable, Hashable, Sendable {
    /// The number, as in librdkafka's header.
    public let rawValue: Int32

    /// Any number; an unknown one has the name that librdkafka makes up for it.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    init(_ code: rd_kafka_resp_err_t) { rawValue = code.rawValue }

    var native: rd_kafka_resp_err_t { rd_kafka_resp_err_t(rawValue: rawValue) }

    /// No error.
    public static let none = KafkaErrorCode(rawValue: 0)

    /// librdkafka's short name, such as `_QUEUE_FULL` or `TOPIC_AUTHORIZATION_FAILED`.
    public var name: String {
        guard let text = unsafe rd_kafka_err2name(native) else { return String(rawValue) }
        return unsafe String(cString: text)
    }

    /// librdkafka's general text for the code.
    public var text: String {
        guard let text = unsafe rd_kafka_err2str(native) else { return name }
        return unsafe String(cString: text)
    }
}

extension KafkaErrorCode {
    /// The message timed out in the producer: librdkafka gave up after `message.timeout.ms`.
    public static let messageTimedOut = KafkaErrorCode(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT)
    /// A call's own time limit passed.
    public static let timedOut = KafkaErrorCode(RD_KAFKA_RESP_ERR__TIMED_OUT)
    /// No broker can be reached.
    public static let allBrokersDown = KafkaErrorCode(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
    /// A connection broke.
    public static let transport = KafkaErrorCode(RD_KAFKA_RESP_ERR__TRANSPORT)
    /// The client can no longer work; see `KafkaError.isFatal`.
    public static let fatal = KafkaErrorCode(RD_KAFKA_RESP_ERR__FATAL)
    /// Dropped from the producer's queue by `purge`.
    public static let purgedFromQueue = KafkaErrorCode(RD_KAFKA_RESP_ERR__PURGE_QUEUE)
    /// Dropped by `purge` while a request was on its way: it may have been written.
    public static let purgedInFlight = KafkaErrorCode(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
    /// The broker refuses the size.
    public static let messageTooLarge = KafkaErrorCode(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
    /// The broker refuses the timestamp.
    public static let invalidTimestamp = KafkaErrorCode(RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP)
    /// The topic or partition does not exist (as the broker says it).
    public static let unknownTopicOrPartition = KafkaErrorCode(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    /// The topic exists already.
    public static let topicExists = KafkaErrorCode(RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    /// The partition leader is another broker now.
    public static let notLeader = KafkaErrorCode(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION)
    /// Too few replicas are in step for `acks=all`.
    public static let notEnoughReplicas = KafkaErrorCode(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS)
    /// The broker did not answer itself in time.
    public static let requestTimedOut = KafkaErrorCode(RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT)
    /// A missing ACL on the topic.
    public static let topicAuthorizationFailed = KafkaErrorCode(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
    /// A missing ACL on the group.
    public static let groupAuthorizationFailed = KafkaErrorCode(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
    /// A missing ACL on the cluster.
    public static let clusterAuthorizationFailed = KafkaErrorCode(RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
    /// Refused credentials.
    public static let authentication = KafkaErrorCode(RD_KAFKA_RESP_ERR__AUTHENTICATION)
    /// The offset asked for is not in the log; with `auto.offset.reset=error` it is also what a reset reports.
    public static let offsetOutOfRange = KafkaErrorCode(RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE)
    /// librdkafka had to reset the offset (the position no longer exists) and the settings forbid it.
    public static let autoOffsetReset = KafkaErrorCode(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
    /// The member is no longer of the group's generation.
    public static let illegalGeneration = KafkaErrorCode(RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION)
    /// The coordinator does not know the member.
    public static let unknownMember = KafkaErrorCode(RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID)
    /// The group is being rebalanced.
    public static let rebalanceInProgress = KafkaErrorCode(RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS)
    /// `max.poll.interval.ms` passed without a poll: the member left the group.
    public static let maxPollExceeded = KafkaErrorCode(RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED)
    /// There was nothing to commit.
    public static let noOffset = KafkaErrorCode(RD_KAFKA_RESP_ERR__NO_OFFSET)
    /// A wrong argument or configuration.
    public static let invalidArgument = KafkaErrorCode(RD_KAFKA_RESP_ERR__INVALID_ARG)
    /// The client is closed.
    public static let closed = KafkaErrorCode(RD_KAFKA_RESP_ERR__DESTROY)
    /// The producer was fenced by a newer one.
    public static let fenced = KafkaErrorCode(RD_KAFKA_RESP_ERR__FENCED)
    /// A sequence number the broker did not expect.
    public static let outOfOrderSequence = KafkaErrorCode(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER)
}
