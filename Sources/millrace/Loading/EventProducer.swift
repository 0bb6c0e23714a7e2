import Kafka
import Telemetry

/// Produces events to one topic and follows each until it is delivered or given up. Used from one thread.
struct EventProducer: ~Copyable {
    private let topicName: String
    private let producer: Producer
    private let topic: ProducerTopic
    private var runs: DeliveryRuns
    private var nextToken: UInt64 = 0

    /// Events handed to the producer.
    private(set) var sentCount = 0
    /// Events that the brokers acknowledged.
    private(set) var deliveredCount = 0
    /// Events that were given up.
    private(set) var failedCount = 0
    /// Whether an event leaves at once while few are on their way; otherwise it waits a few milliseconds for others.
    var sendsAtOnce = false
    /// The first delivery that failed.
    private(set) var firstFailure: KafkaError?

    /// Events on their way.
    var inFlightCount: Int { sentCount - deliveredCount - failedCount }

    /// A producer for `topic` with librdkafka's `properties`; nothing is sent yet.
    init(properties: ClientProperties, topic name: String, log: Log) throws(CommandFailure) {
        (producer, topic) = try Self.open(properties, name, log)
        topicName = name
        runs = DeliveryRuns()
    }

    private static func open(
        _ properties: ClientProperties, _ name: String, _ log: Log
    ) throws(CommandFailure) -> (Producer, ProducerTopic) {
        do throws(KafkaError) {
            // The broker says how large a record may be, not this client.
            let settings = ProducerSettings(messageBytes: 100_000_000)
            let producer = try Producer(properties: properties, settings: settings, log: log, onDeliveries: {})
            return (producer, try producer.topic(name))
        } catch {
            throw CommandFailure(error, while: "producing to \(name)")
        }
    }

    /// Hands over one event (copied). `partition` `nil`: by the key, as Java does. False while the queue is full: settle
    /// and try again.
    mutating func send(
        value: RawSpan?, key: RawSpan?, timestampMilliseconds: Int64 = 0, partition: Int32? = nil
    ) throws(CommandFailure) -> Bool {
        if sendsAtOnce { producer.beginBatch(of: 1) }
        let result = producer.produce(
            topic, partition: partition ?? Producer.anyPartition, key: key, value: value,
            timestampMilliseconds: timestampMilliseconds,
            token: nextToken)
        switch result {
        case .queued:
            nextToken += 1
            sentCount += 1
            return true
        case .queueFull: return false
        case .failed(let error): throw CommandFailure(error, while: "producing to \(topicName)")
        }
    }

    /// Takes the delivery reports that have come in; does not wait. Says whether there were any.
    @discardableResult
    mutating func settle() -> Bool {
        producer.drainDeliveries(into: &runs)
        for index in 0..<runs.count {
            let run = runs[index]
            guard let error = run.error else {
                deliveredCount += run.count
                continue
            }
            failedCount += run.count
            if firstFailure == nil { firstFailure = error }
        }
        return runs.count > 0
    }

    /// Gives up what is not sent, and ends the client.
    func close() {
        _ = producer.close(deadline: .now + .seconds(5))
    }
}
