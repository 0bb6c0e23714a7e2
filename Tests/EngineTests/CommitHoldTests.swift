// Goal: no commit is sent between a revocation and the generation that follows it, whatever time passes between callbacks.
// Method: the callbacks in the orders in which librdkafka makes them, with a clock of our own.

import Testing

@testable import Engine

@Suite struct CommitHoldTests {
    private static let second: Int64 = 1_000_000_000

    private func hold() -> CommitHold { CommitHold(limitNanoseconds: 300 * Self.second) }

    @Test func aMemberThatHasGivenNothingUpCommits() {
        var hold = hold()
        #expect(!hold.holds(at: 1))
        hold.partitionsAssigned()
        #expect(!hold.holds(at: 2))
    }

    @Test func aCooperativeRevocationHoldsOverTheAssignmentOfItsOwnGeneration() {
        var hold = hold()
        hold.partitionsRevoked(isCooperative: true, at: 0)
        #expect(hold.holds(at: 10 * Self.second), "however late the assignment comes that follows")
        hold.partitionsAssigned()
        #expect(hold.holds(at: 20 * Self.second), "the member has yet to join again")
        hold.partitionsAssigned()
        #expect(!hold.holds(at: 20 * Self.second))
    }

    @Test func theNextGenerationMayRevokeAgain() {
        var hold = hold()
        hold.partitionsRevoked(isCooperative: true, at: 0)
        hold.partitionsAssigned()
        hold.partitionsRevoked(isCooperative: true, at: Self.second)
        hold.partitionsAssigned()
        #expect(hold.holds(at: 2 * Self.second))
        hold.partitionsAssigned()
        #expect(!hold.holds(at: 2 * Self.second))
    }

    @Test func anEagerRevocationIsFollowedByTheNextGeneration() {
        var hold = hold()
        hold.partitionsRevoked(isCooperative: false, at: 0)
        #expect(hold.holds(at: Self.second))
        hold.partitionsAssigned()
        #expect(!hold.holds(at: Self.second))
    }

    @Test func aMemberThatIsPutOutStartsAgain() {
        var hold = hold()
        hold.partitionsRevoked(isCooperative: true, at: 0)
        hold.partitionsLost()
        #expect(!hold.holds(at: 1))
        hold.partitionsAssigned()
        #expect(!hold.holds(at: 2))
    }

    @Test func theLimitEndsAHold() {
        var hold = CommitHold(limitNanoseconds: 5 * Self.second)
        hold.partitionsRevoked(isCooperative: true, at: Self.second)
        #expect(hold.holds(at: 6 * Self.second - 1))
        #expect(!hold.holds(at: 6 * Self.second))
    }
}
