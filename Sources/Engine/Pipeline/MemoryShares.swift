/// How the memory budget is split.
///
/// Half for input that waits, so that workers do not wait for it where a broker pauses; half for outputs on their way, of which
/// records of usual sizes fill two thirds. A fetch brings each partition a whole batch of the log, about a megabyte, whatever
/// the thresholds say: beyond 16 partitions both give up that much for each, down to a quarter and a sixth.
struct MemoryShares {
    /// Bytes for what the consumer prefetches.
    let prefetched: Int
    /// Bytes for outputs in flight.
    let outputs: Int

    private static let partitionsWithoutExtra = 16
    private static let batchBytes = 1 << 20

    /// The shares of `bytes` in a process that may own `partitionCount` partitions.
    init(of bytes: Int, partitionCount: Int) {
        let extra = max(0, partitionCount - Self.partitionsWithoutExtra) * Self.batchBytes
        prefetched = max(bytes / 2 - extra, bytes / 4)
        outputs = max(bytes / 2 - extra, bytes / 6)
    }
}
