internal import CLinux
internal import Kafka
internal import Synchronization
internal import Telemetry

/// What the control thread asks of a worker.
enum WorkerCommand: Sendable {
    /// Take over a task.
    case attach(PartitionActor)
    /// Read no more for the task; ring `done` when all it produced is delivered. Repeats are harmless.
    case drain(PartitionHandle, done: Doorbell)
    /// Drop the task, close its queue, ring `done`.
    case detach(PartitionHandle, done: Doorbell)
    /// The consumer was set to the position that the task's request `serial` named: read on, if that was the newest.
    case resume(PartitionHandle, serial: UInt64)
    /// End the thread; no task is left.
    case stop
}

/// One thread that owns partitions and one producer: it drains their queues, runs their actors and settles deliveries.
///
/// It is the serial executor of its partition actors, and enters them from its own loop (``ActorEntry``): a batch costs
/// no hop. Everything that crosses threads is a command, a doorbell or a partition's progress.
///
/// A worker never waits for a broker. A partition whose output is slow keeps its quota of records in flight and is passed
/// over until some of them are acknowledged; the others go on.
final class Worker: SerialExecutor, Sendable {
    private let bell = WorkerBell()
    private let commands = Mutex<[WorkerCommand]>([])
    private let jobs = Mutex<[UnownedJob]>([])
    private let threadToken = Atomic<UInt64>(0)
    private let heartbeat: Atomic<Int64>
    private let shared: WorkerContext
    let index: Int

    /// A worker that is not running yet; ``start()`` runs it.
    init(index: Int, context: WorkerContext) {
        self.index = index
        shared = context
        heartbeat = Atomic(MonotonicClock.now)
    }

    /// Starts the thread. It ends after ``WorkerCommand/stop``.
    func start() -> OwnThread { OwnThread(name: "worker-\(index)") { self.run() } }

    /// Monotonic time at which the loop last came round; it does so at least every 100 ms unless it is stuck.
    var lastHeartbeat: Int64 { heartbeat.load(ordering: .relaxed) }

    /// Hands over a command; it is taken up at the next turn of the loop.
    func post(_ command: WorkerCommand) {
        commands.withLock { $0.append(command) }
        bell.ring()
    }

    /// Makes the worker look at its queues; any thread may call it.
    func wake() { bell.ring() }

    /// Delivery reports have come; see ``WorkerBell``.
    func wakeForReports() { bell.ringForReports() }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        bell.ring()
    }

    func isIsolatingCurrentContext() -> Bool? { threadToken.load(ordering: .relaxed) == millrace_thread_token() }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "a partition actor was entered from another thread")
    }

    // MARK: Loop

    private func run() {
        threadToken.store(millrace_thread_token(), ordering: .relaxed)
        var loop: WorkerLoop
        do {
            loop = try WorkerLoop(context: shared, worker: self)
        } catch {
            shared.mailbox.post(.fail(error))
            return refuseEverything()
        }
        while true {
            heartbeat.store(MonotonicClock.now, ordering: .relaxed)
            for job in takeJobs() { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
            if loop.obey(takeCommands()) { break }
            let isBusy = loop.turn()
            if !isBusy { bell.rest(letsReportsWait: loop.letsReportsWait) }
        }
        loop.close()
    }

    /// Without a producer there is nothing to do but to answer, so that nobody waits for this worker.
    private func refuseEverything() {
        while true {
            for command in takeCommands() {
                switch command {
                case .drain(_, let done), .detach(_, let done): done.ring()
                case .attach, .resume: break
                case .stop: return
                }
            }
            bell.rest(letsReportsWait: false)
        }
    }

    private func takeCommands() -> [WorkerCommand] {
        commands.withLock { waiting in
            if waiting.isEmpty { return [] }
            let taken = waiting
            waiting = []
            return taken
        }
    }

    private func takeJobs() -> [UnownedJob] {
        jobs.withLock { waiting in
            if waiting.isEmpty { return [] }
            let taken = waiting
            waiting = []
            return taken
        }
    }
}
