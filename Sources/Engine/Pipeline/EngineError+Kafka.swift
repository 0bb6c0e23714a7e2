internal import Kafka

extension EngineError {
    /// A Kafka error that ends the service. `activity` says what was being done, e.g. `producing to orders`.
    init(_ error: KafkaError, during activity: String) {
        if error.isAuthentication {
            self.init(
                .refused,
                "\(activity): the cluster refused the credentials (\(error.code.name)): \(error.message). Check "
                    + "`security.protocol`, `sasl.mechanism`, `sasl.username`, `sasl.password` and the `ssl.` properties."
            )
        } else if error.isAuthorization {
            self.init(
                .refused,
                "\(activity): the cluster refused the right to do so (\(error.code.name)): \(error.message). Millrace needs READ "
                    + "and DESCRIBE on the input topic and the group, WRITE and DESCRIBE on the output and dead-letter topics, "
                    + "and CREATE where it should create them.")
        } else if error.code == .invalidArgument {
            self.init(.configuration, "\(activity): librdkafka refuses the configuration: \(error.message)")
        } else if error.isAllBrokersDown || error.isTimeout || error.code == .transport {
            self.init(.unreachable, "\(activity): no broker answered (\(error.code.name)): \(error.message)")
        } else {
            self.init(.failed, "\(activity): \(error.code.name): \(error.message)")
        }
    }

    /// The input topic does not exist.
    static func noInputTopic(_ topic: String) -> EngineError {
        EngineError(.noInput, "input topic \(topic) does not exist. Create it, or correct `input.topic`.")
    }

    /// The error of an output topic of `count` partitions that lacks `partition` of the input; `nil` when it has it.
    static func missing(
        _ partition: Int32, in topic: String, of count: Int, _ configuration: EngineConfiguration
    ) -> EngineError? {
        if Int(partition) < count { return nil }
        return .fewerPartitions(
            topic: topic, has: Int32(clamping: count), input: configuration.inputTopic, needs: partition + 1)
    }

    /// An output topic has fewer partitions than the input: a prediction goes to the number of its event.
    static func fewerPartitions(topic: String, has: Int32, input: String, needs: Int32) -> EngineError {
        EngineError(
            .configuration,
            "topic \(topic) has \(has) partitions, \(input) has \(needs): a prediction goes to the partition number of its event. "
                + "Grow it: kafka-topics.sh --bootstrap-server HOST:PORT --alter --topic \(topic) --partitions \(needs)"
        )
    }
}
