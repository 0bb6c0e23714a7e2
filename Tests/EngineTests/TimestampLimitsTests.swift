// Goal: a prediction never carries a timestamp that the broker would refuse, and its event's own whenever it may. Method: exact
// values at the edges, a minute inside what the topics allow, for one topic, two, and none that tells.

import Testing

@testable import Engine

@Suite struct TimestampLimitsTests {
    private static let now: Int64 = 1_700_000_000_000
    private static let minute: Int64 = 60_000
    private static let hour: Int64 = 3_600_000

    private static func limits(_ topics: [(before: Int64?, after: Int64?)]) -> TimestampLimits {
        var limits = OutputLimits(outputPartitionCount: 1, narrowestTopic: "out")
        for topic in topics { limits.narrow(before: topic.before, after: topic.after, sizeMax: nil) }
        return TimestampLimits(limits, now: now)
    }

    /// The lowest and the highest timestamp that are allowed are `lowest` and `highest`.
    private static func expectEdges(
        _ limits: TimestampLimits, _ lowest: Int64, _ highest: Int64, _ place: SourceLocation = #_sourceLocation
    ) {
        #expect(limits.allowed(lowest) == lowest, sourceLocation: place)
        #expect(limits.allowed(highest) == highest, sourceLocation: place)
        #expect(limits.allowed(lowest - 1) == 0, "refused: the present is sent", sourceLocation: place)
        #expect(!limits.allows(lowest - 1), sourceLocation: place)
        if highest < .max { #expect(limits.allowed(highest + 1) == 0, sourceLocation: place) }
    }

    @Test func aTopicThatTellsNothingTakesEverything() {
        Self.expectEdges(Self.limits([]), 0, .max)
        Self.expectEdges(Self.limits([(nil, nil)]), 0, .max)
        Self.expectEdges(Self.limits([(.max, .max)]), 0, .max)
    }

    @Test func aMinuteIsKeptBackOnBothSides() {
        let now = Self.now
        Self.expectEdges(
            Self.limits([(24 * Self.hour, Self.hour)]), now - 24 * Self.hour + Self.minute,
            now + Self.hour - Self.minute)
    }

    @Test func shortLimitsKeepHalfOfThemselvesBack() {
        let now = Self.now
        Self.expectEdges(Self.limits([(10_000, 20_000)]), now - 5_000, now + 10_000)
        Self.expectEdges(Self.limits([(0, 0)]), now, now)
    }

    @Test func ofTwoTopicsTheNarrowerCounts() {
        let now = Self.now
        let both = Self.limits([(Self.hour, nil), (24 * Self.hour, Self.hour)])
        Self.expectEdges(both, now - Self.hour + Self.minute, now + Self.hour - Self.minute)
    }
}
