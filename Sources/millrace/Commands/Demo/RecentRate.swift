/// Events a second over about the last two seconds, from a count that only grows.
struct RecentRate {
    private var marks: [(time: ContinuousClock.Instant, count: Int)]
    private static let span = Duration.seconds(2)

    init(start: ContinuousClock.Instant) { marks = [(start, 0)] }

    /// Takes the present count and gives the rate; 0 while nothing has come or time has not moved.
    mutating func update(count: Int, at now: ContinuousClock.Instant) -> Double {
        marks.append((now, count))
        while marks.count > 2, now - marks[1].time >= Self.span { marks.removeFirst() }
        let seconds = (now - marks[0].time) / .seconds(1)
        return seconds > 0 ? Double(count - marks[0].count) / seconds : 0
    }
}
