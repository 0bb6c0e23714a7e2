/// Who is told about the group's assignment. All calls come from inside `ConsumerGroup.poll` or `close`, on their thread,
/// and the member's other partitions stand still meanwhile: be quick.
///
/// *Revoked* is not *lost*: a revoked partition is still ours until the call returns (flush, commit, close its queue); a
/// lost one belongs to somebody else already (write nothing, commit nothing).
public protocol RebalanceDelegate: AnyObject, Sendable {
    /// New partitions, in addition to those held (under the eager protocol nothing is held at this point). Open their
    /// queues here: `ConsumerGroup.openQueue`. Returns offsets to start from where the committed ones should not decide;
    /// `ConsumerGroup.beginning` and `.end` are allowed.
    func partitionsAssigned(_ partitions: [TopicPartition], in group: ConsumerGroup) -> [TopicPartition: Int64]

    /// Partitions to give up. When this returns their `PartitionQueue`s have to be closed and their readers stopped.
    func partitionsRevoked(_ partitions: [TopicPartition], in group: ConsumerGroup)

    /// The same, but too late to commit.
    func partitionsLost(_ partitions: [TopicPartition], in group: ConsumerGroup)

    /// After librdkafka took the change over. `hookMilliseconds` is how long the whole of it held up the partitions.
    func rebalanceFinished(hookMilliseconds: Double, kind: RebalanceKind, partitions: [TopicPartition])
}

/// What a rebalance did.
public enum RebalanceKind: String, Sendable {
    /// Partitions came.
    case assigned
    /// Partitions went, in order.
    case revoked
    /// Partitions were gone already.
    case lost
}
