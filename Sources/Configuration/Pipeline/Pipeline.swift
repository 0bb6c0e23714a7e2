public import Features
public import Kafka
public import Learning

/// What one pipeline file describes, checked and with every default filled in.
///
/// A value of this type is consistent: topics differ, features name declared fields, ranges hold. It does not say that
/// brokers, topics or fields exist. Read for `eval`, the parts that `eval` ignores hold their defaults and empty names.
public struct Pipeline: Sendable, Equatable {
    /// The pipeline's name; empty when a file for `eval` has none.
    public var name: String
    /// librdkafka's properties by client; secrets redact themselves when printed.
    public var kafka: ClientProperties
    /// The consumer group: `group.id` when the file sets it, the name otherwise.
    public var groupID: String
    /// What is read.
    public var input: Input
    /// What the models see, in file order.
    public var features: [FeatureSpecification]
    /// The models in file order, at least one; the first is the published one.
    public var models: [ModelSpecification]
    /// Where predictions go.
    public var output: Output
    /// What happens to a record that cannot be read.
    public var onBadRecord: BadRecordPolicy
    /// What happens when a committed position no longer exists.
    public var onDataLoss: DataLossPolicy
    /// Where the HTTP server listens; `nil`: there is none.
    public var http: HTTPAddress?
    /// Budget for queues, windows, pending labels and caches, in bytes.
    public var memoryBytes: Int
    /// How long after its delivery an event is usually committed at the latest; sooner with a backlog.
    public var commitInterval: Duration
    /// How long without progress, while there is input, counts as stuck; longer than `commitInterval`.
    public var stuckAfter: Duration

    /// The immediate label.
    public var label: Schema.Label? { input.schema.label }

    /// The topic of dead letters, or `nil` when bad records are skipped or stop the service.
    public var deadLetterTopic: String? {
        guard case .deadLetter(let topic) = onBadRecord else { return nil }
        return topic ?? Self.deadLetterTopic(of: groupID)
    }

    static func deadLetterTopic(of groupID: String) -> String { "\(groupID)-dead-letter" }
    static func stateTopic(of groupID: String) -> String { "\(groupID)-state" }
}

extension Pipeline {
    /// Who reads the file: what must be there, and what is read at all.
    public enum Mode: Sendable, Equatable {
        /// `run` and `check`: everything.
        case run
        /// `run --embedded` and `demo`: as `run`, but the brokers' addresses are not needed.
        case embedded
        /// `eval`: no Kafka, so nothing of `kafka`, `output` and `route` is read but their keys.
        case eval
    }

    /// What is read.
    public struct Input: Sendable, Equatable {
        /// The topic; empty when a file for `eval` names none.
        public var topic: String
        /// How records are read. Without fields (`eval` alone) the data's own columns are taken as numbers.
        public var schema: Schema
        /// Where a group without a commit begins.
        public var start: Start
    }

    /// Where a group without a commit begins.
    public enum Start: String, Sendable, CaseIterable { case earliest, latest }

    /// Where predictions go.
    public struct Output: Sendable, Equatable {
        /// The topic; empty when a file for `eval` names none.
        public var topic: String
        /// What a crash can do to outputs.
        public var guarantee: Guarantee
        /// Whether outputs carry the input record's headers.
        public var headers: Headers
        /// How many contributions of features each prediction carries, 1...100; nil for none. The published model can
        /// explain itself where it is not nil.
        public var explain: Int?

        /// An output; `topic` has to be a name that Kafka allows.
        public init(
            topic: String, guarantee: Guarantee = .atLeastOnce, headers: Headers = .pass, explain: Int? = nil
        ) {
            self.topic = topic
            self.guarantee = guarantee
            self.headers = headers
            self.explain = explain
        }
    }

    /// What a crash can do to outputs.
    public enum Guarantee: String, Sendable, CaseIterable {
        /// None is missing; some may be repeated.
        case atLeastOnce = "at_least_once"
    }

    /// What happens to the headers of an input record.
    public enum Headers: String, Sendable, CaseIterable { case pass, drop }

    /// What happens to a record that cannot be read.
    public enum BadRecordPolicy: Sendable, Equatable {
        /// It goes to `topic`; `nil`: to the group's own dead-letter topic.
        case deadLetter(topic: String?)
        /// It is counted and passed over.
        case skip
        /// The service stops (exit 65).
        case stop
    }

    /// What happens when a committed position no longer exists.
    public enum DataLossPolicy: String, Sendable, CaseIterable {
        /// The service stops and names the place (exit 65).
        case stop
        /// Goes on where the data begins, and counts.
        case `continue`
    }

    /// Where the HTTP server listens.
    public struct HTTPAddress: Sendable, Equatable {
        /// Address or host name.
        public var host: String
        /// 0...65535; 0 takes a free port.
        public var port: Int

        /// An address to listen on.
        public init(host: String = "127.0.0.1", port: Int = 8080) {
            self.host = host
            self.port = port
        }
    }
}
