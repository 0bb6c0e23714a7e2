import CSimdJSON

/// Turns the records of a data file into what `produce` writes to a topic: a JSON object, a key and a timestamp.
///
/// CSV cells that are JSON numbers (finite as doubles) become numbers with their own digits, empty cells null, all others
/// strings. JSON lines pass as they are. Bad records are told, not written. For a topic of CSV records it writes the cells
/// of a CSV file instead, each as it stands in the file.
public struct RecordConverter: ~Copyable, Sendable {
    private let format: Schema.Format
    private let hasKey: Bool
    private var decoder: EventDecoder
    private var row: EventRow
    private var splitter: CellSplitter
    /// `{"name":` of the first column, `,"name":` of the others.
    private let names: [[UInt8]]
    /// The file's columns that make a CSV record, in its order; `nil`: records become JSON objects.
    private let order: [Int]?
    private var output = OutputBytes()

    /// A converter for `file`'s records. `keyField` and `timestampField` are names of columns or fields, or `nil`. With
    /// `columns` records become CSV with these cells in this order; a file without one of them is `badData`, one that is not
    /// CSV `unknownFormat`.
    public init(
        for file: borrowing DataFile, keyField: String?, timestampField: String?,
        timestampUnit: Schema.TimeUnit = .milliseconds, columns: [String]? = nil
    ) throws(DataFileError) {
        let path = file.path
        let order: [Int]? = if let columns { try Self.order(of: columns, in: file) } else { nil }
        let schema = Schema(
            format: file.format, fields: keyField.map { [Schema.Field(name: $0, kind: .category)] } ?? [],
            columns: file.columns, eventTimeField: timestampField, eventTimeUnit: timestampUnit)
        do {
            decoder = try EventDecoder(schema)
        } catch {
            throw DataFileError(.badData, path: path, line: file.format == .csv ? 1 : nil, error.description)
        }
        self.order = order
        format = file.format
        hasKey = keyField != nil
        row = EventRow(schema: schema)
        splitter = CellSplitter(columnCount: file.columns.count)
        names = file.columns.enumerated().map { index, name in
            var quoted = OutputBytes()
            let bytes = Array(name.utf8)
            quoted.reserve(2)
            quoted.append(index == 0 ? "{" : ",")
            unsafe quoted.appendQuoted(bytes.span.bytes)
            quoted.reserve(1)
            quoted.append(UInt8(ascii: ":"))
            return unsafe quoted.span.withUnsafeBytes { unsafe Array($0) }
        }
    }

    /// Converts one record; on a bad one ``value`` is empty and ``detail`` says what is wrong.
    public mutating func convert(_ record: RawSpan) -> DecodeOutcome {
        output.removeAll()
        let outcome = decoder.decode(record, into: &row)
        guard outcome == .good else { return outcome }
        switch format {
        case .json: copyLine(record)
        case .csv:
            guard splitter.split(record), splitter.count == names.count else { return .bad(.malformed) }
            if let order { writeCells(order, record) } else { writeObject(record) }
        }
        return .good
    }

    /// The JSON object, or with `columns` the CSV record without a line end, of the record last converted.
    public var value: RawSpan {
        @_lifetime(borrow self) borrowing get { output.span }
    }

    /// The key field's text; `nil` when there is no key field or the record does not have it.
    public var key: RawSpan? {
        @_lifetime(borrow self) borrowing get { hasKey ? row.category(0) : nil }
    }

    /// The timestamp field in milliseconds UTC; `nil` when there is no such field or the record does not have it.
    public var timestampMilliseconds: Int64? { row.hasEventTime ? row.eventTimeMilliseconds : nil }

    /// What was wrong with the record last converted; empty when it was good.
    public var detail: String { decoder.detail(of: row) }

    private mutating func copyLine(_ record: RawSpan) {
        var count = record.byteCount
        while count > 0 {
            let byte = unsafe record.unsafeLoad(fromByteOffset: count - 1, as: UInt8.self)
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { break }
            count -= 1
        }
        output.reserve(count)
        output.append(record.extracting(0..<count))
    }

    private mutating func writeObject(_ record: RawSpan) {
        for index in 0..<names.count {
            let cell = splitter.cell(index, of: record)
            output.reserve(names[index].count + cell.byteCount + 8)
            Self.append(names[index], to: &output)
            if cell.byteCount == 0 {
                output.append("null")
            } else if unsafe cell.withUnsafeBytes({ unsafe Self.isNumber($0) }) {
                output.append(cell)
            } else {
                output.appendQuoted(cell, withPairs: splitter.hasPairs(index))
            }
        }
        output.reserve(1)
        output.append(UInt8(ascii: "}"))
    }

    private static func order(of columns: [String], in file: borrowing DataFile) throws(DataFileError) -> [Int] {
        let path = file.path
        guard file.format == .csv else {
            throw DataFileError(.unknownFormat, path: path, "JSON lines cannot become CSV records: use a CSV file")
        }
        var order: [Int] = []
        for column in columns {
            guard let index = file.columns.firstIndex(of: column) else {
                throw DataFileError(.badData, path: path, line: 1, "there is no column \"\(column)\"")
            }
            order.append(index)
        }
        return order
    }

    private mutating func writeCells(_ order: [Int], _ record: RawSpan) {
        for (position, index) in order.enumerated() {
            let cell = splitter.quotedCell(index, of: record)
            output.reserve(cell.byteCount + 1)
            if position > 0 { output.append(UInt8(ascii: ",")) }
            output.append(cell)
        }
    }

    private static func append(_ name: borrowing [UInt8], to output: inout OutputBytes) {
        unsafe output.append(name.span.bytes)
    }

    private static func isNumber(_ cell: UnsafeRawBufferPointer) -> Bool {
        guard let start = cell.baseAddress else { return false }
        return unsafe millrace_is_json_number(start.assumingMemoryBound(to: UInt8.self), cell.count) != 0
    }
}
