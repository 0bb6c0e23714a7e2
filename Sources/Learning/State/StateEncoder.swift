internal import Hashing

/// Appends values to a flat, little-endian buffer, in checksummed sections.
///
/// A section is: tag (4 bytes), version (2), length of the body (8), body, XXH3-64 of all before (8). Sections nest. The
/// frame is the same in every version, so that an older program can tell a newer state from a damaged one.
public struct StateEncoder: Sendable {
    /// What was encoded so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty encoder.
    public init() {}

    /// Forgets what was encoded and keeps the memory for the next state.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Appends one byte.
    public mutating func append(_ value: UInt8) { bytes.append(value) }
    /// Appends 1 for true, 0 for false.
    public mutating func append(_ value: Bool) { bytes.append(value ? 1 : 0) }
    /// Appends two bytes.
    public mutating func append(_ value: UInt16) { appendBytes(of: value) }
    /// Appends four bytes.
    public mutating func append(_ value: UInt32) { appendBytes(of: value) }
    /// Appends eight bytes.
    public mutating func append(_ value: UInt64) { appendBytes(of: value) }
    /// Appends eight bytes, two's complement.
    public mutating func append(_ value: Int64) { appendBytes(of: UInt64(bitPattern: value)) }
    /// Appends the eight bytes of the bit pattern: NaN payloads and signed zeros survive.
    public mutating func append(_ value: Double) { appendBytes(of: value.bitPattern) }

    /// Appends the count, then the values.
    public mutating func append(_ values: [Double]) {
        append(UInt64(values.count))
        for value in values { append(value) }
    }

    /// Appends the count, then the bytes.
    public mutating func append(_ blob: [UInt8]) {
        append(UInt64(blob.count))
        bytes.append(contentsOf: blob)
    }

    /// Appends the length in UTF-8 bytes, then the text.
    public mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends the bit patterns of `count` numbers, without their count. For long runs: about as fast as copying memory.
    mutating func append(numbers: UnsafePointer<Double>, count: Int) {
        #if _endian(little)
            unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: numbers, count: 8 * count))
        #else
            for index in 0..<count { unsafe append(numbers[index]) }
        #endif
    }

    /// Appends a section whose body is what `body` appends.
    public mutating func section(_ tag: StateTag, version: UInt16, _ body: (inout StateEncoder) -> Void) {
        let start = bytes.count
        append(tag.code)
        append(version)
        let lengthAt = bytes.count
        append(UInt64(0))
        let bodyAt = bytes.count
        body(&self)
        let length = UInt64(bytes.count - bodyAt)
        for byte in 0..<8 { bytes[lengthAt + byte] = UInt8(truncatingIfNeeded: length >> (8 * UInt64(byte))) }
        append(XXH3.hash64(bytes, in: start..<bytes.count))
    }

    private mutating func appendBytes(of value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }
}
