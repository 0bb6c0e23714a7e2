import CRdKafka

/// Owns an `rd_kafka_topic_partition_list_t`.
@safe struct PartitionList: ~Copyable {
    typealias Native = UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    let native: Native

    init(capacity: Int = 8) {
        unsafe native = rd_kafka_topic_partition_list_new(Int32(clamping: capacity))
    }

    /// Partitions with an offset each.
    init(_ offsets: [TopicPartition: Int64]) {
        self.init(capacity: offsets.count)
        for (partition, offset) in offsets { add(partition, offset: offset) }
    }

    /// Partitions with one value for all (a timestamp, or "none").
    init(_ partitions: some Collection<TopicPartition>, offset: Int64 = Int64(RD_KAFKA_OFFSET_INVALID)) {
        self.init(capacity: partitions.count)
        for partition in partitions { add(partition, offset: offset) }
    }

    deinit { unsafe rd_kafka_topic_partition_list_destroy(native) }

    func add(_ partition: TopicPartition, offset: Int64) {
        // A string passed as a C string by itself is copied to the heap.
        unsafe partition.topic.withCString { topic in
            guard let element = unsafe rd_kafka_topic_partition_list_add(native, topic, partition.partition)
            else { return }
            unsafe element.pointee.offset = offset
        }
    }

    /// Calls `body` for each element of a list that somebody else may own.
    static func forEach(_ list: Native?, _ body: (TopicPartition, _ offset: Int64, KafkaErrorCode) -> Void) {
        guard let list = unsafe list else { return }
        for index in 0..<Int(unsafe list.pointee.cnt) {
            let element = unsafe list.pointee.elems[index]
            guard let topic = unsafe element.topic else { continue }
            let partition = unsafe TopicPartition(topic: String(cString: topic), partition: element.partition)
            unsafe body(partition, element.offset, KafkaErrorCode(element.err))
        }
    }

    static func partitions(_ list: Native?) -> [TopicPartition] {
        var result: [TopicPartition] = []
        unsafe forEach(list) { partition, _, _ in result.append(partition) }
        return result
    }
}
