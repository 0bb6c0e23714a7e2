internal import CLinux
internal import Features
internal import Kafka
internal import Learning
internal import Synchronization
internal import Telemetry

/// What all workers share and nobody changes: the plan of the work, where to report, what to count.
final class WorkerContext: Sendable {
    let configuration: EngineConfiguration
    let log: Log
    let meters: EngineMeters
    let mailbox = ControlMailbox()
    let board: StatusBoard
    let limits: OutputLimits
    /// What one worker may have in flight in all.
    let outputQuota: OutputQuota
    /// What each worker grows its heap by when it meets a backlog, where malloc keeps what is freed.
    let heapReserve: HeapReserve?
    /// What each worker begins with, where partitions are so many that their prefetched batches exceed the budget.
    let prefetchRation: PrefetchRation?
    /// Nanoseconds from the start of the process to the subscription; set by the control thread.
    let subscribedAge = Atomic<Int64>(0)
    private let predictedOnce = Atomic<Bool>(false)
    private let lastIncarnation = Atomic<UInt64>(0)

    init(
        configuration: EngineConfiguration, log: Log, meters: EngineMeters, board: StatusBoard, limits: OutputLimits,
        workerCount: Int, partitionCount: Int, consumer: ConsumerSettings, keepsFreedMemory: Bool
    ) {
        self.configuration = configuration
        self.log = log
        self.meters = meters
        self.board = board
        self.limits = limits
        let shares = MemoryShares(of: configuration.memoryBytes, partitionCount: partitionCount)
        let outputQuota = OutputQuota(bytes: shares.outputs, workerCount: workerCount)
        self.outputQuota = outputQuota
        heapReserve =
            if !keepsFreedMemory {
                nil
            } else if millrace_shares_one_heap(), workerCount == 1 {
                .shared(
                    outputsMax: outputQuota.recordsMax,
                    prefetchedBytes: consumer.usualPrefetchedBytes(configuration.properties),
                    inUse: Int(millrace_heap_bytes_in_use()))
            } else {
                .own(outputsMax: outputQuota.recordsMax)
            }
        prefetchRation = consumer.fetchThresholdIfBatchesExceedMemory(configuration.properties).map { threshold in
            PrefetchRation(threshold: threshold, recordsMax: consumer.prefetchedRecordsMax / workerCount)
        }
    }

    /// A number no living task has: it wraps after 65,536 starts and rewinds, when the old one is long gone.
    func nextIncarnation() -> UInt16 {
        UInt16(truncatingIfNeeded: lastIncarnation.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// Counts a batch whose records are all acknowledged: how long that took from reading on.
    func settled(nanoseconds: Int64) {
        let elapsed = UInt64(clamping: nanoseconds)
        board.latency.withLock { $0.record(elapsed) }
        meters.batchLatency.observe(nanoseconds: elapsed)
    }

    /// Whether the first prediction was made.
    var hasPredicted: Bool { predictedOnce.load(ordering: .relaxed) }

    /// Logs how long the start took, once: of the process, and our own share of it (start to subscription, and from the first
    /// record received, at monotonic `received`, to the first call of the producer).
    func firstPrediction(received: Int64) {
        let now = MonotonicClock.now
        guard !predictedOnce.exchange(true, ordering: .relaxed) else { return }
        let own = subscribedAge.load(ordering: .relaxed) + (now - received)
        log.info(
            "first prediction",
            ["startup_ms": milliseconds(MonotonicClock.processAge), "startup_own_ms": milliseconds(own)])
    }
}

/// What the output topics' brokers accept.
struct OutputLimits: Sendable {
    /// How far before the present a timestamp may lie, in milliseconds.
    private(set) var timestampBeforeMaxMilliseconds = Int64.max
    /// How far behind the present a timestamp may lie, in milliseconds.
    private(set) var timestampAfterMaxMilliseconds = Int64.max
    /// The largest message any of the topics takes, in bytes; `nil` when the cluster does not tell.
    private(set) var messageBytesMax: Int?
    /// The largest batch every one of the topics takes, in bytes; `nil` when the cluster does not tell.
    private(set) var batchBytesMax: Int?
    /// Partitions of the output topics, the fewest of them.
    let outputPartitionCount: Int32
    /// The topic that has so few.
    let narrowestTopic: String

    /// Limits of nothing but the partitions.
    init(outputPartitionCount: Int32, narrowestTopic: String) {
        self.outputPartitionCount = outputPartitionCount
        self.narrowestTopic = narrowestTopic
    }

    /// Takes in what one more topic accepts. Of the sizes the largest counts: it is the client's limit for both topics, and
    /// the broker refuses what is too large for the smaller one.
    mutating func narrow(before: Int64?, after: Int64?, sizeMax: Int?) {
        if let before { timestampBeforeMaxMilliseconds = min(timestampBeforeMaxMilliseconds, before) }
        if let after { timestampAfterMaxMilliseconds = min(timestampAfterMaxMilliseconds, after) }
        if let sizeMax {
            messageBytesMax = max(messageBytesMax ?? 0, sizeMax)
            batchBytesMax = min(batchBytesMax ?? .max, sizeMax)
        }
    }
}

/// Nanoseconds as milliseconds with one decimal, for log fields.
func milliseconds(_ nanoseconds: Int64) -> String {
    let tenths = nanoseconds / 100_000
    return "\(tenths / 10).\(abs(tenths % 10))"
}
