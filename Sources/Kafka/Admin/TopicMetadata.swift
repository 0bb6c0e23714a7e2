import CRdKafka

/// A topic's partitions, as a broker told.
public struct TopicMetadata: Sendable, Equatable {
    /// One partition.
    public struct Partition: Sendable, Equatable {
        /// Its number.
        public let id: Int32
        /// The leading broker's id, or `nil` while there is none.
        public let leader: Int32?
        /// All brokers that hold it.
        public let replicas: [Int32]
    }

    /// The topic's name.
    public let topic: String
    /// By number, from 0.
    public let partitions: [Partition]
}

extension ClientHandle {
    /// The topic's metadata. Throws `isUnknownTopic` when it does not exist, `isAuthorization` when it may not be seen.
    func topicMetadata(_ topic: String, timeout: Duration) throws(KafkaError) -> TopicMetadata {
        try unsafe use { (client: OpaquePointer) throws(KafkaError) in
            guard let handle = unsafe rd_kafka_topic_new(client, topic, nil) else {
                throw KafkaError(code: KafkaErrorCode(rd_kafka_last_error()))
            }
            defer { unsafe rd_kafka_topic_destroy(handle) }
            var found: UnsafePointer<rd_kafka_metadata>?
            try unsafe check(rd_kafka_metadata(client, 0, handle, &found, timeout.milliseconds))
            guard let metadata = unsafe found else { throw KafkaError(code: .timedOut) }
            defer { unsafe rd_kafka_metadata_destroy(metadata) }
            for index in 0..<Int(unsafe metadata.pointee.topic_cnt) {
                let entry = unsafe metadata.pointee.topics[index]
                guard let name = unsafe entry.topic, unsafe String(cString: name) == topic else { continue }
                guard unsafe entry.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                    let code = unsafe KafkaErrorCode(entry.err)
                    throw KafkaError(code: code, message: "topic \(topic): \(code.text)")
                }
                return unsafe TopicMetadata(topic: topic, partitions: partitions(of: entry))
            }
            throw KafkaError(code: .unknownTopicOrPartition, message: "topic \(topic) does not exist")
        }
    }

    private func partitions(of entry: rd_kafka_metadata_topic) -> [TopicMetadata.Partition] {
        var result: [TopicMetadata.Partition] = []
        for index in 0..<Int(unsafe entry.partition_cnt) {
            let partition = unsafe entry.partitions[index]
            var replicas: [Int32] = []
            for replica in 0..<Int(unsafe partition.replica_cnt) { unsafe replicas.append(partition.replicas[replica]) }
            unsafe result.append(
                TopicMetadata.Partition(
                    id: partition.id, leader: partition.leader < 0 ? nil : partition.leader, replicas: replicas))
        }
        return result.sorted { $0.id < $1.id }
    }
}
