import Glibc
import Kafka
import Synchronization

/// `predictions.jsonl`: one output value a line, in the order of the output topic.
final class PredictionLines: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var count = 0
        var failure: String?
    }

    private let path: String
    private let writer: FileDescriptorWriter
    private let state = Mutex(State())

    /// Creates the file, or empties the one there is.
    init(path: String) throws(CommandFailure) {
        self.path = path
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        writer = FileDescriptorWriter(descriptor: descriptor)
        guard descriptor >= 0 else {
            throw CommandFailure(.internalError, "\(path): cannot be written: \(Self.reason)")
        }
    }

    deinit {
        if writer.descriptor >= 0 { close(writer.descriptor) }
    }

    /// Lines written.
    var count: Int { state.withLock { $0.count } }

    /// Why a line could not be written.
    var failure: String? { state.withLock { $0.failure } }

    /// Adds the record's value as a line; it is written at the next `flush`.
    func append(_ message: borrowing Message) {
        guard let value = message.value else { return }
        let line = unsafe value.withUnsafeBytes { unsafe Array($0) }
        state.withLock { state in
            state.bytes += line
            state.bytes.append(UInt8(ascii: "\n"))
            state.count += 1
        }
    }

    /// Writes what was added.
    func flush() {
        state.withLock { state in
            if !writer.write(state.bytes) { state.failure = "\(path): cannot be written: \(Self.reason)" }
            state.bytes.removeAll(keepingCapacity: true)
        }
    }

    private static var reason: String { unsafe String(cString: strerror(errno)) }
}
