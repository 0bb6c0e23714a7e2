import Features

/// A data file that is loaded into a topic.
struct EventFile: Sendable {
    let path: String

    /// Makes sure that the file can be read and that its name says its format.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        _ = try open()
    }

    /// How many records it holds; reads all of it. Complexity: O(bytes).
    func count() throws(CommandFailure) -> Int {
        var file = try open()
        do throws(DataFileError) {
            var count = 0
            while try file.advance() { count += 1 }
            return count
        } catch {
            throw CommandFailure(error)
        }
    }

    fileprivate func open() throws(CommandFailure) -> DataFile {
        do throws(DataFileError) { return try DataFile(path: path) } catch { throw CommandFailure(error) }
    }
}

/// Reads a data file event by event, in the form in which events are produced.
struct EventReader: ~Copyable {
    private var file: DataFile
    private var converter: RecordConverter

    /// A reader at the start of `file`; `keyField` and `timestampField` must be columns if the file has a header. With
    /// `columns` events are CSV records of these cells.
    init(
        _ file: EventFile, keyField: String? = nil, timestampField: String? = nil, columns: [String]? = nil
    ) throws(CommandFailure) {
        let data = try file.open()
        do throws(DataFileError) {
            converter = try RecordConverter(
                for: data, keyField: keyField, timestampField: timestampField, columns: columns)
        } catch {
            if error.kind == .unknownFormat { throw CommandFailure(error) }
            // The file itself is readable: the fields asked for are not in it.
            throw CommandFailure(keyField == nil && timestampField == nil ? .badData : .usage, error.description)
        }
        self.file = data
    }

    /// What there is at the reader's place.
    enum Step {
        /// A good record: see `value`, `key` and `timestampMilliseconds`.
        case event
        /// A record that cannot be produced, with its place and what is wrong.
        case bad(String)
        /// The end of the file.
        case end
    }

    /// Moves to the next record.
    mutating func next() throws(CommandFailure) -> Step {
        do throws(DataFileError) {
            guard try file.advance() else { return .end }
        } catch {
            throw CommandFailure(error)
        }
        guard case .bad(let reason) = converter.convert(file.record) else { return .event }
        let detail = converter.detail
        return .bad("\(file.path):\(file.line): \(reason.rawValue)" + (detail.isEmpty ? "" : " (\(detail))"))
    }

    /// The event's JSON object or CSV record.
    var value: RawSpan {
        @_lifetime(borrow self) borrowing get { converter.value }
    }

    /// The key field's text, if there is one.
    var key: RawSpan? {
        @_lifetime(borrow self) borrowing get { converter.key }
    }

    /// The timestamp field in milliseconds since 1970, if there is one.
    var timestampMilliseconds: Int64? { converter.timestampMilliseconds }
}
