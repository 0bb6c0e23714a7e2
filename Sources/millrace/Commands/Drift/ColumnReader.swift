import Features

/// The numbers of one column of a data file, row by row.
struct ColumnReader: ~Copyable {
    private var file: DataFile
    private var decoder: EventDecoder
    private var row: EventRow

    /// Opens the file and finds the column, which in JSON lines any record may have.
    init(path: String, column: String) throws(CommandFailure) {
        let file = try Self.open(path)
        if file.format == .csv, !file.columns.contains(column) {
            let hint = nearestWord(to: column, among: file.columns).map { "; did you mean '\($0)'?" }.orEmpty
            let names = file.columns.prefix(20).joined(separator: ", ") + (file.columns.count > 20 ? ", …" : "")
            throw CommandFailure(.badData, "\(path):1: there is no column '\(column)'\(hint) The columns are \(names)")
        }
        let schema = Schema(
            format: file.format, fields: [Schema.Field(name: column, kind: .number)], columns: file.columns)
        decoder = try Self.decoder(schema, path)
        row = EventRow(schema: schema)
        self.file = file
    }

    private static func open(_ path: String) throws(CommandFailure) -> DataFile {
        do throws(DataFileError) { return try DataFile(path: path) } catch { throw CommandFailure(error) }
    }

    private static func decoder(_ schema: Schema, _ path: String) throws(CommandFailure) -> EventDecoder {
        do throws(SchemaProblem) { return try EventDecoder(schema) } catch {
            throw CommandFailure(.badData, "\(path): \(error)")
        }
    }

    /// The line of the present row, from 1.
    var line: Int { file.line }

    /// The present row's place, for a message.
    var place: String { "\(file.path):\(file.line)" }

    /// Moves to the next row: its number, NaN when it has none; nil at the end of the file.
    mutating func next() throws(CommandFailure) -> Double? {
        do throws(DataFileError) {
            guard try file.advance() else { return nil }
        } catch {
            throw CommandFailure(error)
        }
        if case .bad(let reason) = decoder.decode(file.record, into: &row) {
            throw CommandFailure(.badData, "\(place): \(reason.rawValue): \(decoder.detail(of: row))")
        }
        return row.number(0)
    }
}
