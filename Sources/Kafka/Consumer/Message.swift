import CRdKafka

/// One record of a `MessageBatch`, looked at in place. Null, empty and absent are three things in Kafka, and stay so.
@safe public struct Message: ~Escapable {
    let pointer: UnsafeMutablePointer<rd_kafka_message_t>

    @_lifetime(immortal)
    init(_ pointer: UnsafeMutablePointer<rd_kafka_message_t>) { unsafe self.pointer = pointer }

    /// What came out of a partition queue.
    public enum Kind: Sendable {
        /// An event, a tombstone included.
        case record
        /// The reader is at the end, at this offset; only with `ConsumerSettings.partitionEOF`.
        case endOfPartition(Int64)
        /// The partition has a problem, such as a position that no longer exists (`autoOffsetReset`).
        case error(KafkaError)
    }

    /// Whether this is a record: look here first, `kind` tells the rest.
    public var isRecord: Bool { unsafe pointer.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR }

    /// What this is.
    public var kind: Kind {
        let code = unsafe pointer.pointee.err
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { return .record }
        if code == RD_KAFKA_RESP_ERR__PARTITION_EOF { return .endOfPartition(offset) }
        let text = unsafe rd_kafka_message_errstr(pointer).map { unsafe String(cString: $0) }
        return .error(KafkaError(code: KafkaErrorCode(code), message: text ?? KafkaErrorCode(code).text))
    }

    /// Where it is in its partition.
    public var offset: Int64 { unsafe pointer.pointee.offset }

    /// Its partition's number.
    public var partition: Int32 { unsafe pointer.pointee.partition }

    /// Kafka's timestamp in milliseconds since 1970, or `nil` when the record has none.
    public var timestampMilliseconds: Int64? {
        var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let value = unsafe rd_kafka_message_timestamp(pointer, &type)
        return type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? nil : value
    }

    /// The key, or `nil` for a null key.
    public var key: RawSpan? {
        @_lifetime(copy self)
        get {
            guard let start = unsafe pointer.pointee.key else { return nil }
            let span = unsafe RawSpan(_unsafeStart: start, byteCount: pointer.pointee.key_len)
            return unsafe _overrideLifetime(span, copying: self)
        }
    }

    /// The value, or `nil` for a tombstone.
    public var value: RawSpan? {
        @_lifetime(copy self)
        get {
            guard let start = unsafe pointer.pointee.payload else { return nil }
            let span = unsafe RawSpan(_unsafeStart: start, byteCount: pointer.pointee.len)
            return unsafe _overrideLifetime(span, copying: self)
        }
    }

    /// Whether it carries headers. Quick when it carries none.
    public var hasHeaders: Bool {
        var headers: OpaquePointer?
        return unsafe rd_kafka_message_headers(pointer, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Calls `body` for each header in order, repeated names included. A `nil` value is a null one.
    public func forEachHeader(_ body: (_ name: String, _ value: RawSpan?) -> Void) {
        var headers: OpaquePointer?
        guard unsafe rd_kafka_message_headers(pointer, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let headers = unsafe headers
        else { return }
        for index in 0..<(unsafe rd_kafka_header_cnt(headers)) {
            var name: UnsafePointer<CChar>?
            var start: UnsafeRawPointer?
            var count = 0
            guard unsafe rd_kafka_header_get_all(headers, index, &name, &start, &count) == RD_KAFKA_RESP_ERR_NO_ERROR,
                let name = unsafe name
            else { return }
            if let start = unsafe start {
                let span = unsafe RawSpan(_unsafeStart: start, byteCount: count)
                unsafe body(String(cString: name), span)
            } else {
                unsafe body(String(cString: name), nil)
            }
        }
    }
}
