/// Why there is no pipeline.
public enum ConfigurationError: Error, Sendable, Equatable {
    /// The file could not be read at all (exit 66).
    case unreadable(path: String, reason: String)
    /// The file was read and is wrong (exit 78): every problem, in the order of the file, at least one.
    case invalid([Problem])
}

extension ConfigurationError: CustomStringConvertible {
    /// One line for each problem.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        case .invalid(let problems): problems.map(\.description).joined(separator: "\n")
        }
    }
}
