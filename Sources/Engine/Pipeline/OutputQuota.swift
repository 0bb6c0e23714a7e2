/// What one worker may have in flight: outputs handed to librdkafka that no broker has acknowledged.
struct OutputQuota: Equatable, Sendable {
    /// Outputs; 2,000 at least, so that a small budget does not make every request a small one.
    let recordsMax: Int
    /// Bytes of their keys and values.
    let bytesMax: Int

    /// A worker's part of the `bytes` for outputs in flight. librdkafka keeps an output twice while it is on its way, and 300 bytes
    /// beside it.
    init(bytes: Int, workerCount: Int) {
        let own = bytes / max(workerCount, 1)
        recordsMax = min(max(own / 900, 2_000), 100_000)
        bytesMax = max(own / 2, 1 << 20)
    }
}
