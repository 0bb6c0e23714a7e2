import Kafka
import Telemetry

/// A group member that does what an engine does: opens queues when partitions come, reads them, closes them when they go.
/// One test thread uses it; the delegate calls come on that thread, inside `poll`.
final class Member: RebalanceDelegate, @unchecked Sendable {
    final class Reader {
        var queue: PartitionQueue?
        init(_ queue: consuming PartitionQueue) { self.queue = consume queue }
    }

    struct Change: Equatable {
        var kind: RebalanceKind
        var partitions: Set<Int32>
    }

    private(set) var group: ConsumerGroup!
    private(set) var readers: [TopicPartition: Reader] = [:]
    private(set) var changes: [Change] = []
    private(set) var finished: [Change] = []
    private(set) var records: [Record] = []
    private(set) var ends: [TopicPartition: Int64] = [:]
    private(set) var commitErrors: [KafkaError] = []
    private(set) var queueErrors: [KafkaError] = []
    private(set) var events: [GroupEvent] = []
    var starts: [TopicPartition: Int64] = [:]
    var commitsOnRevoke = false
    var keepsQueuesOpen = false
    let rings = Counter()
    private var batch = MessageBatch(capacity: 256)

    init(
        _ properties: ClientProperties, _ settings: ConsumerSettings, topics: [String] = ["in"],
        log: Log = Log(write: { _ in })
    ) throws {
        group = try ConsumerGroup(properties: properties, settings: settings, log: log, delegate: self)
        try group.subscribe(topics)
    }

    func partitionsAssigned(_ partitions: [TopicPartition], in group: ConsumerGroup) -> [TopicPartition: Int64] {
        changes.append(Change(kind: .assigned, partitions: Set(partitions.map(\.partition))))
        for partition in partitions {
            guard let queue = try? group.openQueue(partition, onReady: { [rings] in rings.ring() })
            else { continue }
            readers[partition] = Reader(queue)
        }
        return starts
    }

    func partitionsRevoked(_ partitions: [TopicPartition], in group: ConsumerGroup) {
        changes.append(Change(kind: .revoked, partitions: Set(partitions.map(\.partition))))
        if commitsOnRevoke {
            do { try group.commitAndWait(nextOffsets(of: partitions), timeout: .seconds(5)) } catch {
                commitErrors.append(error)
            }
        }
        if !keepsQueuesOpen { for partition in partitions { readers[partition] = nil } }
    }

    func partitionsLost(_ partitions: [TopicPartition], in group: ConsumerGroup) {
        changes.append(Change(kind: .lost, partitions: Set(partitions.map(\.partition))))
        for partition in partitions { readers[partition] = nil }
    }

    func rebalanceFinished(hookMilliseconds: Double, kind: RebalanceKind, partitions: [TopicPartition]) {
        finished.append(Change(kind: kind, partitions: Set(partitions.map(\.partition))))
    }

    var assigned: Set<Int32> { Set(readers.keys.map(\.partition)) }

    var errors: [KafkaError] { events.compactMap { if case .error(let error) = $0 { error } else { nil } } }

    func nextOffsets(of partitions: some Sequence<TopicPartition>) -> [TopicPartition: Int64] {
        var result: [TopicPartition: Int64] = [:]
        for partition in partitions {
            let last = records.last { $0.partition == partition.partition }
            if let last { result[partition] = last.offset + 1 }
        }
        return result
    }

    /// One round: the group's events, then all partition queues.
    func step(readsQueues: Bool = true) {
        events += group.poll(timeout: .milliseconds(5))
        guard readsQueues else { return }
        for (partition, reader) in readers {
            while reader.queue?.drain(into: &batch, upTo: 100) ?? 0 > 0 {
                for index in 0..<batch.count {
                    let message = batch[index]
                    switch message.kind {
                    case .record: records.append(Record(message))
                    case .endOfPartition(let offset): ends[partition] = offset
                    case .error(let error): queueErrors.append(error)
                    }
                }
                batch.releaseAll()
            }
        }
    }

    /// Rounds until the condition holds; false at the deadline.
    func run(seconds: Int = 20, until condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !condition() {
            guard ContinuousClock.now < deadline else { return false }
            step()
        }
        return true
    }

    func closeQueues() { readers = [:] }

    func close(seconds: Int = 10) -> Bool { group.close(deadline: .now + .seconds(seconds)) }
}
