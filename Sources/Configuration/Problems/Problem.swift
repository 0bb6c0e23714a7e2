/// One thing wrong with a pipeline file, at its place.
public struct Problem: Sendable, Hashable {
    /// The file as the caller named it.
    public var file: String
    /// Line of the offending key or value, from 1.
    public var line: Int
    /// Column of the offending key or value in characters, from 1.
    public var column: Int
    /// What is wrong and, where one is near, the valid key or word. Never holds a secret or a value from the
    /// environment: those appear as they are written in the file.
    public var message: String
    /// The key or value is part of Millrace's format, and this version does not have it yet.
    public var isNotYet: Bool

    /// A problem at a place.
    public init(file: String, line: Int, column: Int, message: String, isNotYet: Bool = false) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.isNotYet = isNotYet
    }
}

extension Problem: CustomStringConvertible {
    /// `fraud.yaml:12:3: unknown key 'modles'; did you mean 'models'?`: the form that editors and terminals link.
    public var description: String { "\(file):\(line):\(column): \(message)" }
}
