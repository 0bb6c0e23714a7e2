/// When a partition queue is about to run dry behind a sleeping broker thread (librdkafka before 2.2).
///
/// The rule: enough was taken since the last wake-up that the thread may have gone to sleep on a full queue, and the queue
/// is below half its threshold. A quiet topic never takes enough, so it is left alone.
struct QueueLowWater: Sendable {
    /// Fewer queued than this is low.
    let messages: Int
    /// For records so large that the byte threshold fills first: this many bytes taken are enough.
    let bytes: Int

    init(properties: [Property]) {
        func number(_ key: String, _ fallback: Int) -> Int {
            properties.last { $0.key == key }.flatMap { Int($0.value) } ?? fallback
        }
        messages = max(number("queued.min.messages", 100_000) / 2, 1)
        bytes = max(number("queued.max.messages.kbytes", 65_536) << 10, 4) / 4
    }

    func mayBeAsleep(taken: Int, bytes takenBytes: Int) -> Bool {
        // With many partitions the threshold is low: not a question for every few records all the same.
        taken >= max(messages / 2, 200) || takenBytes >= bytes
    }
}
