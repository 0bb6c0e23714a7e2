// Goal: commits come at two fifths of the interval, from a twentieth on when much is uncommitted, and not early after a failure.
// Method: the decisions over a clock of our own.

import Testing

@testable import Engine

@Suite struct CommitPaceTests {
    private static let millisecond: Int64 = 1_000_000
    private static let start: Int64 = 7_000 * millisecond
    private static let few = CommitPace.earlyEventCount - 1
    private static let many = CommitPace.earlyEventCount

    private static func isDue(_ pace: CommitPace, after milliseconds: Int64, _ eventCount: Int64) -> Bool {
        pace.isDue(at: start + milliseconds * millisecond, eventCount: eventCount)
    }

    @Test(arguments: [
        (49, few, false), (399, few, false), (400, few, true), (400, 1, true), (49, many, false), (50, many, true),
    ])
    func aCommitIsDue(after milliseconds: Int64, eventCount: Int64, isDue: Bool) {
        let pace = CommitPace(interval: .seconds(1), now: Self.start)
        #expect(Self.isDue(pace, after: milliseconds, eventCount) == isDue)
    }

    @Test(arguments: [(49, false), (50, true)])
    func nothingNeedsToBeLookedAt(before milliseconds: Int64, mayBeDue: Bool) {
        let pace = CommitPace(interval: .seconds(1), now: Self.start)
        #expect(pace.mayBeDue(at: Self.start + milliseconds * Self.millisecond) == mayBeDue)
    }

    @Test func timesCountFromTheLastCommit() {
        var pace = CommitPace(interval: .seconds(1), now: Self.start)
        pace.commitSent(at: Self.start + 1_000 * Self.millisecond)
        #expect(!Self.isDue(pace, after: 1_399, Self.few))
        #expect(Self.isDue(pace, after: 1_400, Self.few))
    }

    @Test func afterAFailureNoneIsEarlyUntilOneHasSucceeded() {
        var pace = CommitPace(interval: .seconds(1), now: Self.start)
        pace.commitEnded(isSuccess: false)
        #expect(!Self.isDue(pace, after: 399, Self.many))
        #expect(!pace.mayBeDue(at: Self.start + 399 * Self.millisecond))
        #expect(Self.isDue(pace, after: 400, Self.many))
        pace.commitEnded(isSuccess: true)
        #expect(Self.isDue(pace, after: 50, Self.many))
    }

    @Test(arguments: [Duration.milliseconds(10), .seconds(3_600)])
    func theIntervalsBoundsWork(interval: Duration) {
        let pace = CommitPace(interval: interval, now: Self.start)
        #expect(!pace.isDue(at: Self.start, eventCount: .max))
        #expect(pace.isDue(at: Self.start + nanoseconds(interval), eventCount: 1))
    }
}
