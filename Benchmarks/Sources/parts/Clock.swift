/// Nanoseconds an event of `body`, which handles `count` events.
@inline(__always)
func nanoseconds(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    let elapsed = (clock.now - start).components
    return (Double(elapsed.seconds) * 1e9 + Double(elapsed.attoseconds) / 1e9) / Double(max(count, 1))
}

/// The least of several rounds: what disturbs a round only makes it longer.
func least(of rounds: Int, _ round: () throws -> Double) rethrows -> Double {
    var least = Double.infinity
    for _ in 0..<rounds { least = min(least, try round()) }
    return least
}
