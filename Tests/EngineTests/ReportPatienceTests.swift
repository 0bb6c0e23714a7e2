// Goal: delivery reports wait only where the next event is near and nothing depends on them. Method: turns at chosen times.
import Testing

@testable import Engine

@Suite struct ReportPatienceTests {
    private let millisecond: Int64 = 1_000_000

    /// Events every `gap`, the last of them at the time that is returned.
    private func steady(_ gap: Int64, needsReports: Bool = false) -> (ReportPatience, last: Int64) {
        var patience = ReportPatience()
        for turn in 1...3 {
            patience.turned(at: Int64(turn) * gap + 1_000_000_000, hadInput: true, needsReports: needsReports)
        }
        return (patience, 3 * gap + 1_000_000_000)
    }

    @Test func reportsWaitForANearEvent() {
        let (patience, last) = steady(millisecond / 2)
        #expect(patience.letsReportsWait(at: last + 1))
        #expect(patience.letsReportsWait(at: last + ReportPatience.nanoseconds - 1))
    }

    @Test func theyDoNotOnceItFailsToCome() {
        let (patience, last) = steady(millisecond / 2)
        #expect(!patience.letsReportsWait(at: last + ReportPatience.nanoseconds))
    }

    @Test func theyDoNotWhereEventsAreRare() {
        let (patience, last) = steady(3 * millisecond)
        #expect(!patience.letsReportsWait(at: last + 1))
        #expect(!ReportPatience().letsReportsWait(at: 1), "nor before the second event")
    }

    @Test func theyDoNotWhereSomethingDependsOnThem() {
        var (patience, last) = steady(millisecond / 2, needsReports: true)
        #expect(!patience.letsReportsWait(at: last + 1))
        patience.turned(at: last + 2, hadInput: false, needsReports: false)
        #expect(patience.letsReportsWait(at: last + 3), "a turn without events does not change when they came")
    }
}
