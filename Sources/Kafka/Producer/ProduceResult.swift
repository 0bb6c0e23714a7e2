/// What became of one call of `Producer.produce`.
public enum ProduceResult: Sendable {
    /// It is in the queue; its delivery report will come.
    case queued
    /// The queue is full: nothing happened; try again after deliveries were drained.
    case queueFull
    /// It will never be sent, and no report will come.
    case failed(KafkaError)
}
