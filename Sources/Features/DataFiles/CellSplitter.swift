import CSimdJSON

/// Splits CSV records into cells, into a list of fixed length that is reused.
struct CellSplitter: ~Copyable {
    private var cells: [millrace_cell]
    private(set) var count = 0

    init(columnCount: Int) { cells = [millrace_cell](repeating: millrace_cell(), count: max(columnCount, 1)) }

    /// The bytes of cell `index` in `record`, without its quotes; doubled quotes are still double.
    @_lifetime(copy record)
    func cell(_ index: Int, of record: RawSpan) -> RawSpan {
        let start = Int(cells[index].start)
        return record.extracting(start..<start + Int(cells[index].length))
    }

    /// The bytes of cell `index` in `record` as they stand there, with its quotes.
    @_lifetime(copy record)
    func quotedCell(_ index: Int, of record: RawSpan) -> RawSpan {
        let start = Int(cells[index].start)
        let end = start + Int(cells[index].length)
        // A bare cell comes behind a comma or the start of the record.
        let before = start > 0 ? unsafe record.unsafeLoad(fromByteOffset: start - 1, as: UInt8.self) : 0
        return record.extracting(before == UInt8(ascii: "\"") ? start - 1..<end + 1 : start..<end)
    }

    /// Whether cell `index` holds doubled quotes.
    func hasPairs(_ index: Int) -> Bool { cells[index].pairs != 0 }

    /// Splits and sets `count`; false when there are more cells than columns, or quotes that do not close.
    mutating func split(_ record: RawSpan) -> Bool {
        let found = unsafe record.withUnsafeBytes { buffer -> Int64 in
            guard let start = buffer.baseAddress else { return 0 }
            return unsafe millrace_split_cells(
                start.assumingMemoryBound(to: UInt8.self), buffer.count, &cells, cells.count)
        }
        guard found >= 0 && found <= cells.count else { return false }
        count = Int(found)
        return true
    }

    /// The names in a header line; throws when it is not one.
    static func header(_ record: RawSpan, path: String, line: Int) throws(DataFileError) -> [String] {
        let commas = unsafe record.withUnsafeBytes { unsafe $0.count { $0 == UInt8(ascii: ",") } }
        var splitter = CellSplitter(columnCount: commas + 1)
        guard splitter.split(record) else {
            throw DataFileError(.badData, path: path, line: line, "text behind a closing quote")
        }
        let names = (0..<splitter.count).map { Self.text(splitter.cell($0, of: record)) }
        var known: Set<String> = []
        for (index, name) in names.enumerated() {
            if name.isEmpty { throw DataFileError(.badData, path: path, line: line, "column \(index + 1) has no name") }
            if !known.insert(name).inserted {
                throw DataFileError(.badData, path: path, line: line, "column \"\(name)\" is named twice")
            }
        }
        return names
    }

    private static func text(_ cell: RawSpan) -> String {
        let text = unsafe cell.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        return text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
    }
}
