/// Whether a worker's sleep is ended by the next event alone, or by delivery reports too.
///
/// Where events come every half millisecond, a report wakes the worker between two of them and finds next to nothing to do; on
/// a busy core that is one of three wake-ups an event. The next event brings the worker to the reports as well.
struct ReportPatience: Sendable {
    /// The longest a report may wait, and the longest pause between events that counts as steady, in nanoseconds.
    static let nanoseconds: Int64 = 2_000_000

    private var lastInputAt: Int64 = 0
    private var gap = Int64.max
    private var isNeeded = false

    /// A turn that began at `now` (monotonic) is over. `hadInput`: it had events. `needsReports`: something cannot go on until
    /// outputs are acknowledged.
    mutating func turned(at now: Int64, hadInput: Bool, needsReports: Bool) {
        isNeeded = needsReports
        guard hadInput else { return }
        gap = now - lastInputAt
        lastInputAt = now
    }

    /// Whether reports may wait from `now` (monotonic) on.
    func letsReportsWait(at now: Int64) -> Bool {
        !isNeeded && gap < Self.nanoseconds && now - lastInputAt < Self.nanoseconds
    }
}
