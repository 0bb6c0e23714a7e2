internal import Kafka
internal import Telemetry

/// The state of one worker's thread: its producer, its tasks, the buffers they share. Lives on that thread alone.
struct WorkerLoop: ~Copyable {
    /// Records taken from one partition's queue at a time: few enough that they stay in the cache.
    private static let batchCapacity = 1024
    /// One partition's batches in a row: they fill the producer's requests.
    private static let batchesInARow = 4
    /// The most records of one task before the next has its turn.
    static let recordsInARow = batchCapacity * batchesInARow

    private struct Draining {
        let actor: PartitionActor
        let done: Doorbell
    }

    private let takeTurn = ActorEntry { $0.turn() }
    private let settle = ActorEntry { $0.settle() }
    private let context: WorkerContext
    private unowned let worker: Worker
    private let station: WorkerStation
    private var runs: DeliveryRuns
    private var actors: [PartitionActor] = []
    private var byIncarnation: [UInt16: PartitionActor] = [:]
    private var draining: [Draining] = []
    private var firstInTurn = 0
    private var patience = ReportPatience()
    /// Until it is taken, at the first backlog.
    private var heapReserve: HeapReserve?
    /// Something failed: look whether it was for good. Asking librdkafka takes a lock.
    private var sawFailure = false
    /// Tasks whose outputs failed, in the reports being settled.
    private var failed: [Failed] = []

    init(context: WorkerContext, worker: Worker) throws(EngineError) {
        self.context = context
        self.worker = worker
        station = WorkerStation(
            tools: try WorkerTools(context: context, worker: worker), batchCapacity: Self.batchCapacity,
            ration: context.prefetchRation)
        runs = DeliveryRuns()
        heapReserve = context.heapReserve
    }

    /// Whether delivery reports may wait for the next event.
    var letsReportsWait: Bool { patience.letsReportsWait(at: MonotonicClock.now) }

    // MARK: Commands

    /// Carries out commands; true when the thread should end.
    mutating func obey(_ commands: [WorkerCommand]) -> Bool {
        for command in commands {
            switch command {
            case .attach(let actor):
                let station = station
                actor.assumeIsolated { $0.station = station }
                actors.append(actor)
                file(actor)
            case .drain(let handle, let done):
                guard let actor = actors.first(where: { $0.handle === handle }) else {
                    done.ring()
                    continue
                }
                actor.assumeIsolated { $0.drain() }
                draining.append(Draining(actor: actor, done: done))
            case .detach(let handle, let done):
                for actor in actors where actor.handle === handle { actor.assumeIsolated { $0.close() } }
                actors.removeAll { $0.handle === handle }
                byIncarnation = byIncarnation.filter { $0.value.handle !== handle }
                draining.removeAll { $0.actor.handle === handle }
                done.ring()
            case .resume(let handle, let serial):
                actors.first { $0.handle === handle }?.assumeIsolated { $0.resume(serial) }
            case .stop:
                return true
            }
        }
        return false
    }

    // MARK: One turn

    /// Settles deliveries, gives every task its batches and settles between them; says whether anything was done.
    mutating func turn() -> Bool {
        let hasReports = settleDeliveries()
        var hasInput = false
        var isBlocked = false
        let start = MonotonicClock.now
        var now = start
        station.tools.timestampLimits = TimestampLimits(context.limits, now: WallClock.milliseconds)
        station.ration?.partitionCount = actors.count
        let share = max(1, actors.count)
        let quota = context.outputQuota
        let (recordsMax, bytesMax) = (max(1, quota.recordsMax / share), quota.bytesMax / share)
        for step in 0..<actors.count {
            let actor = actors[(firstInTurn + step) % actors.count]
            var hasWorked = false
            batches: for _ in 0..<Self.batchesInARow {
                let end = turn(of: actor, recordsMax, bytesMax, now)
                switch end {
                case .idle:
                    break batches
                case .blocked:
                    isBlocked = true
                    break batches
                case .worked, .stopped:
                    hasWorked = true
                    // What is answered gives its memory back while that is still in the cache.
                    let isDue = station.tools.producer.producedSinceDrain >= Self.batchCapacity
                    if isDue { heapReserve.take()?.growHeap() }
                    let isSettled = isDue && settleDeliveries()
                    if isSettled { now = MonotonicClock.now }
                    if case .stopped = end, !isSettled { break batches }
                case .producerFailed(let error) where error.isUnknownPartition:
                    refreshMetadata()
                    break batches
                case .producerFailed(let error):
                    replaceProducer(because: error, now: now)
                    return true
                }
            }
            hasInput = hasInput || hasWorked
        }
        firstInTurn = actors.isEmpty ? 0 : (firstInTurn + 1) % actors.count
        answerDrained()
        patience.turned(at: start, hadInput: hasInput, needsReports: isBlocked || !draining.isEmpty)
        return hasReports || hasInput
    }

    private mutating func turn(
        of actor: PartitionActor, _ recordsMax: Int, _ bytesMax: Int, _ now: Int64
    ) -> PartitionActor.Turn {
        station.recordsMax = recordsMax
        station.bytesMax = bytesMax
        station.now = now
        return takeTurn(actor)
    }

    // MARK: Deliveries

