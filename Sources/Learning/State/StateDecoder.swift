internal import Hashing

/// Reads values back in the order they were encoded. Every read checks what is left; nothing traps on foreign bytes.
public struct StateDecoder: Sendable {
    private let bytes: [UInt8]
    private var position = 0
    private var end: Int

    /// A decoder at the start of `bytes`.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        end = bytes.count
    }

    /// Whether everything (of the section being read, or of all bytes) was read.
    public var isAtEnd: Bool { position == end }

    /// One byte.
    public mutating func byte() throws(StateError) -> UInt8 { try integer() }
    /// A truth value; anything but 0 and 1 is corrupt.
    public mutating func flag() throws(StateError) -> Bool {
        let value: UInt8 = try integer()
        guard value <= 1 else { throw .corrupt }
        return value == 1
    }
    /// Two bytes.
    public mutating func uint16() throws(StateError) -> UInt16 { try integer() }
    /// Four bytes.
    public mutating func uint32() throws(StateError) -> UInt32 { try integer() }
    /// Eight bytes.
    public mutating func uint64() throws(StateError) -> UInt64 { try integer() }
    /// Eight bytes, two's complement.
    public mutating func int64() throws(StateError) -> Int64 { Int64(bitPattern: try integer()) }
    /// Eight bytes as a number; any bit pattern.
    public mutating func double() throws(StateError) -> Double { Double(bitPattern: try integer()) }

    /// A counted list of numbers. The count is checked against what is left before anything is allocated.
    public mutating func doubles() throws(StateError) -> [Double] {
        let count = try length(ofElements: 8)
        var values: [Double] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try double()) }
        return values
    }

    /// Reads `count` numbers into `numbers`, as `append(numbers:count:)` wrote them; any bit patterns.
    mutating func read(into numbers: UnsafeMutablePointer<Double>, count: Int) throws(StateError) {
        guard count >= 0, count <= (end - position) / 8 else { throw .truncated }
        #if _endian(little)
            let start = position
            unsafe bytes.withUnsafeBytes { source in
                guard let base = source.baseAddress, count > 0 else { return }
                unsafe UnsafeMutableRawPointer(numbers).copyMemory(from: base + start, byteCount: 8 * count)
            }
            position += 8 * count
        #else
            for index in 0..<count { unsafe numbers[index] = try double() }
        #endif
    }

    /// A counted list of bytes.
    public mutating func blob() throws(StateError) -> [UInt8] {
        let count = try length(ofElements: 1)
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// A text; bytes that are not UTF-8 are corrupt.
    public mutating func string() throws(StateError) -> String {
        guard let text = String(validating: try blob(), as: UTF8.self) else { throw .corrupt }
        return text
    }

    /// How many elements of `byteCount` bytes each follow, as written before them; no more than what is left can hold.
    public mutating func length(ofElements byteCount: Int) throws(StateError) -> Int {
        let count = try uint64()
        guard let count = Int(exactly: count), count <= (end - position) / byteCount else { throw .truncated }
        return count
    }

    /// Reads one section with `body`, which gets the version it was written in and must read the whole of it.
    ///
    /// On an error the decoder stands where it stood. `body` runs only for a section that is complete, undamaged, of this
    /// tag and of a version up to `newest`.
    public mutating func section<Value>(
        _ tag: StateTag, newest: UInt16, _ body: (inout StateDecoder, UInt16) throws(StateError) -> Value
    ) throws(StateError) -> Value {
        var inner = self
        let foundTag = try inner.uint32()
        let version = try inner.uint16()
        let length = try inner.uint64()
        let room = inner.end - inner.position
        guard let length = Int(exactly: length), room >= 8, length <= room - 8 else { throw .truncated }
        let bodyEnd = inner.position + length
        var checksum = inner
        checksum.position = bodyEnd
        guard try checksum.uint64() == XXH3.hash64(bytes, in: position..<bodyEnd) else { throw .corrupt }
        guard foundTag == tag.code else { throw .mismatch }
        guard version <= newest else { throw .newerVersion(version) }
        inner.end = bodyEnd
        let value = try body(&inner, version)
        guard inner.isAtEnd else { throw .corrupt }
        position = checksum.position
        return value
    }

    /// Reads a section as ``section(_:newest:_:)`` does, with a `body` that changes things before all is read: should it or
    /// what follows it fail, `restore` reads back what `save` wrote just before it.
    mutating func section<Value>(
        _ tag: StateTag, newest: UInt16, saving save: (inout StateEncoder) -> Void,
        restoring restore: (inout StateDecoder) throws(StateError) -> Void,
        _ body: (inout StateDecoder, UInt16) throws(StateError) -> Value
    ) throws(StateError) -> Value {
        var before: StateEncoder?
        do throws(StateError) {
            return try section(tag, newest: newest) { decoder, version throws(StateError) in
                var encoder = StateEncoder()
                save(&encoder)
                before = encoder
                return try body(&decoder, version)
            }
        } catch {
            if let before {
                var backup = StateDecoder(before.bytes)
                try restore(&backup)
            }
            throw error
        }
    }

    private mutating func integer<Integer: FixedWidthInteger & UnsignedInteger>() throws(StateError) -> Integer {
        let size = Integer.bitWidth / 8
        guard end - position >= size else { throw .truncated }
        var value: Integer = 0
        for index in 0..<size { value |= Integer(truncatingIfNeeded: bytes[position + index]) << Integer(8 * index) }
        position += size
        return value
    }
}
