import Kafka

/// The queues of the partitions a group member was given, for a reader with one thread.
///
/// Unchecked sendable by this rule: the group calls its delegate only inside `poll` and `close`, so everything here runs
/// on the reader's one thread.
final class OpenQueues: RebalanceDelegate, @unchecked Sendable {
    private var queues: [TopicPartition: QueueBox] = [:]
    private let bell: Bell

    /// `bell` rings when a queue has something to read.
    init(bell: Bell) { self.bell = bell }

    var isAny: Bool { !queues.isEmpty }

    /// Moves waiting records into `batch` without waiting; the count.
    func drain(into batch: inout MessageBatch) -> Int {
        var count = 0
        for box in queues.values { count += box.queue.drain(into: &batch, upTo: batch.capacity) }
        return count
    }

    /// All partitions begin at their beginning.
    func partitionsAssigned(_ partitions: [TopicPartition], in group: ConsumerGroup) -> [TopicPartition: Int64] {
        var starts: [TopicPartition: Int64] = [:]
        let bell = bell
        for partition in partitions {
            starts[partition] = ConsumerGroup.beginning
            guard let queue = try? group.openQueue(partition, onReady: { bell.ring() }) else { continue }
            queues[partition] = QueueBox(queue)
        }
        return starts
    }

    func partitionsRevoked(_ partitions: [TopicPartition], in group: ConsumerGroup) { forget(partitions) }

    func partitionsLost(_ partitions: [TopicPartition], in group: ConsumerGroup) { forget(partitions) }

    func rebalanceFinished(hookMilliseconds: Double, kind: RebalanceKind, partitions: [TopicPartition]) {}

    private func forget(_ partitions: [TopicPartition]) {
        for partition in partitions { queues[partition] = nil }
    }
}

/// A partition's queue with a place in a dictionary, which takes no noncopyable values.
private final class QueueBox {
    var queue: PartitionQueue
    init(_ queue: consuming PartitionQueue) { self.queue = queue }
}
