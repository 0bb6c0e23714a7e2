import Glibc

/// A bell between threads: `ring` never waits, `wait` returns once it has rung or its time is over. Rings that nobody
/// waited for join into one. A pipe, so that it can be rung from a signal handler and waited for with a deadline.
final class WakeUp: Sendable {
    private let reader: Int32
    private let writer: Int32

    /// `nil` when the process has no descriptors left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        (reader, writer) = (ends[0], ends[1])
        for descriptor in ends {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// The end to write a byte to from a signal handler.
    var descriptor: Int32 { writer }

    func ring() {
        var byte: UInt8 = 1
        // A full pipe has rung already.
        _ = unsafe write(writer, &byte, 1)
    }

    /// True when it rang, false when `limit` passed; `nil` waits without end.
    func wait(atMost limit: Duration?) -> Bool {
        let deadline = limit.map { ContinuousClock.now + $0 }
        while true {
            var milliseconds: Int32 = -1
            if let deadline {
                let left = max(.zero, deadline - .now) / .milliseconds(1)
                milliseconds = Int32(min(left.rounded(.up), 1e9))
            }
            var request = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&request, 1, milliseconds)
            if ready < 0 && errno == EINTR { continue }
            guard ready > 0 else { return false }
            var bytes = [UInt8](repeating: 0, count: 64)
            while unsafe read(reader, &bytes, bytes.count) > 0 {}
            return true
        }
    }
}
