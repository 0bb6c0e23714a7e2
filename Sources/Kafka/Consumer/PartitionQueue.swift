import CRdKafka

/// The records of one assigned partition. One reader at a time; closed before its partition is given up.
///
/// `@unchecked Sendable`: the queue handle may be used from any thread, and noncopyable ownership keeps it to one at a time.
@safe public struct PartitionQueue: ~Copyable, @unchecked Sendable {
    /// Whose records these are.
    public let partition: TopicPartition
    private let queue: OpaquePointer
    private let client: ClientHandle
    private let readiness: Unmanaged<Readiness>
    private let waker: LeaderWaker
    private let lowWater: QueueLowWater?
    private var takenMessages = 0
    private var takenBytes = 0

    init(
        _ partition: TopicPartition, _ queue: OpaquePointer, in group: ConsumerGroup,
        onReady: @escaping @Sendable () -> Void
    ) {
        self.partition = partition
        unsafe self.queue = queue
        client = group.client
        waker = group.waker
        lowWater = group.lowWater
        client.retainHandle()
        unsafe readiness = Readiness.enable(queue, onReady)
    }

    deinit {
        unsafe Readiness.disable(queue, readiness)
        unsafe rd_kafka_queue_destroy(queue)
        client.releaseHandle()
    }

    /// Gives the queue back; going out of scope does the same.
    public consuming func close() {}

    /// Records waiting here now.
    public var length: Int { unsafe Int(clamping: rd_kafka_queue_length(queue)) }

    /// Moves what is here into the batch, up to `limit` and up to the batch's room, without waiting. Returns the count.
    ///
    /// `onReady` fires only when the queue goes from empty to non-empty: after opening read once, and before sleeping read
    /// until nothing comes.
    @discardableResult
    public mutating func drain(into batch: inout MessageBatch, upTo limit: Int) -> Int {
        let (taken, bytes) = unsafe batch.take(from: queue, of: client, upTo: limit, countingBytes: lowWater != nil)
        guard taken > 0, let lowWater else { return taken }
        takenMessages += taken
        takenBytes += bytes
        if lowWater.mayBeAsleep(taken: takenMessages, bytes: takenBytes), length < lowWater.messages {
            takenMessages = 0
            takenBytes = 0
            waker.ring(CollectionOfOne(partition))
        }
        return taken
    }
}

extension ConsumerGroup {
    /// Opens the queue of a partition that is being assigned: call it only inside `partitionsAssigned`, once a partition.
    /// From then on nothing of the partition goes to the group's own queue. `onReady` is called from librdkafka's threads,
    /// under the queue's lock: it may only schedule the reader.
    public func openQueue(
        _ partition: TopicPartition, onReady: @escaping @Sendable () -> Void
    ) throws(KafkaError) -> PartitionQueue {
        let pointer = try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            unsafe rd_kafka_queue_get_partition(client, partition.topic, partition.partition)
        }
        guard let queue = unsafe pointer else { throw KafkaError(code: .unknownTopicOrPartition) }
        unsafe rd_kafka_queue_forward(queue, nil)
        return unsafe PartitionQueue(partition, queue, in: self, onReady: onReady)
    }
}
