import CRdKafka

/// The C side of `Admin`: requests made, sent and freed, answers taken apart.
enum AdminRequest {
    /// Owns prepared topic creations.
    @safe struct NewTopics: ~Copyable {
        fileprivate var pointers: [OpaquePointer?] = unsafe []

        fileprivate init() {}

        deinit {
            var pointers = unsafe self.pointers
            unsafe pointers.withUnsafeMutableBufferPointer {
                unsafe rd_kafka_NewTopic_destroy_array($0.baseAddress, $0.count)
            }
        }
    }

    static func newTopics(_ topics: [NewTopic]) throws(KafkaError) -> NewTopics {
        var result = NewTopics()
        for topic in topics {
            var text = [CChar](repeating: 0, count: 512)
            let pointer = unsafe text.withUnsafeMutableBufferPointer {
                unsafe rd_kafka_NewTopic_new(
                    topic.name, Int32(clamping: topic.partitions), Int32(clamping: topic.replication ?? -1),
                    $0.baseAddress, $0.count)
            }
            guard let pointer = unsafe pointer else {
                throw KafkaError(code: .invalidArgument, message: "topic \(topic.name): \(errorText(text))")
            }
            unsafe result.pointers.append(pointer)
            for property in topic.configuration {
                try unsafe check(rd_kafka_NewTopic_set_config(pointer, property.key, property.value))
            }
        }
        return result
    }

    static func createTopics(
        _ client: OpaquePointer, _ topics: borrowing NewTopics, _ queue: OpaquePointer, _ timeout: Duration
    ) throws(KafkaError) {
        let options = unsafe rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS)
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        unsafe limit(options, timeout)
        var pointers = unsafe topics.pointers
        unsafe pointers.withUnsafeMutableBufferPointer {
            unsafe rd_kafka_CreateTopics(client, $0.baseAddress, $0.count, options, queue)
        }
    }

    static func describe(
        _ client: OpaquePointer, _ topic: String, _ queue: OpaquePointer, _ timeout: Duration
    ) throws(KafkaError) {
        guard let resource = unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic) else {
            throw KafkaError(code: .invalidArgument, message: "not a topic's name: \(topic)")
        }
        defer { unsafe rd_kafka_ConfigResource_destroy(resource) }
        let options = unsafe rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS)
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        unsafe limit(options, timeout)
        var resources: [OpaquePointer?] = unsafe [resource]
        unsafe resources.withUnsafeMutableBufferPointer {
            unsafe rd_kafka_DescribeConfigs(client, $0.baseAddress, $0.count, options, queue)
        }
    }

    static func deleteTopics(
        _ client: OpaquePointer, _ names: [String], _ queue: OpaquePointer, _ timeout: Duration
    ) {
        let options = unsafe rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DELETETOPICS)
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        unsafe limit(options, timeout)
        var pointers: [OpaquePointer?] = unsafe []
        for name in names { unsafe pointers.append(rd_kafka_DeleteTopic_new(name)) }
        unsafe pointers.withUnsafeMutableBufferPointer {
            unsafe rd_kafka_DeleteTopics(client, $0.baseAddress, $0.count, options, queue)
            unsafe rd_kafka_DeleteTopic_destroy_array($0.baseAddress, $0.count)
        }
    }

    private static func limit(_ options: OpaquePointer?, _ timeout: Duration) {
        unsafe _ = rd_kafka_AdminOptions_set_request_timeout(options, max(timeout.milliseconds, 1), nil, 0)
    }

    static func failures(_ event: OpaquePointer) -> Result<[String: KafkaError], KafkaError> {
        if let failure = unsafe failure(event) { return .failure(failure) }
        var count = 0
        guard let result = unsafe rd_kafka_event_CreateTopics_result(event),
            let topics = unsafe rd_kafka_CreateTopics_result_topics(result, &count)
        else { return .success([:]) }
        return unsafe .success(failures(topics, count))
    }

    static func deletionFailures(_ event: OpaquePointer) -> Result<[String: KafkaError], KafkaError> {
        if let failure = unsafe failure(event) { return .failure(failure) }
        var count = 0
        guard let result = unsafe rd_kafka_event_DeleteTopics_result(event),
            let topics = unsafe rd_kafka_DeleteTopics_result_topics(result, &count)
        else { return .success([:]) }
        return unsafe .success(failures(topics, count))
    }

    private static func failures(
        _ topics: UnsafeMutablePointer<OpaquePointer?>, _ count: Int
    ) -> [String: KafkaError] {
        var failures: [String: KafkaError] = [:]
        for index in 0..<count {
            let topic = unsafe topics[index]
            let code = unsafe KafkaErrorCode(rd_kafka_topic_result_error(topic))
            guard code != .none, let name = unsafe rd_kafka_topic_result_name(topic) else { continue }
            let text = unsafe rd_kafka_topic_result_error_string(topic).map { unsafe String(cString: $0) }
            unsafe failures[String(cString: name)] = KafkaError(code: code, message: text ?? code.text)
        }
        return failures
    }

    static func configuration(_ event: OpaquePointer) -> Result<[String: String], KafkaError> {
        if let failure = unsafe failure(event) { return .failure(failure) }
        var count = 0
        var values: [String: String] = [:]
        guard let result = unsafe rd_kafka_event_DescribeConfigs_result(event),
            let resources = unsafe rd_kafka_DescribeConfigs_result_resources(result, &count)
        else { return .success([:]) }
        for index in 0..<count {
            let resource = unsafe resources[index]
            let code = unsafe KafkaErrorCode(rd_kafka_ConfigResource_error(resource))
            guard code == .none else { return .failure(KafkaError(code: code)) }
            var entryCount = 0
            guard let entries = unsafe rd_kafka_ConfigResource_configs(resource, &entryCount) else { continue }
            for entry in 0..<entryCount {
                guard let name = unsafe rd_kafka_ConfigEntry_name(entries[entry]),
                    let value = unsafe rd_kafka_ConfigEntry_value(entries[entry])
                else { continue }
                unsafe values[String(cString: name)] = String(cString: value)
            }
        }
        return .success(values)
    }

    private static func failure(_ event: OpaquePointer) -> KafkaError? {
        let code = unsafe KafkaErrorCode(rd_kafka_event_error(event))
        guard code != .none else { return nil }
        let text = unsafe rd_kafka_event_error_string(event).map { unsafe String(cString: $0) }
        return KafkaError(code: code, message: text ?? code.text)
    }
}
