/// Which record timestamps the output's broker takes, at the moment of one batch.
///
/// A prediction carries its event's Kafka timestamp; one that the broker would refuse (it fails the whole request with it) is
/// sent with the present time instead, and counted.
struct TimestampLimits {
    private let lowest: Int64
    private let highest: Int64

    /// Limits around `now` (wall clock, milliseconds).
    init(_ limits: OutputLimits, now: Int64) {
        // A minute is kept back: our clock and the broker's differ, and the record travels.
        let slack: Int64 = 60_000
        let before = limits.timestampBeforeMaxMilliseconds
        let after = limits.timestampAfterMaxMilliseconds
        lowest = before > now ? 0 : now - before + min(slack, before / 2)
        highest = after > Int64.max - now ? Int64.max : now + after - min(slack, after / 2)
    }

    /// Whether a record may be sent with this timestamp.
    @inline(__always)
    func allows(_ timestamp: Int64) -> Bool { timestamp >= lowest && timestamp <= highest }

    /// The timestamp to send: the record's own, or 0 for the present.
    @inline(__always)
    func allowed(_ timestamp: Int64) -> Int64 { allows(timestamp) ? timestamp : 0 }
}
