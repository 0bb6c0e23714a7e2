internal import Kafka

/// Whether commits wait because the member has given partitions up.
///
/// Such a member joins the group again at once. A commit sent meanwhile waits behind that request and arrives with the old
/// generation, whereupon librdkafka before 2.10 gives the whole assignment up. No clock tells which assignment is the next
/// generation's, since this thread may stand still between two callbacks. The classic protocol does: a cooperative revocation is
/// followed by exactly one assignment of its own generation, often an empty one; all others are of the next. The protocol of
/// KIP-848 has no joining: nothing is held under it.
struct CommitHold {
    /// The assignment that is awaited.
    private enum Awaited {
        case none
        case sameGeneration
        case nextGeneration
    }

    private var awaited = Awaited.none
    private var deadline: Int64 = 0
    private let limit: Int64

    /// How long commits wait at most, in nanoseconds: where an early one costs no more than a retry, not for a member that
    /// does not join; else for as long as a rebalance may take by default (`max.poll.interval.ms`).
    static var limitNanoseconds: Int64 {
        LibraryVersion.losesAssignmentByStaleCommit ? 300_000_000_000 : 5_000_000_000
    }

    init(limitNanoseconds limit: Int64 = Self.limitNanoseconds) {
        self.limit = limit
    }

    /// Whether commits wait at `now`, in nanoseconds of the monotonic clock.
    func holds(at now: Int64) -> Bool { awaited != .none && now < deadline }

    /// Partitions were given up.
    mutating func partitionsRevoked(isCooperative: Bool, at now: Int64) {
        awaited = isCooperative ? .sameGeneration : .nextGeneration
        deadline = now + limit
    }

    /// Partitions came, or none.
    mutating func partitionsAssigned() {
        awaited = awaited == .sameGeneration ? .nextGeneration : .none
    }

    /// The member is out of the group: nothing is left to commit, and the next assignment is a new member's.
    mutating func partitionsLost() {
        awaited = .none
    }
}
