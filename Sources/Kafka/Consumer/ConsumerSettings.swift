/// What a group member needs besides the user's properties.
public struct ConsumerSettings: Sendable {
    /// Where a partition without a committed offset begins.
    public enum Start: String, Sendable {
        /// The oldest record there is.
        case earliest
        /// What comes after the assignment.
        case latest
    }

    /// The group, unless the properties name one (`ClientProperties.effectiveGroupID`).
    public var groupID: String
    /// For partitions without a commit.
    public var start: Start
    /// What happens when a committed position no longer exists: report `autoOffsetReset` on the partition's queue and
    /// fetch nothing more from it, or go on from `start`.
    public var stopsOnDataLoss: Bool
    /// Deliver a message of kind `endOfPartition` whenever a partition's end is reached.
    public var partitionEOF: Bool
    /// Only committed records: set under `exactly_once`; otherwise the user's `isolation.level` or librdkafka's default.
    public var readCommitted: Bool
    /// What the prefetched records of all partitions together may take, bookkeeping included.
    public var memoryBytes: Int
    /// The partitions this member may own at most (all of the topic's: one process may own them all).
    public var partitionCount: Int

    /// Everything has a usable value but the group.
    public init(
        groupID: String, start: Start = .earliest, stopsOnDataLoss: Bool = false, partitionEOF: Bool = false,
        readCommitted: Bool = false, memoryBytes: Int = 64 << 20, partitionCount: Int = 1
    ) {
        self.groupID = groupID
        self.start = start
        self.stopsOnDataLoss = stopsOnDataLoss
        self.partitionEOF = partitionEOF
        self.readCommitted = readCommitted
        self.memoryBytes = memoryBytes
        self.partitionCount = partitionCount
    }

    /// The bookkeeping of how many prefetched records `memoryBytes` has room for. What was fetched comes on top, as it stays in
    /// memory until the last record of its batch is released.
    public var prefetchedRecordsMax: Int { memoryBytes / FetchBudget.bookkeepingBytes }

    /// What prefetched records of 240 bytes come to at most, in bytes: `memoryBytes`, or less where `queued.min.messages`, ours or
    /// the user's, leaves some of it.
    public func usualPrefetchedBytes(_ user: ClientProperties) -> Int {
        let records = fetchThreshold(user) ?? prefetchedRecordsMax
        let eachMax = FetchBudget.bytes(ofQueueWith: min(records, prefetchedRecordsMax))
        return min(max(partitionCount, 1) * eachMax, memoryBytes)
    }

    /// Where one batch of the log for every partition, which a fetch brings whatever its limit, is more than `memoryBytes`: the
    /// number of waiting records at which a partition is not fetched (`queued.min.messages`); elsewhere `nil`.
    public func fetchThresholdIfBatchesExceedMemory(_ user: ClientProperties) -> Int? {
        guard memoryBytes / max(partitionCount, 1) < FetchBudget.batchBytes else { return nil }
        return fetchThreshold(user)
    }

    private func fetchThreshold(_ user: ClientProperties) -> Int? {
        properties(user).last { $0.key == "queued.min.messages" }.flatMap { Int($0.value) }
    }
}
