/// What is wrong with one property, for the person who wrote it.
public struct PropertyProblem: Hashable, Sendable, CustomStringConvertible {
    /// The kinds of problem.
    public enum Kind: Hashable, Sendable {
        /// No such property; the names worth suggesting are `ClientProperties.knownKeys(in:)`.
        case unknown
        /// librdkafka refuses the value.
        case badValue
        /// Millrace sets it itself, or needs another value than this one.
        case owned
        /// The other kind of client knows it: it belongs in the other section, or directly under `kafka:`.
        case wrongSection
    }

    /// The part of the file.
    public let section: ClientProperties.Section
    /// The property's name.
    public let key: String
    /// What is wrong.
    public let kind: Kind
    /// The reason in words; without any secret.
    public let message: String

    /// `key: message`.
    public var description: String { "\(key): \(message)" }
}
