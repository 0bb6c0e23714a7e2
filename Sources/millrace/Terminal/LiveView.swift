import Synchronization

/// A block of lines on standard error that is drawn in place on a terminal; where there is none, one plain line a
/// second. Log lines go through it, so that they stand above the block and never inside it. Safe from any thread.
final class LiveView: Sendable {
    private struct State {
        var drawn: [String] = []
        var plainAt: ContinuousClock.Instant?
    }

    private let isTerminal: Bool
    private let state = Mutex(State())

    init(isTerminal: Bool = StandardError.isTerminal) {
        self.isTerminal = isTerminal
    }

    /// Shows `block` in place of the one before, or `line` if there is no terminal and the last one is a second old.
    func show(block: @autoclosure () -> [String], line: @autoclosure () -> String) {
        let fresh = isTerminal ? block() : []
        state.withLock { state in
            if isTerminal {
                StandardError.write(Self.erasure(of: state.drawn) + fresh.map { $0 + "\n" }.joined())
                state.drawn = fresh
                return
            }
            let now = ContinuousClock.now
            if let before = state.plainAt, now - before < .milliseconds(990) { return }
            state.plainAt = now
            StandardError.write(line() + "\n")
        }
    }

    /// Writes one log line above the block.
    func log(_ line: String) {
        state.withLock { state in
            StandardError.write(
                Self.erasure(of: state.drawn) + line + "\n" + state.drawn.map { $0 + "\n" }.joined())
        }
    }

    /// Leaves the last block where it is; what is written next stands below it.
    func end() {
        state.withLock { $0.drawn = [] }
    }

    /// Moves up over the drawn lines and clears from there to the end of the screen.
    private static func erasure(of drawn: [String]) -> String {
        drawn.isEmpty ? "" : "\u{1B}[\(drawn.count)A\r\u{1B}[J"
    }
}
