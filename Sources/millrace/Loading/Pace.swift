/// When events are due at a fixed rate: open loop, so that a slow moment is made up for and never stretches the plan.
struct Pace {
    private let start: ContinuousClock.Instant
    private let rate: Double

    /// A plan that begins at `start` with `rate` events a second (above 0).
    init(start: ContinuousClock.Instant, rate: Double) {
        self.start = start
        self.rate = rate
    }

    /// How many events are due until `now`, the first at `start` itself.
    func due(at now: ContinuousClock.Instant) -> Int {
        let seconds = (now - start) / .seconds(1)
        let count = seconds * rate
        // Beyond 2^53 a double no longer counts; by then centuries have passed.
        return count < 9e15 ? Int(max(count, 0)) + 1 : .max
    }

    /// The moment at which event `index` (from 0) is due.
    func time(of index: Int) -> ContinuousClock.Instant {
        start + .seconds(Double(index) / rate)
    }
}
