/// What `ConsumerGroup.poll` brings. Rebalances are not among them: they go to the delegate, inside `poll`.
public enum GroupEvent: Sendable {
    /// Something failed. A fatal error ends the member; the others are passing, or need a person (`isAuthentication`,
    /// `isAuthorization`, `isUnknownTopic`).
    case error(KafkaError)
    /// An asynchronous commit was answered: the error of the whole or of the first partition that failed, and the offsets
    /// of those that succeeded.
    case commitFinished(KafkaError?, [TopicPartition: Int64])
    /// librdkafka's JSON, every `statistics.interval.ms`.
    case statistics(String)
}
