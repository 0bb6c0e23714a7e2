// Goal: no ring is lost: what a worker does not hear while reports may wait, it looks for before it sleeps long. Method: rings
// before a rest, and the time that the rest takes.
import Testing

@testable import Engine

@Suite(.serialized) struct WorkerBellTests {
    private let long = Duration.nanoseconds(WorkerBell.patienceNanoseconds)
    private let bell = WorkerBell()

    private func rest(lettingReportsWait: Bool) -> Duration {
        let start = ContinuousClock.now
        bell.rest(letsReportsWait: lettingReportsWait)
        return .now - start
    }

    @Test func aRingEndsEveryRest() {
        bell.ring()
        #expect(rest(lettingReportsWait: false) < long)
        bell.ringForReports()
        #expect(rest(lettingReportsWait: false) < long)
        #expect(rest(lettingReportsWait: false) >= long, "each is heard once")
    }

    @Test func reportsThatMayWaitDoNotRing() {
        _ = rest(lettingReportsWait: true)
        bell.ringForReports()
        #expect(rest(lettingReportsWait: true) >= .nanoseconds(ReportPatience.nanoseconds))
        bell.ring()
        #expect(rest(lettingReportsWait: true) < long)
    }

    @Test func afterThemTheWorkerLooksBeforeItSleeps() {
        _ = rest(lettingReportsWait: true)
        bell.ringForReports()
        #expect(rest(lettingReportsWait: false) < long, "one turn to look for what was not heard")
        bell.ringForReports()
        #expect(rest(lettingReportsWait: false) < long, "from then on they ring")
        #expect(rest(lettingReportsWait: false) >= long)
    }
}
