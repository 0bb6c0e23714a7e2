import Glibc

/// Nanoseconds an event of `body`, which handles `count` events: CPU time of this thread, so that a machine that does
/// other things too disturbs less.
@inline(__always)
func nanoseconds(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
    let start = threadTime()
    try body()
    return (threadTime() - start) / Double(max(count, 1))
}

/// CPU time of this thread in nanoseconds.
private func threadTime() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// The least of several rounds: what disturbs a round only makes it longer.
func least(of rounds: Int, _ round: () throws -> Double) rethrows -> Double {
    var least = Double.infinity
    for _ in 0..<rounds { least = min(least, try round()) }
    return least
}
