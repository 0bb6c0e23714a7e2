internal import Kafka
internal import Telemetry

/// The output and dead-letter topics: looked for, created where they are missing, asked for their limits.
struct ClusterTopics {
    private let configuration: EngineConfiguration
    private let admin: Admin
    private let log: Log
    private let inputPartitionCount: Int32
    private static var patience: Duration { .seconds(30) }

    init(_ configuration: EngineConfiguration, _ admin: Admin, _ log: Log, inputPartitionCount: Int32) {
        self.configuration = configuration
        self.admin = admin
        self.log = log
        self.inputPartitionCount = inputPartitionCount
    }

    private var deadLetterTopic: String? {
        guard case .deadLetter(let topic) = configuration.onBadRecord else { return nil }
        return topic
    }

    /// Partitions of the output topic, which exists afterwards.
    func prepareOutput() throws(KafkaError) -> Int32 { try prepare(configuration.outputTopic, settings: []) }

    /// Partitions of the dead-letter topic, which exists afterwards and takes whatever the input takes, and its headers;
    /// `nil` when the pipeline has none.
    func prepareDeadLetters() throws(KafkaError) -> Int32? {
        guard let topic = deadLetterTopic else { return nil }
        let sizeMax = inputSizeMax.map { "\(min($0 + 65_536, Int(Int32.max)))" }
        return try prepare(topic, settings: sizeMax.map { [Property(key: "max.message.bytes", value: $0)] } ?? [])
    }

    /// The largest record batch the input topic takes, in bytes; `nil` when the cluster does not tell.
    private var inputSizeMax: Int? {
        settings(of: configuration.inputTopic)["max.message.bytes"].flatMap { Int($0) }
    }

    private func prepare(_ topic: String, settings: [Property]) throws(KafkaError) -> Int32 {
        if let known = try partitionCount(of: topic) { return known }
        if let embedded = configuration.embeddedCluster {
            try embedded.createTopic(topic, partitions: Int(inputPartitionCount))
        } else {
            let wanted = NewTopic(name: topic, partitions: Int(inputPartitionCount), configuration: settings)
            let failures = try admin.createTopics([wanted], timeout: Self.patience)
            if let failure = failures[topic], failure.code != .topicExists {
                throw KafkaError(
                    code: failure.code,
                    message:
                        "\(failure.message). Topic \(topic) is missing and may not be created. Create it: kafka-topics.sh "
                        + "--bootstrap-server HOST:PORT --create --topic \(topic) --partitions \(inputPartitionCount)"
                        + settings.map { " --config \($0.key)=\($0.value)" }.joined())
            }
        }
        log.info("topic created", ["topic": topic, "partitions": "\(inputPartitionCount)"])
        // The new topic takes a moment to reach every broker.
        let deadline = ContinuousClock.now + Self.patience
        let bell = Doorbell()
        while ContinuousClock.now < deadline {
            if let count = try partitionCount(of: topic) { return count }
            bell.wait(nanoseconds: 50_000_000)
        }
        return inputPartitionCount
    }

    private func partitionCount(of topic: String) throws(KafkaError) -> Int32? {
        do throws(KafkaError) {
            return Int32(clamping: try admin.metadata(topic: topic, timeout: Self.patience).partitions.count)
        } catch {
            if error.isUnknownTopic { return nil }
            throw error
        }
    }

    /// What the topics accept. A cluster that does not tell (no right to, or the embedded one) is taken to accept everything.
    func limits(output: Int32, deadLetters: Int32?) -> OutputLimits {
        let isOutputNarrowest = output <= deadLetters ?? .max
        var limits = OutputLimits(
            outputPartitionCount: min(output, deadLetters ?? .max),
            narrowestTopic: isOutputNarrowest ? configuration.outputTopic : deadLetterTopic ?? configuration.outputTopic
        )
        for topic in configuration.outputTopics {
            let known = settings(of: topic)
            limits.narrow(
                before: known["message.timestamp.before.max.ms"].flatMap { Int64($0) },
                after: known["message.timestamp.after.max.ms"].flatMap { Int64($0) },
                sizeMax: known["max.message.bytes"].flatMap { Int($0) })
        }
        return limits
    }

    /// A topic's configuration; empty when the cluster does not tell. The embedded one never answers such a question.
    private func settings(of topic: String) -> [String: String] {
        guard configuration.embeddedCluster == nil else { return [:] }
        do throws(KafkaError) {
            return try admin.topicConfiguration(topic, timeout: .seconds(5))
        } catch {
            log.info("the limits of a topic are not known", ["topic": topic, "reason": error.message])
            return [:]
        }
    }
}
