public import Foundation

/// A run of the built `millrace` as a person would start it, in a folder of its own unless told otherwise.
public final class CommandRun: Sendable {
    /// What a finished run left behind.
    public struct Result: Sendable {
        /// The exit code; 128 + the signal's number when a signal ended it.
        public let code: Int32
        /// All of standard output.
        public let output: String
        /// All of standard error.
        public let errors: String
    }

    /// Where it runs; its outputs are kept there, too.
    public let folder: TemporaryFolder
    /// The process itself.
    public let process: ChildProcess

    /// Starts `millrace` with `arguments`; `environment` is added to this process's own.
    public init(_ arguments: [String], in folder: TemporaryFolder? = nil, environment: [String: String] = [:]) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        process = try ChildProcess(
            MillraceBinary.path, arguments, environment: environment, in: folder.url,
            name: "command-\(UUID().uuidString)")
    }

    /// Runs `millrace` with `arguments` to its end.
    public static func finish(
        _ arguments: [String], in folder: TemporaryFolder? = nil, environment: [String: String] = [:],
        within limit: Duration = .seconds(60)
    ) throws -> Result {
        try CommandRun(arguments, in: folder, environment: environment).finish(within: limit)
    }

    /// Waits for the end of the process, which is killed when `limit` passes before it.
    public func finish(within limit: Duration = .seconds(60)) throws -> Result {
        guard let ending = process.wait(within: limit) else {
            process.end()
            throw TestFailure(
                "did not end within \(limit): \(process.output.suffix(2000)) \(process.errors.suffix(4000))")
        }
        let code =
            switch ending {
            case .code(let code): code
            case .signal(let signal): 128 + signal
            }
        return Result(code: code, output: process.output, errors: process.errors)
    }
}

extension TemporaryFolder {
    /// The path of a file in it.
    public func path(_ name: String) -> String { url.appending(path: name).path }

    /// The text of a file in it.
    public func read(_ name: String) throws -> String {
        try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }
}

/// The project's own folder, where `examples/` lies.
public let projectFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
