/// What a producer needs besides the user's properties.
public struct ProducerSettings: Sendable {
    /// Messages that may wait or be on their way; one more is `queueFull`.
    public var queueMessages: Int
    /// Their bytes; rounded to kilobytes.
    public var queueBytes: Int
    /// The largest message, in bytes; at least the topics' `max.message.bytes`, or good records are refused here.
    public var messageBytes: Int
    /// The largest request batch of one partition, in bytes: at most the topics' `max.message.bytes`, or a full batch of good
    /// messages is refused.
    public var batchBytes: Int
    /// The messages after which one partition's request is sent without waiting for more.
    public var batchMessages: Int

    /// The defaults hold what one core produces in a fifth of a second.
    public init(
        queueMessages: Int = 200_000, queueBytes: Int = 64 << 20, messageBytes: Int = 1_000_000,
        batchBytes: Int = 1_000_000, batchMessages: Int = 10_000
    ) {
        self.queueMessages = queueMessages
        self.queueBytes = queueBytes
        self.messageBytes = messageBytes
        self.batchBytes = batchBytes
        self.batchMessages = batchMessages
    }

    func properties(_ user: ClientProperties) -> [Property] {
        let defaults = [
            Property(key: "socket.nagle.disable", value: "true"),
            Property(key: "linger.ms", value: "5"),
            Property(key: "batch.num.messages", value: String(min(max(batchMessages, 1), 1_000_000))),
            Property(key: "batch.size", value: String(min(max(batchBytes, 1_000), 1_000_000_000))),
            // A request to a frozen leader is only sent to the new one after `socket.timeout.ms`, a minute by default, so
            // the partition stood still long after its leader was replaced. Longer than the 9 s after which a cluster
            // gives a broker up, as until then healthy leaders wait for it as well; a repeat is harmless (idempotence).
            Property(key: "socket.timeout.ms", value: "12000"),
            Property(key: "request.timeout.ms", value: "10000"),
            Property(key: "queue.buffering.max.messages", value: String(min(max(queueMessages, 1), 10_000_000))),
            Property(key: "queue.buffering.max.kbytes", value: String(min(max(queueBytes >> 10, 1), 2_147_483_647))),
            Property(key: "message.max.bytes", value: String(min(max(messageBytes, 1_000), 1_000_000_000))),
        ]
        let owned = [
            Property(key: "enable.idempotence", value: "true"),
            Property(key: "acks", value: "all"),
        ]
        return defaults + user.layered(for: .producer) + owned
    }
}
