// What the engine's tests on the embedded cluster share: a cluster with topics, a loader, a reader of whole topics, and an
// engine on a thread of its own.

import Engine
import Features
import Foundation
import Kafka
import Learning
import Synchronization
import Telemetry

/// One record as a test sees it.
struct TestRecord: Sendable, Equatable {
    var partition: Int32
    var offset: Int64
    var key: String?
    var value: String?
    var headers: [String: String] = [:]
    /// Milliseconds; -1 for none.
    var timestamp: Int64 = -1

    /// A field of the JSON value, by a plain search.
    func text(of field: String) -> String? {
        guard let value, let range = value.range(of: "\"\(field)\":") else { return nil }
        let rest = value[range.upperBound...]
        if rest.first == "\"" {
            return rest.dropFirst().split(separator: "\"", omittingEmptySubsequences: false).first.map(String.init)
        }
        return rest.split(whereSeparator: { ",}".contains($0) }).first.map(String.init)
    }
}

/// A cluster in this process with an input topic `in`; the engine makes `out` and `dead`.
final class EmbeddedPipeline: Sendable {
    let cluster: EmbeddedCluster
    let partitions: Int
    let log: Log
    let logged: Lines

    init(partitions: Int, brokers: Int = 1) throws {
        self.partitions = partitions
        cluster = try EmbeddedCluster(brokers: brokers)
        let lines = Lines()
        self.logged = lines
        log = Log(level: .info) { lines.append($0) }
        try cluster.createTopic("in", partitions: partitions)
        try cluster.createTopic("out", partitions: partitions)
        try cluster.createTopic("dead", partitions: partitions)
    }

    /// What the engine logged.
    final class Lines: Sendable {
        private let all = Mutex<[String]>([])
        func append(_ line: String) { all.withLock { $0.append(line) } }
        var text: String { all.withLock { $0.joined(separator: "\n") } }
    }

    var properties: ClientProperties {
        ClientProperties(
            common: [Property(key: "bootstrap.servers", value: cluster.bootstrapServers)], consumer: [], producer: [])
    }

    /// A pipeline over `id`, `x` and `label`.
    func configuration(
        group: String = "pipeline", onBadRecord: EngineConfiguration.BadRecordPolicy = .deadLetter(topic: "dead"),
        exitsAtEnd: Bool = true, producer: [Property] = [], consumer: [Property] = []
    ) throws -> EngineConfiguration {
        let (model, problems) = ModelSpecification.parse(
            name: "champion", entries: [ParameterEntry("type", .text("logistic_regression"))], task: .binary)
        guard let model else { throw TestFailure("\(problems)") }
        let schema = Schema(
            fields: [.init(name: "x", kind: .number), .init(name: "label", kind: .category)], idField: "id",
            label: .init(field: "label", kind: .binary(positive: "1")))
        var properties = properties
        properties.producer = producer
        properties.consumer = consumer
        var configuration = EngineConfiguration(
            groupID: group, properties: properties, inputTopic: "in", schema: schema, features: [.allNumbers],
            models: [model], outputTopic: "out", onBadRecord: onBadRecord)
        configuration.exitsAtEnd = exitsAtEnd
        configuration.embeddedCluster = cluster
        configuration.connectTimeout = .seconds(10)
        return configuration
    }

    /// Writes the values round robin over the partitions and waits until they are there. `nil` is a tombstone; a timestamp of 0
    /// is the present.
    func load(
        _ values: [String?], into topic: String = "in", timestamp: Int64 = 0, headers: [Header] = []
    ) throws {
        let producer = try Producer(properties: properties, settings: ProducerSettings(), log: log) {}
        defer { _ = producer.close(deadline: .now + .seconds(5)) }
        let target = try producer.topic(topic)
        var runs = DeliveryRuns()
        var delivered = 0
        for (index, value) in values.enumerated() {
            let key = Array("k\(index % 7)".utf8)
            let bytes = value.map { Array($0.utf8) }
            while true {
                let result = Self.produce(
                    producer, target, Int32(index % partitions), key, bytes, timestamp, headers, UInt64(index))
                if case .queued = result { break }
                producer.drainDeliveries(into: &runs)
                for run in 0..<runs.count { delivered += runs[run].count }
            }
        }
        let deadline = ContinuousClock.now + .seconds(20)
        while delivered < values.count {
            guard ContinuousClock.now < deadline else { throw TestFailure("loading took too long") }
            producer.drainDeliveries(into: &runs)
            for run in 0..<runs.count { delivered += runs[run].count }
        }
    }

    private static func produce(
        _ producer: Producer, _ topic: ProducerTopic, _ partition: Int32, _ key: [UInt8], _ value: [UInt8]?,
        _ timestamp: Int64, _ headers: [Header], _ token: UInt64
    ) -> ProduceResult {
        guard let value else {
            return unsafe producer.produce(
                topic, partition: partition, key: key.span.bytes, value: nil, timestampMilliseconds: timestamp,
                adding: headers, token: token)
        }
        return unsafe producer.produce(
            topic, partition: partition, key: key.span.bytes, value: value.span.bytes,
            timestampMilliseconds: timestamp, adding: headers, token: token)
    }

    /// Reads `topic` from its beginning to its present end.
    func read(_ topic: String) throws -> [TestRecord] {
        let reader = TopicReader(pipeline: self, topic: topic)
        return try reader.read()
    }

    /// Positions the group has committed, by partition.
    func committed(group: String = "pipeline") throws -> [Int32: Int64] {
        let all = (0..<partitions).map { TopicPartition(topic: "in", partition: Int32($0)) }
        let offsets = try asIdleMember(of: group) { try $0.committed(all, timeout: .seconds(10)) }
        return Dictionary(uniqueKeysWithValues: offsets.map { ($0.key.partition, $0.value) })
    }

