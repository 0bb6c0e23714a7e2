import Glibc
import Synchronization

/// SIGTERM and SIGINT as a request to finish: the first one calls a closure, a second one ends the process at once.
///
/// A signal handler that writes to a pipe, and a thread that reads it. The way that lost, blocking the signals in every
/// thread and waiting for them in one, needs to come before any other thread and leaves a stuck process deaf to the
/// second signal unless that thread still runs; the handler ends the process whatever state it is in.
public enum ShutdownSignals {
    /// Signals that come together count as one: `timeout` and others signal the process and then its group.
    public static let repeatMilliseconds: Int64 = 100

    /// Calls `body` with the signal's number, once, on a thread of its own, at the first SIGTERM or SIGINT; the next one
    /// ends the process with 128 plus its number, without flushing anything. Also ignores SIGPIPE; SIGHUP and the rest
    /// stay as they are. May be called once in a process; a second call changes nothing and returns false, as does
    /// a system that has no descriptor or thread left.
    public static func install(_ body: @escaping @Sendable (Int32) -> Void) -> Bool {
        guard !isInstalled.exchange(true, ordering: .relaxed), let wakeUp = WakeUp() else { return false }
        // Also initialises the handler's globals, so that no initialisation runs inside it.
        wakeUpDescriptor.store(wakeUp.descriptor, ordering: .relaxed)
        firstSignal.store(0, ordering: .relaxed)
        firstMilliseconds.store(0, ordering: .relaxed)
        let thread = NamedThread("signals") {
            _ = wakeUp.wait(atMost: nil)
            body(firstSignal.load(ordering: .relaxed))
            // Keeps the pipe open for signals still to come.
            withExtendedLifetime(wakeUp) { while true { pause() } }
        }
        guard thread != nil else { return false }
        setHandler(SIGPIPE, SIG_IGN)
        setHandler(SIGTERM, handle)
        setHandler(SIGINT, handle)
        return true
    }

    /// SA_RESTART, so that interrupted reads and writes elsewhere go on by themselves.
    private static func setHandler(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = handler
        action.sa_flags = SA_RESTART
        unsafe sigaction(signal, &action, nil)
    }
}

private let isInstalled = Atomic(false)
private let wakeUpDescriptor = Atomic<Int32>(-1)
private let firstSignal = Atomic<Int32>(0)
private let firstMilliseconds = Atomic<Int64>(0)

/// Only what POSIX allows in a signal handler: atomics, `clock_gettime`, `write`, `_exit`.
private func handle(_ signal: Int32) {
    let error = errno
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    let now = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    if firstSignal.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged {
        firstMilliseconds.store(now, ordering: .relaxed)
        var byte: UInt8 = 1
        _ = unsafe write(wakeUpDescriptor.load(ordering: .relaxed), &byte, 1)
    } else {
        let first = firstMilliseconds.load(ordering: .relaxed)
        // 0: the first signal's handler has not got that far on another thread; they came together.
        if first != 0 && now - first >= ShutdownSignals.repeatMilliseconds { _exit(128 + signal) }
    }
    errno = error
}
