import Glibc
import Synchronization

/// Writes whole lines to a descriptor and gives up, counting, when the other end does not read.
///
/// A log must never stop the service. A pipe or terminal is opened a second time in non-blocking mode (setting that
/// mode on the shared descriptor would change it for the parent process too); where that is refused, each write asks
/// `poll` first. The first line that finds no room waits `patienceMilliseconds` at most; from then on lines are dropped
/// at once until one gets through. Safe to call from any thread. A reader that went away raises `SIGPIPE`, which the
/// service ignores.
public final class LineWriter: Sendable {
    /// How long one line may wait for room: long enough for a reader that is only busy, far below what a partition,
    /// a heartbeat or a probe would notice.
    public static let patienceMilliseconds: Int32 = 20

    private enum Way {
        case write, send, pollThenWrite
    }

    private struct State {
        var isStalled = false
        var isTorn = false
        var dropsUnreported: UInt64 = 0
    }

    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let way: Way
    private let state = Mutex(State())
    private let dropped = Atomic<UInt64>(0)
    private let notice: @Sendable (UInt64) -> String

    /// A writer on `descriptor`, which stays the caller's and must stay open. `notice` makes the line that reports how
    /// many lines were dropped before it.
    public init(descriptor: Int32, notice: @escaping @Sendable (UInt64) -> String) {
        self.notice = notice
        var status = stat()
        let type = unsafe fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
        switch type {
        case S_IFSOCK:
            (self.descriptor, ownsDescriptor, way) = (descriptor, false, .send)
        case S_IFIFO, S_IFCHR:
            let flags = O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY
            let reopened = unsafe open("/proc/self/fd/\(descriptor)", flags)
            (self.descriptor, ownsDescriptor) = reopened >= 0 ? (reopened, true) : (descriptor, false)
            way = reopened >= 0 ? .write : .pollThenWrite
        default:
            (self.descriptor, ownsDescriptor, way) = (descriptor, false, .write)
        }
    }

    deinit {
        if ownsDescriptor { close(descriptor) }
    }

    /// Lines given up so far.
    public var linesDropped: UInt64 { dropped.load(ordering: .relaxed) }

    /// Writes `line` and a line end, or drops it. A line longer than `LogEntry.bytesMax` is cut.
    public func write(_ line: String) {
        state.withLock { state in
            if state.dropsUnreported > 0 {
                guard put(notice(state.dropsUnreported), &state) else { return drop(&state) }
                state.dropsUnreported = 0
            }
            if !put(line, &state) { drop(&state) }
        }
    }

    private func drop(_ state: inout State) {
        state.dropsUnreported += 1
        dropped.add(1, ordering: .relaxed)
    }

    /// True when the whole line is out. After a part of a line, the next one starts with a line end.
    private func put(_ line: String, _ state: inout State) -> Bool {
        var bytes: [UInt8] = []
        if state.isTorn { bytes.append(UInt8(ascii: "\n")) }
        bytes += line.utf8.prefix(LogEntry.bytesMax - 2)
        bytes.append(UInt8(ascii: "\n"))
        var sent = 0
        var mayWait = !state.isStalled  // Once a line, so that a reader of single bytes cannot hold us either.
        while sent < bytes.count {
            let written = attempt(bytes[sent...])
            if written > 0 {
                sent += written
                continue
            }
            if errno == EINTR { continue }
            guard errno == EAGAIN, mayWait, isWritable(within: Self.patienceMilliseconds) else { break }
            mayWait = false
        }
        state.isStalled = sent < bytes.count
        if sent > 0 { state.isTorn = sent < bytes.count }
        return sent == bytes.count
    }

    private func attempt(_ bytes: ArraySlice<UInt8>) -> Int {
        if way == .pollThenWrite && !isWritable(within: 0) {
            errno = EAGAIN
            return -1
        }
        return unsafe bytes.withUnsafeBytes { buffer in
            way == .send
                ? unsafe send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
                : unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        }
    }

    private func isWritable(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&request, 1, milliseconds) > 0
    }
}
