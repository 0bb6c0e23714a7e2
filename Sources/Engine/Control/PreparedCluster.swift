internal import Kafka
internal import Telemetry

/// What is made sure of before the group is joined: the cluster answers, the topics exist and fit together.
struct PreparedCluster {
    /// Partitions of the input topic.
    let inputPartitionCount: Int32
    /// What the output topics' brokers accept.
    let limits: OutputLimits
    /// End offsets of all input partitions at the start, with `exitsAtEnd`; empty otherwise.
    let endOffsets: [Int32: Int64]

    private static var patience: Duration { .seconds(30) }

    /// Asks the cluster, at most `connectTimeout` long; creates the output and dead-letter topics where they are missing.
    /// `nil` when it was told to stop before the cluster answered.
    init?(_ configuration: EngineConfiguration, log: Log, stopper: StopSwitch) throws(EngineError) {
        var activity = "making a client"
        do throws(KafkaError) {
            let admin = try Admin(properties: configuration.properties, log: log)
            defer { _ = admin.close(deadline: .now + .seconds(5)) }
            activity = "contacting the cluster"
            guard try Self.isReachable(admin, within: configuration.connectTimeout, stopper) else { return nil }
            activity = "looking at input topic \(configuration.inputTopic)"
            let input = try admin.metadata(topic: configuration.inputTopic, timeout: Self.patience)
            inputPartitionCount = Int32(clamping: input.partitions.count)
            activity = "reading the ends of \(configuration.inputTopic)"
            endOffsets = configuration.exitsAtEnd ? try Self.ends(of: input, admin) : [:]
            let topics = ClusterTopics(configuration, admin, log, inputPartitionCount: inputPartitionCount)
            activity = "preparing topic \(configuration.outputTopic)"
            let outputPartitionCount = try topics.prepareOutput()
            activity = "preparing the dead-letter topic"
            let deadLetterPartitionCount = try topics.prepareDeadLetters()
            limits = topics.limits(output: outputPartitionCount, deadLetters: deadLetterPartitionCount)
        } catch {
            if error.isUnknownTopic, activity.hasPrefix("looking") { throw .noInputTopic(configuration.inputTopic) }
            if activity.hasPrefix("contacting"), !error.isAuthentication, !error.isAuthorization {
                throw EngineError(
                    .unreachable, "\(activity): no broker answered (\(error.code.name)): \(error.message)")
            }
            throw EngineError(error, during: activity)
        }
        try checkPartitions(configuration)
    }

    /// Waits for a broker to answer; false when it was told to stop first. Throws what kept the broker when the time is over.
    private static func isReachable(
        _ admin: Admin, within limit: Duration, _ stopper: StopSwitch
    ) throws(KafkaError) -> Bool {
        let deadline = ContinuousClock.now + limit
        var cause: KafkaError?
        while !stopper.isStopping {
            do throws(KafkaError) {
                try admin.waitUntilReachable(deadline: min(deadline, .now + .milliseconds(500)))
                return true
            } catch {
                if !error.isTimeout { cause = error }
                if error.isAuthentication || ContinuousClock.now >= deadline { throw cause ?? error }
            }
        }
        return false
    }

    private func checkPartitions(_ configuration: EngineConfiguration) throws(EngineError) {
        guard limits.outputPartitionCount < inputPartitionCount else { return }
        throw .fewerPartitions(
            topic: limits.narrowestTopic, has: limits.outputPartitionCount, input: configuration.inputTopic,
            needs: inputPartitionCount)
    }

    private static func ends(of input: TopicMetadata, _ admin: Admin) throws(KafkaError) -> [Int32: Int64] {
        var ends: [Int32: Int64] = [:]
        for partition in input.partitions {
            let place = TopicPartition(topic: input.topic, partition: partition.id)
            let (low, high) = try admin.watermarks(place, timeout: patience)
            ends[partition.id] = high > low ? high : 0
        }
        return ends
    }

    /// The consumer of this pipeline, with its share of the memory budget.
    func consumerSettings(_ configuration: EngineConfiguration) -> ConsumerSettings {
        ConsumerSettings(
            groupID: configuration.groupID, start: configuration.start == .latest ? .latest : .earliest,
            stopsOnDataLoss: true, partitionEOF: true,
            memoryBytes: MemoryShares(of: configuration.memoryBytes, partitionCount: Int(inputPartitionCount))
                .prefetched,
            partitionCount: Int(inputPartitionCount))
    }
}
