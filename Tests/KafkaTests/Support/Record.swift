import Kafka

/// A copy of a record, for comparing.
struct Record: Equatable {
    var partition: Int32
    var offset: Int64
    var timestamp: Int64?
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [Header] = []

    init(_ message: Message) {
        partition = message.partition
        offset = message.offset
        timestamp = message.timestampMilliseconds
        key = bytes(message.key)
        value = bytes(message.value)
        var headers: [Header] = []
        message.forEachHeader { headers.append(Header(name: $0, value: bytes($1))) }
        self.headers = headers
    }

    var text: String? { value.map { String(decoding: $0, as: UTF8.self) } }
}

func bytes(_ span: RawSpan?) -> [UInt8]? {
    guard let span else { return nil }
    return (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
}
