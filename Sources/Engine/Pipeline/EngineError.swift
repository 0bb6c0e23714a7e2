/// Why the service stops. What to do about it is part of the message.
public struct EngineError: Error, Sendable, CustomStringConvertible {
    /// The kind of trouble; it decides the exit code.
    public enum Kind: Sendable, Equatable {
        /// A record that cannot be decoded, with `on_bad_record: stop`; or input that was lost.
        case badData
        /// The input topic or file does not exist, or holds nothing.
        case noInput
        /// No broker answered within the time to connect.
        case unreachable
        /// Credentials or rights were refused.
        case refused
        /// The pipeline and the cluster do not fit together.
        case configuration
        /// Anything else that ends the service.
        case failed
    }

    /// The kind of trouble.
    public let kind: Kind
    /// What happened, where, and what to do.
    public let message: String

    /// An error that ends the service.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The exit code of `sysexits.h` that belongs to the kind.
    public var exitCode: Int32 {
        switch kind {
        case .badData: 65
        case .noInput: 66
        case .unreachable: 69
        case .refused: 77
        case .configuration: 78
        case .failed: 70
        }
    }

    /// The message.
    public var description: String { message }
}
