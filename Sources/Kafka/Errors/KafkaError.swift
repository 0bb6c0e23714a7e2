import CRdKafka

/// An operating error of the client: what librdkafka or a broker reported. Secrets never appear in it.
///
/// The questions below say what the owner must do: wait (`isRetriable`), skip the record (`isRecordRefused`), make a new
/// client (`isFatal`), or stop and ask a person (`isAuthentication`, `isAuthorization`).
public struct KafkaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for programs.
    public let code: KafkaErrorCode
    /// What went wrong, for people; redacted.
    public let message: String
    private let fatal: Bool

    /// An error with a text of its own.
    public init(code: KafkaErrorCode, message: String, isFatal: Bool = false) {
        self.code = code
        self.message = message
        fatal = isFatal
    }

    /// An error with librdkafka's general text.
    public init(code: KafkaErrorCode) { self.init(code: code, message: code.text) }

    /// `NAME: message`.
    public var description: String { "\(code.name): \(message)" }

    /// The client cannot go on: close it and make another.
    public var isFatal: Bool { fatal || code == .fatal || code == .fenced }

    /// The call's or the message's time limit passed.
    public var isTimeout: Bool { code == .timedOut || code == .messageTimedOut || code == .requestTimedOut }

    /// No broker is reachable at present; librdkafka goes on trying.
    public var isAllBrokersDown: Bool { code == .allBrokersDown }

    /// The broker refuses this one record whatever happens: its size, its timestamp or the topic's policy.
    public var isRecordRefused: Bool { Self.refusing.contains(code) }

    /// The record or its batch is larger than the client or the topic allows.
    public var isMessageTooLarge: Bool {
        code == .messageTooLarge || code == KafkaErrorCode(RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE)
            || code == KafkaErrorCode(RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE)
    }

    /// The broker refuses the record's timestamp; sent with the present time it would be taken.
    public var isInvalidTimestamp: Bool { code == .invalidTimestamp }

    /// The topic or the partition does not exist.
    public var isUnknownTopic: Bool { Self.unknownTopic.contains(code) }

    /// The client knows the topic but not the partition, which may be new: it asks for topics every five minutes by itself, and for
    /// one at once in ``Producer/refreshMetadata(topic:timeout:)``.
    public var isUnknownPartition: Bool { code == KafkaErrorCode(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION) }

    /// Credentials or a certificate were refused, or the TLS or SASL handshake failed.
    public var isAuthentication: Bool { Self.authenticating.contains(code) }

    /// The user is known but may not do this: an ACL is missing.
    public var isAuthorization: Bool { Self.authorizing.contains(code) }

    /// The assignment went to somebody else, or is about to: a commit of the old generation.
    public var isStaleMember: Bool {
        code == .illegalGeneration || code == .unknownMember || code == .rebalanceInProgress
            || code == KafkaErrorCode(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
    }

    /// The same call may succeed later without anybody's help. False for everything unknown.
    public var isRetriable: Bool { !isFatal && Self.passing.contains(code) }
}

extension KafkaError {
    static let closed = KafkaError(code: .closed, message: "the client is closed")

    private static func codes(_ list: [rd_kafka_resp_err_t]) -> Set<KafkaErrorCode> {
        Set(list.map(KafkaErrorCode.init))
    }

    private static let refusing = codes([
        RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
        RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, RD_KAFKA_RESP_ERR_INVALID_RECORD,
        RD_KAFKA_RESP_ERR_POLICY_VIOLATION, RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT,
        RD_KAFKA_RESP_ERR__BAD_MSG,
    ])

    private static let unknownTopic = codes([
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
    ])

    private static let authenticating = codes([
        RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
        RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE,
    ])

    private static let authorizing = codes([
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_SECURITY_DISABLED,
    ])

    private static let passing = codes([
        RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
        RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
        RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__WAIT_CACHE,
        RD_KAFKA_RESP_ERR__IN_PROGRESS, RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
        RD_KAFKA_RESP_ERR__ISR_INSUFF, RD_KAFKA_RESP_ERR__RETRY,
        RD_KAFKA_RESP_ERR__NODE_UPDATE,
        RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
        RD_KAFKA_RESP_ERR_NOT_CONTROLLER, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
        RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_PREFERRED_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_INVALID_MSG,
        RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
    ])
}
