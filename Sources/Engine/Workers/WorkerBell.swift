internal import Synchronization

/// The doorbell of one worker, which may be deaf to delivery reports for a while (``ReportPatience``).
final class WorkerBell: Sendable {
    private let bell = Doorbell()
    private let hearsReports = Atomic<Bool>(true)

    /// The longest sleep, in nanoseconds.
    static let patienceNanoseconds: Int64 = 100_000_000

    /// Wakes the worker; any thread may call it.
    func ring() { bell.ring() }

    /// Delivery reports have come, and lie where the worker looks. Any thread may call it, also under librdkafka's locks.
    func ringForReports() {
        if hearsReports.load(ordering: .sequentiallyConsistent) { bell.ring() }
    }

    /// Sleeps until it is rung; for a short time, and without an ear for reports, where these may wait. Does not sleep when it
    /// was deaf before and is not to be any more: reports may have come unheard, so the caller looks for them first. Returns
    /// false when it slept all its time and heard nothing.
    @discardableResult
    func rest(letsReportsWait: Bool) -> Bool {
        if letsReportsWait {
            hearsReports.store(false, ordering: .sequentiallyConsistent)
            return bell.wait(nanoseconds: ReportPatience.nanoseconds)
        }
        guard hearsReports.exchange(true, ordering: .sequentiallyConsistent) else { return true }
        return bell.wait(nanoseconds: Self.patienceNanoseconds)
    }
}
