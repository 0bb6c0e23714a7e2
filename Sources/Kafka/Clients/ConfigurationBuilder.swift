import CRdKafka

/// Owns an `rd_kafka_conf_t` until a client takes it over, or frees it. Keeps errors free of secrets.
@safe struct ConfigurationBuilder: ~Copyable {
    private let pointer: OpaquePointer
    private let secrets: Secrets

    init(secrets: Secrets) {
        unsafe pointer = rd_kafka_conf_new()
        self.secrets = secrets
    }

    deinit { unsafe rd_kafka_conf_destroy(pointer) }

    /// Sets one property; returns the reason (redacted) when librdkafka refuses it.
    mutating func set(_ key: String, _ value: String) -> String? {
        var text = [CChar](repeating: 0, count: 512)
        let result = unsafe text.withUnsafeMutableBufferPointer {
            unsafe rd_kafka_conf_set(pointer, key, value, $0.baseAddress, $0.count)
        }
        guard result != RD_KAFKA_CONF_OK else { return nil }
        return secrets.redact(errorText(text))
    }

    /// Sets properties in order, later ones winning.
    mutating func set(_ properties: [Property]) throws(KafkaError) {
        for property in properties {
            guard let reason = set(property.key, property.value) else { continue }
            throw KafkaError(code: .invalidArgument, message: "\(property.key): \(reason)")
        }
    }

    /// Which kinds of event go to the queue instead of callbacks.
    mutating func enableEvents(_ mask: Int32) { unsafe rd_kafka_conf_set_events(pointer, mask) }

    /// Sends librdkafka's log to `context`, which stays alive as long as the client: see `ClientHandle`.
    mutating func setContext(_ context: Unmanaged<ClientContext>) {
        unsafe rd_kafka_conf_set_opaque(pointer, context.toOpaque())
        unsafe rd_kafka_conf_set_log_cb(pointer) { client, level, facility, text in
            guard let client = unsafe client else { return }
            unsafe ClientContext.of(rd_kafka_opaque(client))?.log.take(level: level, facility: facility, text: text)
        }
    }

    /// Has a producer's reports collected, and its errors and statistics kept in the context, while its queue is served.
    mutating func setProducerCallbacks() {
        unsafe mr_report_deliveries(pointer)
        unsafe rd_kafka_conf_set_error_cb(pointer) { _, code, text, context in
            let text = unsafe text.map { unsafe String(cString: $0) } ?? ""
            unsafe ClientContext.of(context)?.add(rd_kafka_resp_err_t(code), text)
        }
        unsafe rd_kafka_conf_set_stats_cb(pointer) { _, text, _, context in
            unsafe ClientContext.of(context)?.statistics = unsafe text.map { unsafe String(cString: $0) }
            return 0
        }
    }

    /// The configuration, now the caller's (a client takes a copy of its own, so that it can be freed on failure).
    func copy() -> OpaquePointer { unsafe rd_kafka_conf_dup(pointer) }
}

/// The text that librdkafka left in an error buffer.
func errorText(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
