/// What a produced record carries through librdkafka and its delivery report brings back.
///
/// Packed into 64 bits: the incarnation of the task (16), the ledger's batch (24), the record's offset from the batch's
/// first (24). Neighbouring records of a batch have neighbouring tokens, so that reports join into runs. An incarnation is
/// given anew whenever a task starts or rewinds; a report of an older one is no longer anybody's.
struct DeliveryToken: Equatable, Sendable {
    let rawValue: UInt64

    /// Offsets from the first that fit.
    static let indexCount: Int64 = 1 << 24
    private static let mask24: UInt64 = (1 << 24) - 1

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(incarnation: UInt16, batch: UInt64, index: Int64) {
        assert(index >= 0 && index < Self.indexCount)
        rawValue =
            UInt64(incarnation) << 48 | (batch & Self.mask24) << 24 | UInt64(truncatingIfNeeded: index) & Self.mask24
    }

    var incarnation: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 48) }
    /// The batch's sequence number, modulo 2^24.
    var batch: UInt64 { rawValue >> 24 & Self.mask24 }
    /// Offset from the batch's first.
    var index: Int64 { Int64(rawValue & Self.mask24) }

    /// How far `batch` (modulo 2^24) lies behind `first`, the full number of the oldest batch.
    static func distance(from first: UInt64, to batch: UInt64) -> UInt64 { (batch &- first) & mask24 }
}
