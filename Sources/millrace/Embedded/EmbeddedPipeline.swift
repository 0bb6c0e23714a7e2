import Configuration
import Engine
import Features
import Kafka
import Telemetry

/// The in-process cluster of one pipeline, with the pipeline's topics in it.
final class EmbeddedPipeline: Sendable {
    let cluster: EmbeddedCluster
    let partitionCount: Int
    let inputTopic: String
    let outputTopic: String
    /// The cells of an input record; `nil`: records are JSON objects.
    let columns: [String]?
    private let log: Log

    /// For `bootstrap.servers`.
    var bootstrapServers: String { cluster.bootstrapServers }

    /// Starts the cluster and creates the input, output and dead-letter topics.
    init(_ pipeline: Pipeline, partitionCount: Int, log: Log) throws(CommandFailure) {
        self.partitionCount = partitionCount
        self.log = log
        inputTopic = pipeline.input.topic
        outputTopic = pipeline.output.topic
        columns = Self.columns(of: pipeline)
        do throws(KafkaError) {
            cluster = try EmbeddedCluster()
            for topic in [pipeline.input.topic, pipeline.output.topic, pipeline.deadLetterTopic].compactMap(\.self) {
                try cluster.createTopic(topic, partitions: partitionCount)
            }
        } catch {
            throw CommandFailure(.internalError, "the embedded cluster did not start: \(error.message)")
        }
    }

    /// What to make of a data file's rows for `pipeline`'s input topic.
    static func columns(of pipeline: Pipeline) -> [String]? {
        pipeline.input.schema.format == .csv ? pipeline.input.schema.columns : nil
    }

    /// Turns the file's configuration to this cluster. What the file says about security is of its own brokers, so only
    /// properties that every cluster understands stay.
    func adapt(_ configuration: inout EngineConfiguration) {
        configuration.properties = properties(configuration.properties)
        configuration.embeddedCluster = cluster
    }

    /// A producer for the input topic.
    func makeProducer() throws(CommandFailure) -> EventProducer {
        try EventProducer(
            properties: properties(ClientProperties(bootstrapServers: bootstrapServers)), topic: inputTopic, log: log)
    }

    /// `properties` with this cluster's address; batches are compressed unless they say otherwise, because the cluster
    /// keeps 5 MiB of a partition as stored.
    private func properties(_ properties: ClientProperties) -> ClientProperties {
        var adapted = properties
        let isForeign = { (property: Property) in
            ["security.", "sasl.", "ssl."].contains { property.key.hasPrefix($0) }
        }
        adapted.common.removeAll(where: isForeign)
        adapted.consumer.removeAll(where: isForeign)
        adapted.producer.removeAll(where: isForeign)
        adapted.replaceBootstrapServers(bootstrapServers)
        let compression: Set = ["compression.codec", "compression.type"]
        if !(adapted.common + adapted.producer).contains(where: { compression.contains($0.key) }) {
            adapted.producer.append(Property(key: "compression.codec", value: "lz4"))
        }
        return adapted
    }
}
