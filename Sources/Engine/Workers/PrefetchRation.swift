/// Keeps down what librdkafka prefetches for a worker, where one batch of the log for each partition is more than the memory
/// allows.
///
/// A fetch brings a whole batch, up to a megabyte and as much again in bookkeeping, whatever its limit says, and librdkafka
/// asks for the next as soon as a queue holds fewer records than its threshold (`queued.min.messages`). So a queue is left
/// with just that many, which keeps its partition from being fetched, until the worker's queues together hold few enough.
/// A partition with fewer records waiting never waits.
///
/// What stands still is not counted, though it stays in memory, so that partitions that cannot go on take nothing from the
/// others. All is counted from what queues say when they are read; every claim that is not confirmed runs out by itself.
/// Constant time and memory a call.
struct PrefetchRation {
    /// What one partition has of the ration.
    struct Share {
        /// Records counted for it: what its queue held last, or what the fetch under way may bring.
        fileprivate var counted = 0
        /// What its last fetches brought, at most.
        fileprivate var largest = 0
        /// Records left in its queue when it was last read: more than these mean that a fetch has come.
        fileprivate var left = 0
        /// Until when a fetch under way is waited for.
        fileprivate var fetchedBy: Int64 = 0
        /// Until when it counts without being read.
        fileprivate var countsUntil: Int64 = 0
    }

    /// How long a fetch is waited for, in nanoseconds: a broker holds one back for `fetch.wait.max.ms` (100) when another
    /// partition of the same request is at its end.
    static let fetchNanoseconds: Int64 = 500_000_000
    /// After how long without being read a partition stands still, in nanoseconds. A healthy broker acknowledges sooner.
    static let standstillNanoseconds: Int64 = 1_000_000_000

    /// With this many records waiting a partition is not fetched.
    let threshold: Int
    /// How many records the queues may hold beside `threshold` for each partition.
    let recordsMax: Int
    /// The worker's partitions.
    var partitionCount = 0
    /// What all partitions together count for.
    private(set) var held = 0

    init(threshold: Int, recordsMax: Int) {
        self.threshold = max(threshold, 1)
        self.recordsMax = max(recordsMax, 1)
    }

    /// How many of `wanted` records may be taken from a queue that holds `length`; none while its partition has to wait for the
    /// others. `now` is monotonic.
    mutating func allowance(_ share: inout Share, length: Int, wanted: Int, now: Int64) -> Int {
        share.countsUntil = now + Self.standstillNanoseconds
        // A fetch under way is counted until it shows, or does not.
        if share.fetchedBy == 0 || length > share.left || now >= share.fetchedBy {
            if share.fetchedBy > 0 { share.largest /= 2 }
            share.largest = max(share.largest, length)
            share.fetchedBy = 0
            count(length, for: &share)
        }
        let allowed = allowance(&share, length, wanted, now)
        share.left = max(0, length - allowed)
        return allowed
    }

    private mutating func allowance(_ share: inout Share, _ length: Int, _ wanted: Int, _ now: Int64) -> Int {
        guard length >= threshold, length - wanted < threshold else { return wanted }
        guard held < recordsMax + threshold * partitionCount else { return length - threshold }
        count(share.largest, for: &share)
        share.fetchedBy = now + Self.fetchNanoseconds
        return wanted
    }

    /// The partition was not read: its queue is empty, or it cannot go on.
    mutating func passOver(_ share: inout Share, now: Int64) {
        let isOverdue = share.fetchedBy > 0 && now >= share.fetchedBy
        if isOverdue || now >= share.countsUntil { release(&share) }
    }

    /// The partition counts for nothing any more: its queue is gone or begins anew.
    mutating func release(_ share: inout Share) {
        count(0, for: &share)
        share.fetchedBy = 0
    }

    private mutating func count(_ records: Int, for share: inout Share) {
        held += records - share.counted
        share.counted = records
    }
}
