import Foundation

/// The built `millrace`, to be started as a user starts it.
public enum MillraceBinary {
    /// Its path: `MILLRACE_BINARY`, or the one beside the test program.
    public static let path: String = {
        if let path = ProcessInfo.processInfo.environment["MILLRACE_BINARY"], !path.isEmpty { return path }
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "millrace").path
    }()
}
