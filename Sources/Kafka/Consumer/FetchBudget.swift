/// librdkafka's fetch thresholds, which count per partition and are fixed when the client is made, from a memory budget.
///
/// A partition is fetched while its queue holds fewer than `messages` and fewer than `kilobytes`, so a queue holds at most
/// that plus one fetch. A single larger record gets through all the same: a broker always sends one whole batch.
struct FetchBudget: Equatable, Sendable {
    let messages: Int
    let kilobytes: Int
    let fetchBytesPerPartition: Int
    let fetchBytes: Int

    /// A prefetched record's bookkeeping in librdkafka, measured.
    static let bookkeepingBytes = 400
    /// That and a value of 240 bytes.
    private static let bytesPerMessage = bookkeepingBytes + 240
    /// The largest batch that producers write by default.
    static let batchBytes = 1 << 20

    /// `messageBytesMax` is the client's `message.max.bytes`, below which librdkafka refuses `fetch.max.bytes`.
    init(memoryBytes: Int, partitionCount: Int, messageBytesMax: Int = 1_000_000) {
        let memory = max(memoryBytes, 1 << 20)
        let partitions = max(partitionCount, 1)
        // More than 25,000 gained nothing (1.4 M/s either way, in more memory). Whatever the threshold, a fetch brings one whole
        // batch of the log, up to a megabyte: with many partitions that alone is the budget.
        messages = min(max((memory / partitions - Self.batchBytes) / Self.bytesPerMessage, 100), 25_000)
        // All partitions' shares of one response together take a sixteenth of the budget.
        fetchBytesPerPartition = min(max(memory / 16 / partitions, 16 << 10), 1 << 20)
        kilobytes = min(max(memory / 2 / partitions, 2 * fetchBytesPerPartition) >> 10, 2_097_151)
        // A response stays in memory until the last of its records is released.
        fetchBytes = max(min(memory / 8, 50 << 20), fetchBytesPerPartition, messageBytesMax)
    }

    /// What a queue holds at most with values of 240 bytes: up to its threshold of `messages`, and a fetch.
    static func bytes(ofQueueWith messages: Int) -> Int { messages * bytesPerMessage + batchBytes }

    var properties: [Property] {
        [
            Property(key: "queued.min.messages", value: String(messages)),
            Property(key: "queued.max.messages.kbytes", value: String(kilobytes)),
            Property(key: "fetch.message.max.bytes", value: String(fetchBytesPerPartition)),
            Property(key: "fetch.max.bytes", value: String(fetchBytes)),
        ]
    }
}
