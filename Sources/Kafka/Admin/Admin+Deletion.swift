import CRdKafka

extension Admin {
    /// Deletes the topics, and with them what groups have committed for them, and returns those that failed, with the
    /// reason. Throws when the request as a whole failed.
    public func deleteTopics(_ names: [String], timeout: Duration) throws(KafkaError) -> [String: KafkaError] {
        guard !names.isEmpty else { return [:] }
        let answers = try EventQueue(new: client)
        try unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            unsafe AdminRequest.deleteTopics(client, names, answers.pointer, timeout)
        }
        var result: Result<[String: KafkaError], KafkaError>?
        unsafe answers.poll(timeout: timeout + .seconds(1), atMost: 1) {
            unsafe result = AdminRequest.deletionFailures($0)
        }
        guard let result else { throw KafkaError(code: .timedOut, message: "no answer to the deletion of topics") }
        return try result.get()
    }
}
