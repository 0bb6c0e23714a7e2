/// Why the server did not start. All of it is configuration: the process ends with 78.
public struct HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was wrong.
    public enum Code: String, Sendable {
        /// Another process listens on this port.
        case addressInUse = "address in use"
        /// The host is no address and no known name, or not one of this machine.
        case addressUnknown = "address unknown"
        /// The port needs rights that the process has not (below 1024).
        case notPermitted = "not permitted"
        /// Anything else the system or the library refused.
        case failed = "failed"
    }

    /// What was wrong.
    public let code: Code
    /// The host and port asked for.
    public let address: String
    /// What the system said.
    public let detail: String

    /// One line for a person.
    public var description: String { "http server on \(address): \(code.rawValue) (\(detail))" }
}
