import CRdKafka

extension ConsumerGroup {
    /// Sends a commit of the next offsets to read; the answer comes through `poll` as `commitFinished`.
    public func commit(_ offsets: [TopicPartition: Int64]) throws(KafkaError) {
        guard !offsets.isEmpty else { return }
        let list = PartitionList(offsets)
        // Not rd_kafka_commit: without a callback of its own its answer goes nowhere.
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            try unsafe check(rd_kafka_commit_queue(client, list.native, events.pointer, nil, nil))
        }
    }

    /// Commits and waits for the answer, at most `timeout`. Works inside a revocation too. Throws the whole's error or that
    /// of the first partition that failed.
    public func commitAndWait(_ offsets: [TopicPartition: Int64], timeout: Duration) throws(KafkaError) {
        guard !offsets.isEmpty else { return }
        let list = PartitionList(offsets)
        let answers = try EventQueue(new: client)
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            try unsafe check(rd_kafka_commit_queue(client, list.native, answers.pointer, nil, nil))
        }
        var answer: GroupEvent?
        unsafe answers.poll(timeout: timeout, atMost: 1) { unsafe answer = commitFinished($0) }
        guard case .commitFinished(let error, _) = answer else {
            throw KafkaError(code: .timedOut, message: "the commit was not answered within \(timeout)")
        }
        if let error { throw error }
    }

    func commitFinished(_ event: OpaquePointer) -> GroupEvent {
        var offsets: [TopicPartition: Int64] = [:]
        var failure: KafkaError?
        let whole = unsafe KafkaErrorCode(rd_kafka_event_error(event))
        if whole != .none { failure = KafkaError(code: whole) }
        unsafe PartitionList.forEach(rd_kafka_event_topic_partition_list(event)) { partition, offset, code in
            if code == .none {
                if whole == .none { offsets[partition] = offset }
            } else if failure == nil {
                failure = KafkaError(code: code, message: "\(partition): \(code.text)")
            }
        }
        return .commitFinished(failure, offsets)
    }

    /// The group's committed offsets; a partition without one is absent. Waits for the coordinator.
    public func committed(
        _ partitions: [TopicPartition], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        let list = PartitionList(partitions)
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            try unsafe check(rd_kafka_committed(client, list.native, timeout.milliseconds))
        }
        var offsets: [TopicPartition: Int64] = [:]
        var failure: KafkaError?
        unsafe PartitionList.forEach(list.native) { partition, offset, code in
            if code != .none { failure = failure ?? KafkaError(code: code, message: "\(partition): \(code.text)") }
            if offset >= 0 { offsets[partition] = offset }
        }
        if let failure { throw failure }
        return offsets
    }

    /// The oldest offset and the next one to be written, asked from the leader.
    public func queryWatermarks(
        _ partition: TopicPartition, timeout: Duration
    ) throws(KafkaError) -> (low: Int64, high: Int64) {
        var low: Int64 = 0
        var high: Int64 = 0
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            try unsafe check(
                rd_kafka_query_watermark_offsets(
                    client, partition.topic, partition.partition, &low, &high, timeout.milliseconds))
        }
        return (low, high)
    }

    /// The same as of the last fetch, without asking anybody; `nil` before the first one.
    public func cachedWatermarks(_ partition: TopicPartition) -> (low: Int64, high: Int64)? {
        var low: Int64 = -1
        var high: Int64 = -1
        let code = try? unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            unsafe rd_kafka_get_watermark_offsets(client, partition.topic, partition.partition, &low, &high)
        }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0 else { return nil }
        return (max(low, 0), high)
    }

    /// Goes on reading elsewhere. What the partition's queue still held is dropped; records already taken are the caller's
    /// to drop. Waits at most `timeout`.
    public func seek(_ partition: TopicPartition, to offset: Int64, timeout: Duration) throws(KafkaError) {
        let list = PartitionList([partition: offset])
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            // Before 2.1 the milliseconds are taken for microseconds (librdkafka PR 4230).
            let factor: Int32 = LibraryVersion.number < 0x0201_0000 ? 1000 : 1
            let limit = timeout.milliseconds.multipliedReportingOverflow(by: factor)
            try unsafe check(
                rd_kafka_seek_partitions(client, list.native, limit.overflow ? .max : limit.partialValue),
                self.client.secrets)
        }
        var failure: KafkaError?
        unsafe PartitionList.forEach(list.native) { _, _, code in
            if code != .none { failure = KafkaError(code: code) }
        }
        if let failure { throw failure }
    }

    /// The topic's partitions and leaders. Never creates the topic. Waits at most `timeout`.
    public func metadata(topic: String, timeout: Duration) throws(KafkaError) -> TopicMetadata {
        try client.topicMetadata(topic, timeout: timeout)
    }
}
