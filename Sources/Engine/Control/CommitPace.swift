/// When a background commit is due.
///
/// Usually two fifths of the interval after the one before: the promise of an interval counts from delivery to the commit's
/// arrival, and one commit waits for the answer of the one before. From a twentieth on already where many events are delivered and
/// not committed, because a crash repeats them: a service that catches up delivers in a tenth of a second what usually
/// comes in a whole one. After a failure none is early until one has succeeded.
struct CommitPace {
    /// So many events make a commit early, all partitions of the member together.
    static let earlyEventCount: Int64 = 16_384

    private let usualNanoseconds: Int64
    private let earlyNanoseconds: Int64
    private var lastAt: Int64
    private var hasFailed = false

    /// The first commit is counted from `now`, in nanoseconds of the monotonic clock.
    init(interval: Duration, now: Int64) {
        let interval = nanoseconds(interval)
        usualNanoseconds = interval / 5 * 2
        earlyNanoseconds = interval / 20
        lastAt = now
    }

    /// False while no commit can be due, whatever is delivered.
    func mayBeDue(at now: Int64) -> Bool { now - lastAt >= (hasFailed ? usualNanoseconds : earlyNanoseconds) }

    /// Whether a commit of `eventCount` events is due.
    func isDue(at now: Int64, eventCount: Int64) -> Bool {
        now - lastAt >= usualNanoseconds || mayBeDue(at: now) && eventCount >= Self.earlyEventCount
    }

    /// A commit was sent, or could not be.
    mutating func commitSent(at now: Int64) { lastAt = now }

    mutating func commitEnded(isSuccess: Bool) { hasFailed = !isSuccess }
}
