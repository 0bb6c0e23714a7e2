internal import CLinux
internal import Kafka
internal import Synchronization
internal import Telemetry

/// The one thread that talks to the consumer: it polls the group, answers rebalances, commits, sets partitions back, watches
/// progress and decides when to stop. It never waits without a deadline.
///
/// Unchecked sendable by this rule: everything but the atomics is touched by the thread that calls ``run()`` alone;
/// rebalance callbacks arrive on that thread too, inside `poll`, and check it.
final class ControlLoop: @unchecked Sendable {
    let configuration: EngineConfiguration
    let log: Log
    let meters: EngineMeters
    let board: StatusBoard
    let context: WorkerContext
    let stopper: StopSwitch
    var workers: [Worker] = []
    /// Which worker has which task.
    var placements: [TopicPartition: Placement] = [:]
    /// Rewinds that wait for their time.
    var pendingRewinds = PendingRewinds()
    let inputPartitionCount: Int
    /// The end offsets of all input partitions, read at the start, with `exitsAtEnd`.
    var endOffsets: [Int32: Int64] = [:]
    var failure: EngineError?
    var nextSecondAt: Int64
    /// What the commit that waits for its answer says; one at a time, so that an older one cannot overtake a newer one.
    var commitInFlight: [TopicPartition: Int64]?
    /// When the next commit is due.
    var commitPace: CommitPace
    /// Whether commits wait because of a rebalance.
    var commitHold = CommitHold()
    /// When partitions of other members are asked for next, with `exitsAtEnd`.
    var nextForeignCheckAt: Int64 = 0
    /// Wake-ups of leaders counted so far.
    var wakeUpsSeen = 0
    private var threads: [OwnThread] = []
    private let ownThread = millrace_thread_token()

    /// Where a task runs.
    struct Placement {
        let handle: PartitionHandle
        let worker: Worker
    }

    /// A loop over a prepared cluster; ``run()`` runs it on the calling thread, which must be the one that made it.
    init(
        configuration: EngineConfiguration, log: Log, meters: EngineMeters, board: StatusBoard,
        cluster: PreparedCluster, workerCount: Int, keepsFreedMemory: Bool, stopper: StopSwitch
    ) {
        self.configuration = configuration
        self.log = log
        self.meters = meters
        self.board = board
        self.stopper = stopper
        context = WorkerContext(
            configuration: configuration, log: log, meters: meters, board: board, limits: cluster.limits,
            workerCount: workerCount, partitionCount: Int(cluster.inputPartitionCount),
            consumer: cluster.consumerSettings(configuration), keepsFreedMemory: keepsFreedMemory)
        endOffsets = cluster.endOffsets
        inputPartitionCount = Int(cluster.inputPartitionCount)
        commitPace = CommitPace(interval: configuration.commitInterval, now: MonotonicClock.now)
        nextSecondAt = MonotonicClock.now
        workers = (0..<workerCount).map { Worker(index: $0, context: context) }
    }

    /// Checks the rule of the class.
    func checkThread() { precondition(millrace_thread_token() == ownThread, "the control loop belongs to one thread") }

    /// Runs until stopped, at the end, or an error; then drains, commits and closes. The summary's snapshot is taken when all is
    /// committed and the tasks are still there.
    func run(_ group: ConsumerGroup, snapshot: () -> EngineSnapshot) throws(EngineError) -> RunSummary {
        checkThread()
        threads = workers.map { $0.start() }
        var reachedEnd = false
        do throws(KafkaError) {
            try group.subscribe([configuration.inputTopic])
        } catch {
            failure = EngineError(error, during: "subscribing to \(configuration.inputTopic)")
        }
        context.subscribedAge.store(MonotonicClock.processAge, ordering: .relaxed)
        board.isSubscribed = true
        while failure == nil, !stopper.isStopping {
            turn(group)
            if configuration.exitsAtEnd, hasReachedEnd(group) {
                reachedEnd = true
                break
            }
        }
        board.isDraining = true
        log.info("stopping", ["reason": failure?.message ?? (reachedEnd ? "end of the input" : "requested")])
        drain(Array(placements.keys), deadline: MonotonicClock.now + 15_000_000_000)
        commitAtEnd(group)
        let summary = RunSummary(snapshot: snapshot(), reachedEnd: reachedEnd)
        close(group)
        if let failure { throw failure }
        return summary
    }

    private func turn(_ group: ConsumerGroup) {
        for event in group.poll(timeout: .milliseconds(50)) { handle(event, of: group) }
        let now = MonotonicClock.now
        board.controlHeartbeat.store(now, ordering: .relaxed)
        for request in context.mailbox.take() { handle(request, of: group, now: now) }
        performDueRewinds(group, now: now)
        commitWhatIsDue(group, now: now)
        if now >= nextSecondAt {
            nextSecondAt = now + 1_000_000_000
            refreshWatermarks(group)
        }
    }

    private func handle(_ event: GroupEvent, of group: ConsumerGroup) {
        switch event {
        case .error(let error):
            meters.kafkaError(error)
            if error.isAuthorization || error.isAuthentication {
                fail(EngineError(error, during: "consuming \(configuration.inputTopic)"))
            } else if error.isFatal {
                fail(EngineError(error, during: "consuming \(configuration.inputTopic)"))
            } else {
                log.warning("consumer error", ["code": error.code.name, "reason": error.message])
            }
        case .commitFinished(let error, let offsets):
            commitFinished(error, offsets)
        default:
            break
        }
    }

    private func handle(_ request: ControlRequest, of group: ConsumerGroup, now: Int64) {
        switch request {
        case .rewind(let rewind):
            pendingRewinds.add(rewind)
        case .positionMissing(let handle, let error, let after):
            if after > now {
                context.mailbox.post(request)
            } else {
                positionMissing(handle, error, group, now: now)
            }
        case .fail(let error):
            fail(error)
        }
    }

    /// Keeps the first reason to stop.
    func fail(_ error: EngineError) {
        if failure == nil { failure = error }
    }

    /// Gives up the tasks, ends the workers, leaves the group. Each step has a deadline.
    private func close(_ group: ConsumerGroup) {
        release(Array(placements.keys))
        for worker in workers { worker.post(.stop) }
        for thread in threads { thread.join() }
        if !group.close(deadline: .now + .seconds(10)) { log.warning("the consumer did not close in time") }
    }
}
