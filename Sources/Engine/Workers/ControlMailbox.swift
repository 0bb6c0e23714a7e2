internal import Kafka
internal import Synchronization

/// What a worker asks of the control thread, which alone talks to the consumer.
enum ControlRequest: Sendable {
    /// Set the partition's reading to a position, then resume the task.
    case rewind(RewindRequest)
    /// A committed or assigned position is not in the log any more.
    /// Not before `after` (monotonic).
    case positionMissing(PartitionHandle, KafkaError, after: Int64)
    /// End the service with this error, after committing what is delivered.
    case fail(EngineError)
}

/// Requests from workers to the control thread.
final class ControlMailbox: Sendable {
    private let requests = Mutex<[ControlRequest]>([])

    /// Adds a request; the control thread takes it up within its tick.
    func post(_ request: ControlRequest) { requests.withLock { $0.append(request) } }

    /// Takes all requests, oldest first.
    func take() -> [ControlRequest] {
        requests.withLock { waiting in
            let taken = waiting
            waiting = []
            return taken
        }
    }
}
