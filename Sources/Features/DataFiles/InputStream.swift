import CSimdJSON
import CZlib
import Glibc

/// The bytes of a plain or gzip file, in blocks, in one buffer that grows only for a record longer than it.
@safe struct InputStream: ~Copyable, @unchecked Sendable {
    // Sendable, as it is the only owner of its memory and handle.
    private let file: gzFile
    private let path: String
    private let isCompressed: Bool
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// The bytes read and not yet taken: `start..<end` of `bytes`.
    private var start = 0
    private var end = 0
    private var isAtEnd = false

    /// Decompressed bytes asked for at once: large enough that calls cost nothing, small enough for a second-level cache.
    private static let blockByteCount = 1 << 18
    /// A record longer than this is refused: Kafka carries at most 1 GiB.
    private static let recordByteCountMax = 1 << 30

    init(path: String, isCompressed: Bool) throws(DataFileError) {
        guard let file = unsafe gzopen(path, "rb") else {
            throw DataFileError(.unreadable, path: path, "cannot be opened: \(Self.systemError(errno))")
        }
        unsafe self.file = file
        self.path = path
        self.isCompressed = isCompressed
        capacity = Self.blockByteCount
        unsafe bytes = .allocate(capacity: capacity)
        // A plain file is read past zlib's own buffer, without a copy, when twice that buffer is asked for at once.
        unsafe gzbuffer(file, UInt32(Self.blockByteCount / 4))
    }

    deinit {
        unsafe gzclose(file)
        unsafe bytes.deallocate()
    }

    private var count: Int { end - start }

    private var first: UnsafeMutablePointer<UInt8> { unsafe bytes + start }

    /// The first `byteCount` bytes not taken.
    @_lifetime(borrow self)
    borrowing func prefix(_ byteCount: Int) -> RawSpan {
        precondition(byteCount <= count)
        let span = unsafe RawSpan(_unsafeStart: first, byteCount: byteCount)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Whether the first `byteCount` bytes are nothing but a line end.
    borrowing func isBlank(_ byteCount: Int) -> Bool {
        guard byteCount <= 2 else { return false }
        return (0..<byteCount).allSatisfy { unsafe first[$0] == 10 || first[$0] == 13 }
    }

    /// The length of the first record not taken, with its line end, reading on as far as it takes; 0 at the end of the
    /// file. `nextLine`, the line in which it starts, becomes that of the record behind it.
    mutating func recordByteCount(_ format: Schema.Format, nextLine: inout Int) throws(DataFileError) -> Int {
        var scan = millrace_record_scan()
        scan.quotes = format == .csv ? 1 : 0
        var byteCount = unsafe Int(millrace_record_length(first, count, &scan))
        while byteCount == 0 {
            if try fill(line: nextLine) {
                byteCount = unsafe Int(millrace_record_length(first, count, &scan))
                continue
            }
            if count == 0 { return 0 }
            if scan.in_quotes != 0 {
                throw DataFileError(.badData, path: path, line: nextLine, "a quoted cell is not closed")
            }
            byteCount = count  // the last line, without an end
        }
        nextLine += max(1, Int(scan.line_ends))
        return byteCount
    }

    /// Drops a UTF-8 byte order mark at the start of the file.
    mutating func skipByteOrderMark() throws(DataFileError) {
        while count < 3 { guard try fill(line: 1) else { return } }
        if unsafe first[0] == 0xEF && first[1] == 0xBB && first[2] == 0xBF { take(3) }
    }

    /// The next `byteCount` bytes are done with.
    mutating func take(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= count)
        start += byteCount
    }

    /// Reads more behind the bytes there are; false at the end of the file. Pointers into the buffer become invalid.
    private mutating func fill(line: Int) throws(DataFileError) -> Bool {
        guard !isAtEnd else { return false }
        if start > 0 {
            unsafe bytes.update(from: bytes + start, count: count)
            end -= start
            start = 0
        }
        if end == capacity { try grow(line: line) }
        let got = unsafe gzread(file, bytes + end, UInt32(min(capacity - end, Self.blockByteCount)))
        var code: Int32 = 0
        let message = unsafe gzerror(file, &code)
        if got < 0 || (code != Z_OK && code != Z_STREAM_END) {
            let text = unsafe code == Z_ERRNO ? Self.systemError(errno) : message.map { unsafe String(cString: $0) }
            throw DataFileError(.badData, path: path, line: line, "cannot be read further: \(text ?? "zlib error")")
        }
        if isCompressed, got > 0, unsafe gzdirect(file) == 1 {
            throw DataFileError(.badData, path: path, "is not gzip data, as its name says")
        }
        end += Int(got)
        isAtEnd = got == 0
        return got > 0
    }

    private mutating func grow(line: Int) throws(DataFileError) {
        guard capacity < Self.recordByteCountMax else {
            throw DataFileError(.badData, path: path, line: line, "a record without an end")
        }
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
        unsafe larger.update(from: bytes, count: end)
        unsafe bytes.deallocate()
        unsafe bytes = larger
        capacity *= 2
    }

    private static func systemError(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
