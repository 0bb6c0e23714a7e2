public import Foundation

/// A folder of its own for one test, removed with this object.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL
    private let isKept: Bool

    /// Makes the folder in the system's temporary folder; with `MILLRACE_KEEP_TEST_FILES` set it stays.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "millrace-\(UUID().uuidString.prefix(13))")
        isKept = ProcessInfo.processInfo.environment["MILLRACE_KEEP_TEST_FILES"] != nil
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        if !isKept { try? FileManager.default.removeItem(at: url) }
    }

    /// Writes a file into it and gives its path.
    public func write(_ name: String, _ text: String) throws -> String {
        let file = url.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
