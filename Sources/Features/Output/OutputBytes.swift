import CSimdJSON

/// A growing byte buffer that is written from the start again and again; the steady state allocates nothing.
///
/// Callers reserve room before they write: the unchecked writes below rely on it, and check it in debug builds.
@safe struct OutputBytes: ~Copyable, @unchecked Sendable {
    // Sendable, as it is the only owner of its memory.
    private var storage: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        unsafe storage = .allocate(capacity: self.capacity)
    }

    deinit { unsafe storage.deallocate() }

    var span: RawSpan {
        @_lifetime(borrow self) borrowing get {
            let span = unsafe RawSpan(_unsafeStart: storage, byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    mutating func removeAll() { count = 0 }

    /// Takes the last byte back; there is one.
    mutating func removeLast() {
        precondition(count > 0)
        count -= 1
    }

    @inline(__always)
    mutating func reserve(_ byteCount: Int) {
        if capacity - count < byteCount { grow(byteCount) }
    }

    @inline(never)
    private mutating func grow(_ byteCount: Int) {
        let larger = max(capacity * 2, count + byteCount)
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe copy.update(from: storage, count: count)
        unsafe storage.deallocate()
        unsafe storage = copy
        capacity = larger
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        assert(count < capacity)
        unsafe storage[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ bytes: RawSpan) {
        assert(capacity - count >= bytes.byteCount)
        let (target, length) = unsafe (storage + count, bytes.byteCount)
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: length)
        }
        count += length
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        assert(capacity - count >= text.utf8CodeUnitCount)
        unsafe (storage + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count += text.utf8CodeUnitCount
    }

    /// At most 20 bytes; needs room for 32.
    @inline(__always)
    mutating func append(_ value: Int64) {
        assert(capacity - count >= 32)
        count += unsafe millrace_write_integer(value, storage + count)
    }

    /// The fewest digits that read back as the same double; `null` when not finite. At most 32 bytes; needs room
    /// for 40.
    @inline(__always)
    mutating func append(_ value: Double) {
        assert(capacity - count >= 40)
        count += unsafe millrace_write_double(value, storage + count)
    }

    /// A JSON string with its quotes. Reserves its own room. `withPairs`: the bytes are the inside of a quoted CSV cell,
    /// where two double quotes stand for one.
    mutating func appendQuoted(_ bytes: RawSpan, withPairs: Bool = false) {
        reserve(1)
        append(UInt8(ascii: "\""))
        appendEscaped(bytes, withPairs: withPairs)
        reserve(1)
        append(UInt8(ascii: "\""))
    }

    /// The inside of a JSON string; otherwise as ``appendQuoted(_:withPairs:)``.
    @inline(__always)
    mutating func appendEscaped(_ bytes: RawSpan, withPairs: Bool = false) {
        reserve(bytes.byteCount * 6)
        var skipsNext = false
        for offset in 0..<bytes.byteCount {
            if skipsNext {
                skipsNext = false
                continue
            }
            let byte = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt8.self)
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                skipsNext = withPairs && byte == UInt8(ascii: "\"")
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0..<0x20:
                append("\\u00")
                append(Self.hexDigit(byte >> 4))
                append(Self.hexDigit(byte & 15))
            default: append(byte)
            }
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}
