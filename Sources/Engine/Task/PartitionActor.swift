internal import Kafka
internal import Synchronization
internal import Telemetry

/// Owns one task: its state, its queue, and what is left of a batch that has to wait. Pinned to its worker's thread.
///
/// Life: reading ⇄ checking a gap or set back (a delivery failed), which wait for the consumer → draining (revoked or stopping)
/// → gone; see ``ReadingState``.
actor PartitionActor {
    /// What one turn amounted to.
    enum Turn: Sendable {
        /// Nothing to read.
        case idle
        /// Something was processed; there may be more.
        case worked
        /// Something was processed until the quota of records in flight or the producer was full.
        case stopped
        /// There is something to read, but the quota of records in flight, the producer or the ration of prefetched records is full.
        case blocked
        /// The worker's producer is at its end.
        case producerFailed(KafkaError)
    }

    nonisolated let worker: Worker
    nonisolated let handle: PartitionHandle
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe worker.asUnownedSerialExecutor() }
    private let context: WorkerContext
    private var task: TaskState
    private var queue: PartitionQueue?
    private var reading = ReadingState()
    private var waiting: MessageBatch?
    private var waitingIndex = 0
    private var setBacksInARow = 0
    private var prefetched = PrefetchRation.Share()
    /// The worker's tools and the arguments of its calls; set when the worker takes the task over.
    var station: WorkerStation?

    init(
        worker: Worker, handle: PartitionHandle, task: consuming TaskState, queue: consuming PartitionQueue,
        context: WorkerContext
    ) {
        self.worker = worker
        self.handle = handle
        self.task = task
        self.queue = consume queue
        self.context = context
    }

    /// The incarnation under which records are produced now.
    var incarnation: UInt16 { task.incarnation }

    // MARK: Reading

    /// What ``turn(_:_:recordsMax:bytesMax:now:)`` says, with what the worker laid out.
    func turn() -> Turn {
        guard let station else { return .idle }
        return turn(
            &station.tools, &station.batch, &station.ration, recordsMax: station.recordsMax,
            bytesMax: station.bytesMax, now: station.now)
    }

    /// What ``delivered(_:count:now:)`` does, with what the worker laid out.
    func settle() {
        guard let station else { return }
        delivered(station.token, count: station.count, now: station.now)
    }

    /// Reads and processes one batch, or goes on with the one that waits. `recordsMax` and `bytesMax` bound what this task may have in flight.
    func turn(
        _ tools: inout WorkerTools, _ batch: inout MessageBatch, _ ration: inout PrefetchRation?, recordsMax: Int,
        bytesMax: Int, now: Int64
    ) -> Turn {
        let room = recordsMax - task.ledger.inFlight
        guard reading.isReading, room > 0 else {
            task.publishFigures(now: now)
            ration?.passOver(&prefetched, now: now)
            return reading.isReading ? .blocked : .idle
        }
        if var held = waiting.take() {
            ration?.passOver(&prefetched, now: now)
            let turn = process(&held, from: waitingIndex, &tools, bytesMax: bytesMax, now: now)
            held.releaseAll()
            tools.spare = consume held
            return turn
        }
        guard handle.isReady.exchange(false, ordering: .acquiring) else {
            ration?.passOver(&prefetched, now: now)
            return .idle
        }
        let wanted = min(room, batch.capacity)
        let allowed = ration?.allowance(&prefetched, length: queue?.length ?? 0, wanted: wanted, now: now) ?? wanted
        guard allowed > 0 else {
            handle.isReady.store(true, ordering: .relaxed)
            task.publishFigures(now: now)
            return .blocked
        }
        queue?.drain(into: &batch, upTo: allowed)
        guard batch.count > 0 else {
            task.publishFigures(now: nil)
            return .idle
        }
        // The callback comes only when an empty queue becomes non-empty, so look again until it was seen empty.
        handle.isReady.store(true, ordering: .relaxed)
        let turn = process(&batch, from: 0, &tools, bytesMax: bytesMax, now: now)
        batch.releaseAll()
        return turn
    }

    private func process(
        _ batch: inout MessageBatch, from first: Int, _ tools: inout WorkerTools, bytesMax: Int, now: Int64
    ) -> Turn {
        let end = task.process(&batch, from: first, with: &tools, bytesMax: bytesMax, now: now)
        if !context.hasPredicted, task.counts.predicted > 0 { context.firstPrediction(received: now) }
        publishProgress(now)
        switch end {
        case .done:
            return .worked
        case .waits(let index):
            waitingIndex = index
            var fresh = tools.spare.take() ?? MessageBatch(capacity: batch.capacity)
            swap(&batch, &fresh)
            waiting = consume fresh
            if let error = tools.producerFailure {
                tools.producerFailure = nil
                return .producerFailed(error)
            }
            return index > first ? .stopped : .blocked
        case .fails(let error):
            reading.drain()
            context.mailbox.post(.fail(error))
            return .idle
        case .positionMissing(let error):
            reading.drain()
            context.mailbox.post(.positionMissing(handle, error, after: now))
            return .idle
        case .suspectsGap:
            return checkGap(now)
        }
    }

    /// Records may have been skipped by the client: read them once more from where the task is. Nothing is redone.
    private func checkGap(_ now: Int64) -> Turn {
        let position = task.ledger.readPosition
        context.log.info(
            "offsets are missing after a rebalance; they are asked for once more",
            ["partition": "\(task.partition.partition)", "position": "\(position)"])
        context.mailbox.post(
            .rewind(RewindRequest(handle: handle, serial: reading.checkGap(), position: position, after: now)))
        return .worked
    }

    // MARK: Deliveries

    /// `count` records from `token` on are acknowledged. `now` is monotonic.
    func delivered(_ token: DeliveryToken, count: Int, now: Int64) {
        let openedAt = task.ledger.delivered(token, count: count)
        setBacksInARow = 0
        context.meters.deliveries.add(UInt64(count))
        if let openedAt {
            context.settled(nanoseconds: now - openedAt)
            task.forgetSettledTreatments()
        }
        publishProgress(now)
    }

    /// Records from `token` on were refused for good: they are treated otherwise when they come round again.
    func refused(_ token: DeliveryToken, count: Int, _ error: KafkaError) {
        let first = task.ledger.offset(of: token)
        for offset in first..<first + Int64(count) { task.noteRefusal(of: offset, error) }
    }

    /// Whether anything is outstanding: only then does a failed producer concern the task.
    var hasRecordsInFlight: Bool { task.ledger.inFlight > 0 }

    /// Takes another incarnation, because another task of the worker has the same.
    func renewIncarnation() -> UInt16 {
        task.incarnation = context.nextIncarnation()
        return task.incarnation
    }

    /// Forgets what is outstanding and asks the control thread to set the reading back. At most once until ``resume(_:)``.
    func setBack(because error: KafkaError, now: Int64) {
        let setback = reading.deliveryFailed()
        guard setback != .known else { return }
        waiting = nil
        task.setBack()
        guard case .ledgerAndConsumer(let serial) = setback else { return publishProgress(now) }
        let delay: Int64 = error.isRecordRefused ? 0 : min(100_000_000 << Int64(min(setBacksInARow, 6)), 5_000_000_000)
        setBacksInARow += 1
        context.meters.partitionRestarts.add()
        context.log.warning(
            "outputs failed; the partition is redone from its last delivered position",
            [
                "partition": "\(task.partition.partition)", "position": "\(task.ledger.deliveredPosition)",
                "code": error.code.name, "reason": error.message,
            ])
        let position = max(0, task.ledger.deliveredPosition)
        context.mailbox.post(
            .rewind(RewindRequest(handle: handle, serial: serial, position: position, after: now + delay)))
        publishProgress(now)
    }

    /// The consumer was set as the request `serial` said: read on, unless something was asked since.
    func resume(_ serial: UInt64) {
        guard reading.resume(serial) else { return }
        handle.isReady.store(true, ordering: .relaxed)
    }

    // MARK: End

    /// Reads no more; what waits unprocessed is dropped, it was never taken.
    func drain() {
        reading.drain()
        waiting = nil
        task.publishFigures(now: nil)
    }

    /// Gives everything of librdkafka's back: the partition goes to somebody else.
    func close() {
        drain()
        queue = nil
        station?.ration?.release(&prefetched)
    }

    /// Whether nothing is outstanding, so that a drained task may be committed and given up.
    var isSettled: Bool { task.ledger.isSettled }

    private func publishProgress(_ now: Int64) {
        var counts = task.counts
        counts.unknownCategories = task.scorer.takeUnknownCategories()
        task.counts = BatchCounts()
        context.meters.add(counts, expectsLabels: task.expectsLabels)
        let (delivered, read) = (task.ledger.deliveredPosition, task.ledger.readPosition)
        let (inFlight, end) = (task.ledger.inFlight, task.endOfPartition)
        handle.update { progress in
            // Only new ground is progress: a task that is set back again and again stands still.
            if delivered > progress.deliveredPosition || read > progress.furthestReadPosition {
                progress.lastProgressAt = now
            }
            progress.furthestReadPosition = max(progress.furthestReadPosition, read)
            progress.deliveredPosition = delivered
            progress.readPosition = read
            progress.inFlight = inFlight
            progress.endOfPartition = end
            progress.predictedCount += counts.predicted
        }
        if counts.learned > 0 { task.figuresArePublished = false }
        task.publishFigures(now: now)
    }
}
