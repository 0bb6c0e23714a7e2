import Glibc
import Synchronization

/// The open connections with the time since which each owes us something, and the requests in work.
///
/// libmicrohttpd's own timeout is inactivity only: a header that drips in a byte a second, or an answer read as slowly,
/// holds its connection for ever. So a connection gets one limit from its start, and again from each finished answer,
/// to the end of the next answer; `cutOverdue` shuts down the others. An idle kept-alive connection falls under the
/// same limit.
final class ConnectionTable: Sendable {
    private struct State {
        var since: [Int32: ContinuousClock.Instant] = [:]
        var requestsInWork = 0
        var isDraining = false
    }

    private let state = Mutex(State())
    private let drained: WakeUp

    init(drained: WakeUp) { self.drained = drained }

    var count: Int { state.withLock { $0.since.count } }

    func opened(_ socket: Int32) { state.withLock { $0.since[socket] = .now } }

    /// Called before the library closes the socket, so a socket in the table is never one that was closed and reused.
    func closed(_ socket: Int32) {
        assert(fcntl(socket, F_GETFD) >= 0, "the library has closed the socket already")
        state.withLock { _ = $0.since.removeValue(forKey: socket) }
    }

    func requestBegan() { state.withLock { $0.requestsInWork += 1 } }

    func requestEnded(_ socket: Int32) {
        state.withLock { state in
            state.requestsInWork -= 1
            assert(state.requestsInWork >= 0)
            if state.since[socket] != nil { state.since[socket] = .now }
            if state.isDraining && state.requestsInWork == 0 { drained.ring() }
        }
    }

    /// Rings `drained` once no request is in work.
    func drain() {
        state.withLock { state in
            state.isDraining = true
            if state.requestsInWork == 0 { drained.ring() }
        }
    }

    /// Shuts down the connections older than `limit` and returns how many; the library then closes them. Shutting down
    /// (not closing) under the lock is what keeps the descriptor ours to name.
    func cutOverdue(limit: Duration) -> Int {
        state.withLock { state in
            let deadline = ContinuousClock.now - limit
            let overdue = state.since.filter { $0.value < deadline }.keys
            for socket in overdue {
                shutdown(socket, Int32(SHUT_RDWR))
                state.since[socket] = .now  // Cut once; should the library not notice, again after another limit.
            }
            return overdue.count
        }
    }
}
