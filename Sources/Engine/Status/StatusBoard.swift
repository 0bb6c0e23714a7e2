internal import Kafka
internal import Synchronization
internal import Telemetry

/// What observers see of a running engine: the tasks, the workers' heartbeats, what the log's ends are known to be.
///
/// Written by the control thread, read by any thread (HTTP, the demo's view). The per-event path never touches it.
final class StatusBoard: Sendable {
    private struct State {
        var handles: [TopicPartition: PartitionHandle] = [:]
        var highWatermarks: [TopicPartition: Int64] = [:]
        var isDraining = false
        var isSubscribed = false
        var workers: [Worker] = []
    }

    /// When the engine was made, monotonic nanoseconds.
    let startedAt = MonotonicClock.now
    /// Round trips from reading a batch to the acknowledgement of all its outputs.
    let latency = Mutex(LatencyHistogram())
    /// Last turn of the control thread, monotonic nanoseconds.
    let controlHeartbeat: Atomic<Int64>
    private let state = Mutex(State())

    init() { controlHeartbeat = Atomic(MonotonicClock.now) }

    /// The tasks this process owns, by partition number.
    var handles: [PartitionHandle] {
        state.withLock { $0.handles.values.sorted { $0.partition.partition < $1.partition.partition } }
    }

    /// The task of a partition, if this process owns it.
    func handle(of partition: TopicPartition) -> PartitionHandle? { state.withLock { $0.handles[partition] } }

    func add(_ handle: PartitionHandle) { state.withLock { $0.handles[handle.partition] = handle } }

    /// Takes a task off the board.
    func remove(_ partition: TopicPartition) { state.withLock { $0.handles[partition] = nil } }

    func setHighWatermark(_ offset: Int64, of partition: TopicPartition) {
        state.withLock { $0.highWatermarks[partition] = offset }
    }

    func highWatermark(of partition: TopicPartition) -> Int64? { state.withLock { $0.highWatermarks[partition] } }

    /// The workers, for their heartbeats.
    var workers: [Worker] {
        get { state.withLock { $0.workers } }
        set { state.withLock { $0.workers = newValue } }
    }

    var isDraining: Bool {
        get { state.withLock { $0.isDraining } }
        set { state.withLock { $0.isDraining = newValue } }
    }

    var isSubscribed: Bool {
        get { state.withLock { $0.isSubscribed } }
        set { state.withLock { $0.isSubscribed = newValue } }
    }
}
