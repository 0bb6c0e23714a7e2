import CRdKafka

/// A header to add to a message.
public struct Header: Hashable, Sendable {
    /// Its name; names may repeat.
    public var name: String
    /// Its bytes, or `nil` for a null value.
    public var value: [UInt8]?

    /// A header with any bytes.
    public init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    /// A header with a text.
    public init(name: String, text: String) { self.init(name: name, value: Array(text.utf8)) }
}

extension Producer {
    /// The partition number that lets the configured partitioner choose.
    public static let anyPartition: Int32 = -1

    /// Queues one message with a copy of key and value (`nil`: null). `timestampMilliseconds` 0 means now. All headers of
    /// `source` go along, in order. `token` comes back in the delivery report; tokens that count up make long runs.
    /// Call it while the producer is open.
    public func produce(
        _ topic: ProducerTopic, partition: Int32, key: RawSpan?, value: RawSpan?, timestampMilliseconds: Int64 = 0,
        headersOf source: Message? = nil, token: UInt64
    ) -> ProduceResult {
        guard client.isOpen else { return .failed(.closed) }
        let batch = unsafe self.batch
        let code = unsafe withBytes(key, value) { keyStart, keyCount, valueStart, valueCount in
            unsafe mr_produce(
                batch, topic.pointer, partition, timestampMilliseconds, keyStart, keyCount, valueStart, valueCount,
                source?.pointer, token)
        }
        return result(code)
    }

    /// Like ``produce(_:partition:key:value:timestampMilliseconds:headersOf:token:)``, at half the cost where many messages in a row
    /// have one partition and one timestamp: they are handed to librdkafka together, by ``sendBatch()`` at the latest. The
    /// order of the calls is kept. What librdkafka refuses only then gets a delivery report with its error.
    public func produceBatched(
        _ topic: ProducerTopic, partition: Int32, key: RawSpan?, value: RawSpan?, timestampMilliseconds: Int64 = 0,
        headersOf source: Message? = nil, token: UInt64
    ) -> ProduceResult {
        guard client.isOpen else { return .failed(.closed) }
        let batch = unsafe self.batch
        let code = unsafe withBytes(key, value) { keyStart, keyCount, valueStart, valueCount in
            unsafe mr_produce_batched(
                batch, topic.pointer, partition, timestampMilliseconds, keyStart, keyCount, valueStart, valueCount,
                source?.pointer, token)
        }
        return result(code)
    }

    /// Hands over what was held back: call it after the last of some batched messages, and before the end of a transaction,
    /// which does not know of it. False when a full queue left some of it: that is handed over by the next
    /// call, or by ``drainDeliveries(into:)``. Reports of what is refused here ring nobody. Cheap when nothing is held back.
    @discardableResult
    public func sendBatch() -> Bool {
        guard client.isOpen else { return true }
        return unsafe mr_send_batch(batch) != 0
    }

    /// The same with headers added behind those of `source`, as for dead letters. Allocates; not for the hot path.
    public func produce(
        _ topic: ProducerTopic, partition: Int32, key: RawSpan?, value: RawSpan?, timestampMilliseconds: Int64 = 0,
        headersOf source: Message? = nil, adding headers: [Header], token: UInt64
    ) -> ProduceResult {
        guard client.isOpen else { return .failed(.closed) }
        let list: OpaquePointer?
        if let source {
            unsafe list = mr_copy_headers(source.pointer)
        } else {
            unsafe list = rd_kafka_headers_new(headers.count)
        }
        guard let list = unsafe list else { return .failed(KafkaError(code: .invalidArgument)) }
        for header in headers {
            let code = unsafe Self.add(header, to: list)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                unsafe rd_kafka_headers_destroy(list)
                return .failed(KafkaError(code: KafkaErrorCode(code)))
            }
        }
        let batch = unsafe self.batch
        let code = unsafe withBytes(key, value) { keyStart, keyCount, valueStart, valueCount in
            unsafe mr_produce_with_headers(
                batch, topic.pointer, partition, timestampMilliseconds, keyStart, keyCount, valueStart, valueCount,
                list, token)
        }
        return result(code)
    }

    private static func add(_ header: Header, to list: OpaquePointer) -> rd_kafka_resp_err_t {
        guard let value = header.value else {
            return unsafe rd_kafka_header_add(list, header.name, -1, nil, 0)
        }
        return unsafe value.withUnsafeBytes { bytes in
            // An empty array has no address, and librdkafka takes a missing address for null.
            if let start = bytes.baseAddress, !value.isEmpty {
                return unsafe rd_kafka_header_add(list, header.name, -1, start, bytes.count)
            }
            return unsafe rd_kafka_header_add(list, header.name, -1, "", 0)
        }
    }

    private func result(_ code: rd_kafka_resp_err_t) -> ProduceResult {
        if code == RD_KAFKA_RESP_ERR_NO_ERROR {
            outstandingCount &+= 1
            return .queued
        }
        if code == RD_KAFKA_RESP_ERR__QUEUE_FULL { return .queueFull }
        return .failed(KafkaError(code: KafkaErrorCode(code)))
    }
}

/// Addresses and lengths of both, in their order, −1 as the length for null.
@inline(__always)
private func withBytes<Result>(
    _ first: RawSpan?, _ second: RawSpan?, _ body: (UnsafeRawPointer?, Int64, UnsafeRawPointer?, Int64) -> Result
) -> Result {
    unsafe withBytes(first) { firstStart, firstCount in
        unsafe withBytes(second) { secondStart, secondCount in
            unsafe body(firstStart, firstCount, secondStart, secondCount)
        }
    }
}

/// The span's address and length, or −1 as the length for null.
@inline(__always)
private func withBytes<Result>(_ span: RawSpan?, _ body: (UnsafeRawPointer?, Int64) -> Result) -> Result {
    guard let span else { return body(nil, -1) }
    return unsafe span.withUnsafeBytes { unsafe body($0.baseAddress, Int64($0.count)) }
}
