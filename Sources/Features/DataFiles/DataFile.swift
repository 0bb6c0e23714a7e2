/// A CSV file with a header (RFC 4180) or a JSON-lines file, plain or `.gz`, read record by record in large blocks.
///
/// The name says the format: `.csv`, or `.jsonl`, `.ndjson`, `.json` with one object a line; each with `.gz`. Records are
/// handed out as bytes for an ``EventDecoder`` of ``schema(adapting:)``; blank lines are passed over. Not a table: nothing
/// is kept of records that were read.
@safe public struct DataFile: ~Copyable, Sendable {
    /// The file as it was named.
    public let path: String
    /// What the name says.
    public let format: Schema.Format
    /// The names in the CSV header; empty for JSON lines.
    public private(set) var columns: [String] = []
    /// The line in which the present record starts, from 1.
    public private(set) var line = 0
    private var nextLine: Int
    private var recordByteCount = 0
    private var stream: InputStream

    /// Opens `path` and reads the CSV header.
    public init(path: String) throws(DataFileError) {
        let format = try Self.format(of: path)
        var stream = try InputStream(path: path, isCompressed: path.lowercased().hasSuffix(".gz"))
        try stream.skipByteOrderMark()
        var line = 1
        if format == .csv { columns = try Self.readHeader(&stream, path, &line) }
        self.path = path
        self.format = format
        self.stream = stream
        nextLine = line
    }

    /// The format that the name of a data file says.
    public static func format(of path: String) throws(DataFileError) -> Schema.Format {
        let lower = path.lowercased()
        let name = lower.hasSuffix(".gz") ? String(lower.dropLast(3)) : lower
        if name.hasSuffix(".csv") { return .csv }
        if [".jsonl", ".ndjson", ".json"].contains(where: { name.hasSuffix($0) }) { return .json }
        throw DataFileError(
            .unknownFormat, path: path, "the name must end in .csv, .jsonl, .ndjson or .json, each also with .gz")
    }

    /// Moves to the next record; false at the end of the file. Complexity: O(bytes of the record), no allocation.
    public mutating func advance() throws(DataFileError) -> Bool {
        repeat {
            stream.take(recordByteCount)
            recordByteCount = 0
            line = nextLine
            recordByteCount = try stream.recordByteCount(format, nextLine: &nextLine)
            if recordByteCount == 0 { return false }
        } while stream.isBlank(recordByteCount)
        return true
    }

    /// The present record with its line end; valid until the next ``advance()``. Empty before the first and at the end.
    public var record: RawSpan {
        @_lifetime(borrow self) borrowing get {
            let span = stream.prefix(recordByteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    private static func readHeader(
        _ stream: inout InputStream, _ path: String, _ nextLine: inout Int
    ) throws(DataFileError) -> [String] {
        let line = nextLine
        let byteCount = try stream.recordByteCount(.csv, nextLine: &nextLine)
        if byteCount == 0 || stream.isBlank(byteCount) {
            throw DataFileError(.badData, path: path, line: line, "no header line")
        }
        let names = try CellSplitter.header(stream.prefix(byteCount), path: path, line: line)
        stream.take(byteCount)
        return names
    }
}
