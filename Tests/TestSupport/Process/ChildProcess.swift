public import Foundation
import Synchronization

/// A program that a test has started, with its outputs in files.
///
/// It is killed when this object goes away and also when the test process ends, whatever ends it.
public final class ChildProcess: @unchecked Sendable {
    /// How a process ended: its exit code, or the signal that ended it.
    public enum Ending: Equatable, Sendable {
        /// It called `exit` with this code.
        case code(Int32)
        /// This signal ended it.
        case signal(Int32)
    }

    /// The process id; it stays the same after the end.
    public let identifier: Int32
    /// Where standard output goes.
    public let outputFile: URL
    /// Where standard error goes.
    public let errorFile: URL
    /// The writing end of standard input, when it was asked for.
    public let input: FileHandle?

    // Why unchecked: `process` is only touched here, by `run` in the initialiser and by the handler it calls once;
    // everything that changes is `ended`.
    private let process = Process()
    private let ended: State

    private final class State: Sendable {
        let ending = Mutex<Ending?>(nil)
        let group = DispatchGroup()
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - executable: a path, or a name to look for in `PATH`.
    ///   - environment: added to the environment of the tests; an empty value removes a variable.
    ///   - folder: where the output files go; it has to exist.
    ///   - name: the output files are `<name>.out` and `<name>.err`; what they hold already is kept.
    ///   - feeds: whether `input` is wanted; otherwise standard input is empty.
    /// - Throws: when the program cannot be started.
    public init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], in folder: URL, name: String,
        feeds: Bool = false
    ) throws {
        outputFile = folder.appending(path: name + ".out")
        errorFile = folder.appending(path: name + ".err")
        process.executableURL = URL(fileURLWithPath: try ChildProcess.find(executable))
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var variables = ProcessInfo.processInfo.environment
        for (key, value) in environment { variables[key] = value.isEmpty ? nil : value }
        process.environment = variables
        let (output, errors) = (try ChildProcess.appending(to: outputFile), try ChildProcess.appending(to: errorFile))
        (process.standardOutput, process.standardError) = (output, errors)
        // The child has its own: ours would stay open as long as Foundation keeps the process, and with 1,361 open files its
        // `Process.run` reads past the end of what lists them.
        defer {
            try? output.close()
            try? errors.close()
        }
        if feeds {
            let pipe = Pipe()
            _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
            process.standardInput = pipe
            input = pipe.fileHandleForWriting
        } else {
            process.standardInput = FileHandle.nullDevice
            input = nil
        }
        let state = State()
        ended = state
        state.group.enter()
        process.terminationHandler = { process in
            let status = process.terminationStatus
            state.ending.withLock { $0 = process.terminationReason == .exit ? .code(status) : .signal(status) }
            state.group.leave()
        }
        do {
            let started = process
            try ChildProcess.withSignalsUnblocked { try started.run() }
        } catch {
            process.terminationHandler = nil
            state.group.leave()
            throw error
        }
        identifier = process.processIdentifier
        try ProcessGuard.add(identifier)
    }

    deinit {
        end()
    }

    /// How it ended; `nil` while it runs.
    public var ending: Ending? { ended.ending.withLock { $0 } }

    /// Whether it has not ended yet; a stopped process counts as running.
    public var isRunning: Bool { ending == nil }

    /// Sends a signal such as `SIGTERM`; nothing happens after the end.
    public func send(signal: Int32) {
        if isRunning { kill(identifier, signal) }
    }

    /// Waits until it ends, at most this long; `nil` when it still runs then.
    public func wait(within limit: Duration) -> Ending? {
        guard ended.group.wait(timeout: .now() + limit.seconds) == .success else { return nil }
        ProcessGuard.remove(identifier)
        return ending
    }

    /// Kills it, if it runs, and waits until it is gone.
    public func end() {
        send(signal: SIGKILL)
        _ = wait(within: .seconds(20))
    }

    /// What it has written to standard output so far, as text.
    public var output: String { ChildProcess.text(of: outputFile) }

    /// What it has written to standard error so far, as text.
    public var errors: String { ChildProcess.text(of: errorFile) }

    /// Runs a program to its end.
    ///
    /// - Returns: how it ended and what it wrote.
    /// - Throws: when it cannot be started, or has not ended in time (then it is killed).
    public static func run(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], within limit: Duration
    ) throws -> (ending: Ending, output: String, errors: String) {
        let folder = try TemporaryFolder()
        let child = try ChildProcess(executable, arguments, environment: environment, in: folder.url, name: "run")
        guard let ending = child.wait(within: limit) else {
            child.end()
            throw TestFailure("\(executable) \(arguments) did not end within \(limit): \(child.errors.suffix(2000))")
        }
        return (ending, child.output, child.errors)
    }

    /// The path of a program, looked for in `PATH` unless it has a `/`.
    public static func find(_ executable: String) throws -> String {
        if executable.contains("/") { return executable }
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for folder in folders.split(separator: ":") {
            let path = "\(folder)/\(executable)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw TestFailure("there is no \(executable) in PATH")
    }

    /// Tests run on threads of a pool that blocks signals; a child would inherit that and never hear SIGTERM.
    private static func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private static func appending(to file: URL) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: file.path) {
            try Data().write(to: file)
        }
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        return handle
    }

    private static func text(of file: URL) -> String {
        guard let data = try? Data(contentsOf: file) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}
