internal import Kafka
internal import Learning
internal import Synchronization

/// What the control thread, the worker and observers share of one task: small values behind one lock, written once a batch.
final class PartitionHandle: Sendable {
    /// The input partition.
    let partition: TopicPartition
    /// Rung by librdkafka when the partition's queue becomes non-empty; cleared by the worker before it reads.
    let isReady = Atomic<Bool>(true)
    /// Set when the group was rebalanced around the task: librdkafka before 2.1 may then skip records it had handed out
    /// and taken back. The first gap after it is checked.
    let mayHaveSkipped = Atomic<Bool>(false)
    private let state: Mutex<PartitionProgress>

    init(partition: TopicPartition, now: Int64) {
        self.partition = partition
        state = Mutex(PartitionProgress(now: now))
    }

    /// A copy of the progress.
    var progress: PartitionProgress { state.withLock { $0 } }

    /// Changes the progress.
    func update(_ change: (inout PartitionProgress) -> Void) { state.withLock { change(&$0) } }

    /// Replaces the figures of one model, and the weights of its experts if it combines any.
    func set(_ metrics: PrequentialMetrics, experts: [ExpertWeight]?, ofModel index: Int) {
        state.withLock { progress in
            if let experts { progress.experts[index] = experts.map(\.weight) }
            if index < progress.metrics.count {
                progress.metrics[index] = metrics
            } else {
                progress.metrics.append(metrics)
            }
        }
    }
}

/// How far one task is.
struct PartitionProgress: Sendable {
    /// Everything below is delivered; -1 before the first record.
    var deliveredPosition: Int64 = -1
    /// Behind the last record processed; -1 before the first record.
    var readPosition: Int64 = -1
    /// The highest read position so far: a task that is set back has been further.
    var furthestReadPosition: Int64 = -1
    /// The last position handed to a commit; -1 when none was, and after a commit that failed.
    var committedPosition: Int64 = -1
    /// Records produced and not acknowledged.
    var inFlight = 0
    /// The position an EOF event named; -1 when none came.
    var endOfPartition: Int64 = -1
    /// Monotonic time of the last progress: a record processed or delivered, or the end reached.
    var lastProgressAt: Int64
    /// Events predicted.
    var predictedCount: UInt64 = 0
    /// Prequential figures of each model, in file order; refreshed at the end of what there is to read, and every 200 ms under load.
    var metrics: [PrequentialMetrics] = []
    /// The weights of the experts of each model that combines some, by the model's index; refreshed with the figures.
    var experts: [Int: [Double]] = [:]

    init(now: Int64) { lastProgressAt = now }

    /// Offsets delivered since the last commit; since the partition's beginning where none is known.
    var uncommittedCount: Int64 { max(0, deliveredPosition - max(0, committedPosition)) }
}