    /// Commits `offset` for every partition while the group has no members.
    func commit(_ offset: Int64, group: String = "pipeline") throws {
        let all = (0..<partitions).map { (TopicPartition(topic: "in", partition: Int32($0)), offset) }
        try asIdleMember(of: group) {
            try $0.commitAndWait(Dictionary(uniqueKeysWithValues: all), timeout: .seconds(10))
        }
    }

    private func asIdleMember<Result>(of group: String, _ body: (ConsumerGroup) throws -> Result) throws -> Result {
        let idle = IdleDelegate()
        let member = try ConsumerGroup(
            properties: properties, settings: ConsumerSettings(groupID: group), log: log, delegate: idle)
        defer { _ = member.close(deadline: .now + .seconds(5)) }
        return try body(member)
    }
}

/// A test could not do its preparation.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A member that is never given anything.
final class IdleDelegate: RebalanceDelegate {
    func partitionsAssigned(_ partitions: [TopicPartition], in group: ConsumerGroup) -> [TopicPartition: Int64] { [:] }
    func partitionsRevoked(_ partitions: [TopicPartition], in group: ConsumerGroup) {}
    func partitionsLost(_ partitions: [TopicPartition], in group: ConsumerGroup) {}
    func rebalanceFinished(hookMilliseconds: Double, kind: RebalanceKind, partitions: [TopicPartition]) {}
}

/// Reads a topic to its end through a group of its own.
final class TopicReader: RebalanceDelegate {
    private final class QueueBox: @unchecked Sendable {
        // Used by the reading thread alone; the rebalance callbacks run inside its polls.
        var queue: PartitionQueue?
        init(_ queue: consuming PartitionQueue) { self.queue = consume queue }
    }

    private let pipeline: EmbeddedPipeline
    private let topic: String
    private let queues = Mutex<[QueueBox]>([])

    init(pipeline: EmbeddedPipeline, topic: String) {
        self.pipeline = pipeline
        self.topic = topic
    }

    func read() throws -> [TestRecord] {
        let group = try ConsumerGroup(
            properties: pipeline.properties,
            settings: ConsumerSettings(groupID: "reader-\(UInt64.random(in: 0...UInt64.max))", partitionEOF: true),
            log: pipeline.log, delegate: self)
        try group.subscribe([topic])
        var records: [TestRecord] = []
        var ended: Set<Int32> = []
        var batch = MessageBatch(capacity: 1000)
        let deadline = ContinuousClock.now + .seconds(30)
        while ended.count < pipeline.partitions {
            guard ContinuousClock.now < deadline else { throw TestFailure("reading \(topic) took too long") }
            _ = group.poll(timeout: .milliseconds(5))
            for box in queues.withLock({ $0 }) {
                box.queue?.drain(into: &batch, upTo: 1000)
                for index in 0..<batch.count { Self.take(batch[index], &records, &ended) }
                batch.releaseAll()
            }
        }
        release()
        _ = group.close(deadline: .now + .seconds(5))
        return records.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
    }

    private static func take(_ message: Message, _ records: inout [TestRecord], _ ended: inout Set<Int32>) {
        guard message.isRecord else {
            if case .endOfPartition = message.kind { ended.insert(message.partition) }
            return
        }
        var headers: [String: String] = [:]
        message.forEachHeader { name, value in headers[name] = text(value) ?? "" }
        records.append(
            TestRecord(
                partition: message.partition, offset: message.offset, key: text(message.key),
                value: text(message.value), headers: headers, timestamp: message.timestampMilliseconds ?? -1))
    }

    private static func text(_ span: RawSpan?) -> String? {
        guard let span else { return nil }
        return unsafe span.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    private func release() { queues.withLock { boxes in for box in boxes { box.queue = nil } } }

    func partitionsAssigned(_ partitions: [TopicPartition], in group: ConsumerGroup) -> [TopicPartition: Int64] {
        for partition in partitions {
            guard let queue = try? group.openQueue(partition, onReady: {}) else { continue }
            let box = QueueBox(queue)
            queues.withLock { $0.append(box) }
        }
        return [:]
    }

    func partitionsRevoked(_ partitions: [TopicPartition], in group: ConsumerGroup) { release() }
    func partitionsLost(_ partitions: [TopicPartition], in group: ConsumerGroup) { release() }
    func rebalanceFinished(hookMilliseconds: Double, kind: RebalanceKind, partitions: [TopicPartition]) {}
}

/// An engine on a thread of its own.
final class RunningEngine: Sendable {
    let engine: Engine
    let metrics = MetricRegistry()
    private let outcome = Mutex<Result<RunSummary, EngineError>?>(nil)
    private let finished = DispatchSemaphore(value: 0)

    init(_ configuration: EngineConfiguration, log: Log) {
        engine = Engine(configuration, log: log, metrics: metrics)
        Thread { [self] in
            let result: Result<RunSummary, EngineError>
            do throws(EngineError) { result = .success(try engine.run()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            finished.signal()
        }.start()
    }

    /// The end of the run; a failure when it does not come in time.
    func wait(seconds: Int = 60) -> Result<RunSummary, EngineError>? {
        guard finished.wait(timeout: .now() + .seconds(seconds)) == .success else { return nil }
        return outcome.withLock { $0 }
    }

    /// Waits until `condition` holds; false when the time is over.
    func wait(seconds: Int = 30, until condition: (EngineSnapshot) -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if condition(engine.snapshot()) { return true }
            if finished.wait(timeout: .now() + .milliseconds(10)) == .success {
                finished.signal()
                return condition(engine.snapshot())
            }
        }
        return false
    }
}
