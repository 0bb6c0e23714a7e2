/// Why a data file cannot be read; `description` is `file:line: message`, or without the line where there is none.
public struct DataFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What a caller does about it.
    public enum Kind: Sendable, Equatable {
        /// There is no such file, or it may not be read.
        case unreadable
        /// The name does not say the format.
        case unknownFormat
        /// The content is not what the name says: no header, damaged compression, a record without an end.
        case badData
    }

    /// What a caller does about it.
    public var kind: Kind
    /// The file as it was named.
    public var path: String
    /// The line, from 1; `nil` when the file as a whole is meant.
    public var line: Int?
    /// What is wrong, for a person.
    public var message: String

    /// A failure to read `path`.
    public init(_ kind: Kind, path: String, line: Int? = nil, _ message: String) {
        self.kind = kind
        self.path = path
        self.line = line
        self.message = message
    }

    /// `file:line: message`.
    public var description: String { line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)" }
}
