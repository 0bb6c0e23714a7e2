public import Features
public import Kafka
public import Learning

/// What an engine needs to know of a pipeline: typed, validated, immutable.
public struct EngineConfiguration: Sendable {
    /// What happens to a record that cannot be decoded.
    public enum BadRecordPolicy: Sendable, Equatable {
        /// It goes to this topic with the reason in its headers.
        case deadLetter(topic: String)
        /// It is counted and left out.
        case skip
        /// The service stops with exit code 65, before the record.
        case stop
    }

    /// What happens when a committed position no longer exists in the log.
    public enum DataLossPolicy: Sendable, Equatable {
        /// The service stops and names the place.
        case stop
        /// The task goes on at the first offset there is; what is missing is counted.
        case `continue`
    }

    /// Where a group without a committed position starts.
    public enum Start: Sendable, Equatable {
        /// At the first offset there is.
        case earliest
        /// At the end: only what arrives from now on.
        case latest
    }

    /// The consumer group.
    public var groupID: String
    /// librdkafka properties, as the file gives them.
    public var properties: ClientProperties
    /// The topic that is scored.
    public var inputTopic: String
    /// How its records are read.
    public var schema: Schema
    /// What the models see.
    public var features: [FeatureSpecification]
    /// The models in file order; the first is published. At least one.
    public var models: [ModelSpecification]
    /// Where predictions go.
    public var outputTopic: String
    /// Whether a prediction carries its event's headers.
    public var passesHeaders = true
    /// How many contributions of features each prediction carries as its explanation, the largest first, 1 or more; nil for
    /// no explanation.
    public var explanationLength: Int?
    /// The rule for records that cannot be decoded.
    public var onBadRecord: BadRecordPolicy
    /// The rule for committed positions that no longer exist.
    public var onDataLoss = DataLossPolicy.stop
    /// Where a group without a commit starts.
    public var start = Start.earliest
    /// Budget of queues and caches, in bytes.
    public var memoryBytes = 128 << 20
    /// Commits happen at least this often while there is something to commit.
    public var commitInterval = Duration.seconds(1)
    /// A partition with input and no progress for this long makes the service unready.
    public var stuckAfter = Duration.seconds(30)
    /// How long the first contact with the cluster may take.
    public var connectTimeout = Duration.seconds(60)
    /// Stop when every partition has reached the end offset read at the start.
    public var exitsAtEnd = false
    /// The embedded cluster, when the pipeline runs on one: it cannot create topics over the wire.
    public var embeddedCluster: EmbeddedCluster?

    /// The parts that have no default.
    public init(
        groupID: String, properties: ClientProperties, inputTopic: String, schema: Schema,
        features: [FeatureSpecification], models: [ModelSpecification], outputTopic: String,
        onBadRecord: BadRecordPolicy
    ) {
        self.groupID = groupID
        self.properties = properties
        self.inputTopic = inputTopic
        self.schema = schema
        self.features = features
        self.models = models
        self.outputTopic = outputTopic
        self.onBadRecord = onBadRecord
    }

    /// The topics that records are written to.
    var outputTopics: [String] {
        guard case .deadLetter(let topic) = onBadRecord else { return [outputTopic] }
        return [outputTopic, topic]
    }
}