    /// Applies all delivery reports there are; false when there were none.
    private mutating func settleDeliveries() -> Bool {
        station.tools.producer.drainDeliveries(into: &runs)
        let isBusy = runs.count > 0
        if isBusy {
            let now = MonotonicClock.now
            for index in 0..<runs.count { settle(runs[index], now: now) }
        }
        let lacksPartition = failed.contains { $0.error.isUnknownPartition }
        setBackFailed()
        if lacksPartition { refreshMetadata() }
        for error in station.tools.producer.takeErrors() { connectionFailed(error) }
        if sawFailure {
            sawFailure = false
            if let error = station.tools.producer.fatalError {
                replaceProducer(because: error, now: MonotonicClock.now)
                return true
            }
        }
        return isBusy
    }

    private mutating func settle(_ run: DeliveryRun, now: Int64) {
        let token = DeliveryToken(rawValue: run.firstToken)
        guard let actor = byIncarnation[token.incarnation] else { return }
        let count = run.count
        guard let error = run.error else {
            station.token = token
            station.count = count
            station.now = now
            return settle(actor)
        }
        sawFailure = true
        context.meters.deliveryFailure(error, count: count)
        if error.isRecordRefused { actor.assumeIsolated { $0.refused(token, count: count, error) } }
        failed.append(Failed(actor: actor, error: error))
    }

    private struct Failed {
        let actor: PartitionActor
        let error: KafkaError
    }

    /// Sets back the tasks whose outputs failed, when all reports that were there have been seen: a broker answers for a whole
    /// request, and which of its records is to blame may stand in another run.
    private mutating func setBackFailed() {
        guard !failed.isEmpty else { return }
        let all = failed
        failed.removeAll()
        let now = MonotonicClock.now
        for entry in all where actors.contains(where: { $0 === entry.actor }) {
            setBack(entry.actor, because: entry.error, now: now)
            if entry.error.isAuthorization || entry.error.isAuthentication {
                context.mailbox.post(.fail(EngineError(entry.error, during: "producing")))
            }
        }
    }

    private mutating func setBack(_ actor: PartitionActor, because error: KafkaError, now: Int64) {
        let before = actor.assumeIsolated { $0.incarnation }
        actor.assumeIsolated { $0.setBack(because: error, now: now) }
        refile(actor, from: before)
    }

    /// What the producer's connections report: refused credentials end the service, the rest passes or shows in deliveries.
    private mutating func connectionFailed(_ error: KafkaError) {
        context.meters.kafkaError(error)
        if error.isFatal { sawFailure = true }
        guard error.isAuthentication || error.isAuthorization else {
            return context.log.warning("producer error", ["code": error.code.name, "reason": error.message])
        }
        context.mailbox.post(.fail(EngineError(error, during: "producing to \(context.configuration.outputTopic)")))
    }

    /// The outputs may have got partitions since the producer looked: the tasks that met one try again with what the cluster says
    /// now. Where a partition really is missing the service ends, as at its start.
    private mutating func refreshMetadata() {
        let last = actors.map(\.handle.partition.partition).max() ?? 0
        for topic in context.configuration.outputTopics {
            do throws(KafkaError) {
                let count = try station.tools.producer.refreshMetadata(topic: topic, timeout: .seconds(1)).partitions
                    .count
                if let error = EngineError.missing(last, in: topic, of: count, context.configuration) {
                    context.mailbox.post(.fail(error))
                }
            } catch {
                connectionFailed(error)
            }
        }
    }

    /// Files a task that was set back under its new incarnation: reports of the old one are nobody's from here on.
    private mutating func refile(_ actor: PartitionActor, from old: UInt16) {
        let new = actor.assumeIsolated { $0.incarnation }
        guard old != new else { return }
        byIncarnation[old] = nil
        file(actor)
    }

    /// Files a task under its incarnation; the numbers come round, so one that another task of ours has is passed over.
    private mutating func file(_ actor: PartitionActor) {
        var incarnation = actor.assumeIsolated { $0.incarnation }
        while byIncarnation[incarnation] != nil { incarnation = actor.assumeIsolated { $0.renewIncarnation() } }
        byIncarnation[incarnation] = actor
    }

    /// After a fatal error: a new producer, and every task redone from its last delivered position.
    private mutating func replaceProducer(because error: KafkaError, now: Int64) {
        context.log.error(
            "the producer failed for good and is replaced", ["code": error.code.name, "reason": error.message])
        sawFailure = false
        if !station.tools.producer.close(deadline: .now + .seconds(5)) {
            context.log.warning("the failed producer did not close in time")
        }
        for actor in actors where actor.assumeIsolated({ $0.hasRecordsInFlight }) {
            setBack(actor, because: error, now: now)
        }
        do throws(EngineError) {
            station.tools = try WorkerTools(context: context, worker: worker)
        } catch {
            context.mailbox.post(.fail(error))
        }
    }

    // MARK: End

    private mutating func answerDrained() {
        guard !draining.isEmpty else { return }
        draining.removeAll { entry in
            guard entry.actor.assumeIsolated({ $0.isSettled }) else { return false }
            entry.done.ring()
            return true
        }
    }

    /// Ends the producer; what is still in flight has been given up by the control thread.
    mutating func close() {
        if !station.tools.producer.close(deadline: .now + .seconds(5)) {
            context.log.warning("the producer did not close in time")
        }
    }
}
