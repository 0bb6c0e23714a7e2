import Kafka
import Telemetry

/// A producer with its deliveries, for tests.
final class Sender {
    let producer: Producer
    let topic: ProducerTopic
    let rings: Counter
    private(set) var runs: [DeliveryRun] = []
    private var newest = DeliveryRuns()

    init(
        _ properties: ClientProperties, _ settings: ProducerSettings = ProducerSettings(), topic: String = "in",
        log: Log = Log(write: { _ in })
    ) throws {
        let rings = Counter()
        self.rings = rings
        producer = try Producer(properties: properties, settings: settings, log: log) {
            rings.ring()
        }
        self.topic = try producer.topic(topic)
    }

    /// `isBatched`: by `produceBatched`, so that it may be held back.
    func send(
        _ value: [UInt8]?, key: [UInt8]? = nil, partition: Int32 = 0, time: Int64 = 0, token: UInt64 = 0,
        isBatched: Bool = false
    ) -> ProduceResult {
        func produce(_ key: RawSpan?, _ value: RawSpan?) -> ProduceResult {
            if isBatched {
                return producer.produceBatched(
                    topic, partition: partition, key: key, value: value, timestampMilliseconds: time, token: token)
            }
            return producer.produce(
                topic, partition: partition, key: key, value: value, timestampMilliseconds: time, token: token)
        }
        switch (key, value) {
        case (nil, nil): return produce(nil, nil)
        case (let key?, nil): return unsafe produce(key.span.bytes, nil)
        case (nil, let value?): return unsafe produce(nil, value.span.bytes)
        case (let key?, let value?): return unsafe produce(key.span.bytes, value.span.bytes)
        }
    }

    /// Sends `count` short texts, tokens from `first`.
    func sendTexts(_ count: Int, partition: Int32 = 0, first: Int = 0) {
        for index in first..<(first + count) {
            var result = send(Array("\(partition)-\(index)".utf8), partition: partition, token: UInt64(index))
            while case .queueFull = result {
                drain()
                result = send(Array("\(partition)-\(index)".utf8), partition: partition, token: UInt64(index))
            }
        }
    }

    func drain() {
        producer.drainDeliveries(into: &newest)
        for index in 0..<newest.count { runs.append(newest[index]) }
    }

    var reported: Int { runs.reduce(0) { $0 + $1.count } }

    /// Drains until `count` reports came; false at the deadline.
    func awaitReports(_ count: Int, seconds: Int = 20) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while reported < count {
            guard ContinuousClock.now < deadline else { return false }
            drain()
        }
        return true
    }

    /// Drains until a run of reports begins with `token`; false at the deadline.
    func awaitReport(of token: UInt64) -> Bool {
        awaitCondition {
            drain()
            return runs.contains { $0.firstToken == token }
        }
    }

    func close(seconds: Int = 10) -> Bool { producer.close(deadline: .now + .seconds(seconds)) }
}

extension ProduceResult {
    var isQueued: Bool { if case .queued = self { true } else { false } }
    var isQueueFull: Bool { if case .queueFull = self { true } else { false } }
    var error: KafkaError? { if case .failed(let error) = self { error } else { nil } }
}
