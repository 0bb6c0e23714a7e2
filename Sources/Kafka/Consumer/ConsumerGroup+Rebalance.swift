import CRdKafka
import Synchronization

extension ConsumerGroup {
    /// Runs one rebalance to its end: the delegate's hook, then the change itself, then the wake-up of what stays.
    func rebalance(_ event: OpaquePointer) -> KafkaError? {
        let start = ContinuousClock.now
        let list = unsafe rd_kafka_event_topic_partition_list(event)
        let partitions = unsafe PartitionList.partitions(list)
        let isCooperative = isCooperative
        let kind: RebalanceKind
        let failure: KafkaError?
        if unsafe rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            kind = .assigned
            unsafe failure = assign(partitions, list, isCooperative)
        } else {
            kind = isAssignmentLost ? .lost : .revoked
            unsafe failure = unassign(partitions, list, isCooperative, kind)
        }
        if isCooperative {
            // Every version drops what the unmoved partitions had prefetched and then waits for its broker threads to
            // wake by themselves. The later questions catch a resume that the first one overtook.
            let moved = Set(partitions)
            let kept = assignment.subtracting(moved)
            if !kept.isEmpty { waker.ring(kept, rounds: 4) }
        }
        let elapsed = ContinuousClock.now - start
        delegate?.rebalanceFinished(hookMilliseconds: elapsed / .milliseconds(1), kind: kind, partitions: partitions)
        // A change that was not made leaves the member waiting for it for ever.
        return failure.map { KafkaError(code: $0.code, message: "the assignment failed: \($0.message)", isFatal: true) }
    }

    /// Gives up one partition of the assignment, to `assign` it again elsewhere in its log; its queue has to be closed. The
    /// group does not notice. Only under the cooperative protocol one partition can be changed; else all are set.
    public func unassign(_ partition: TopicPartition) throws(KafkaError) {
        try change(PartitionList([partition]), remaining: assignment.subtracting([partition]), adds: false)
    }

    /// Takes the partition back, reading from `offset`. Open its queue before.
    public func assign(_ partition: TopicPartition, at offset: Int64) throws(KafkaError) {
        try change(PartitionList([partition: offset]), remaining: assignment.union([partition]), adds: true)
    }

    private func change(_ list: borrowing PartitionList, remaining: Set<TopicPartition>, adds: Bool) throws(KafkaError)
    {
        let isCooperative = isCooperative
        guard isCooperative || remaining.count <= 1 else {
            throw KafkaError(
                code: .invalidArgument,
                message: "one partition alone cannot be started again under an eager assignment strategy")
        }
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            switch (isCooperative, adds) {
            case (true, true): try unsafe check(rd_kafka_incremental_assign(client, list.native), self.client.secrets)
            case (true, false):
                try unsafe check(rd_kafka_incremental_unassign(client, list.native), self.client.secrets)
            case (false, true): try unsafe check(rd_kafka_assign(client, list.native))
            case (false, false): try unsafe check(rd_kafka_assign(client, nil))
            }
        }
        state.withLock { $0.assigned = remaining }
        if isCooperative, !assignment.isEmpty { waker.ring(assignment, rounds: 4) }
    }

    private var delegate: (any RebalanceDelegate)? { state.withLock { $0.delegate } }

    /// Whether a rebalance moves single partitions (`COOPERATIVE`) and not all of them; false before the group has formed.
    public var isCooperative: Bool {
        let name = try? unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            unsafe rd_kafka_rebalance_protocol(client).map { unsafe String(cString: $0) }
        }
        return name == "COOPERATIVE"
    }

    private func assign(
        _ partitions: [TopicPartition], _ list: PartitionList.Native?, _ isCooperative: Bool
    ) -> KafkaError? {
        var starts = delegate?.partitionsAssigned(partitions, in: self) ?? [:]
        do {
            if settings.stopsOnDataLoss { try addStarts(of: partitions, to: &starts) }
            if let list = unsafe list {
                for (partition, offset) in starts {
                    unsafe _ = rd_kafka_topic_partition_list_set_offset(
                        list, partition.topic, partition.partition, offset)
                }
            }
            try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
                if isCooperative {
                    try unsafe check(rd_kafka_incremental_assign(client, list), self.client.secrets)
                } else {
                    try unsafe check(rd_kafka_assign(client, list))
                }
            }
        } catch { return error }
        state.withLock { $0.assigned.formUnion(partitions) }
        return nil
    }

    /// With `auto.offset.reset=error` a partition that was never committed has to be told where to begin.
    private func addStarts(
        of partitions: [TopicPartition], to starts: inout [TopicPartition: Int64]
    ) throws(KafkaError) {
        let open = partitions.filter { starts[$0] == nil }
        guard !open.isEmpty else { return }
        let committed = try committed(open, timeout: .seconds(10))
        for partition in open where committed[partition] == nil {
            starts[partition] = settings.start == .earliest ? Self.beginning : Self.end
        }
    }

    private func unassign(
        _ partitions: [TopicPartition], _ list: PartitionList.Native?, _ isCooperative: Bool, _ kind: RebalanceKind
    ) -> KafkaError? {
        if kind == .lost {
            delegate?.partitionsLost(partitions, in: self)
        } else {
            delegate?.partitionsRevoked(partitions, in: self)
        }
        state.withLock { $0.assigned.subtract(partitions) }
        do {
            try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
                if isCooperative {
                    try unsafe check(rd_kafka_incremental_unassign(client, list), self.client.secrets)
                } else {
                    try unsafe check(rd_kafka_assign(client, nil))
                }
            }
        } catch { return error }
        return nil
    }
}
