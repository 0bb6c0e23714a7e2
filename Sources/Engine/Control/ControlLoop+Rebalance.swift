internal import Glibc
internal import Kafka
internal import Synchronization
internal import Telemetry

/// Assignment and revocation, inside the consumer's hook. Everything here is short: while the hook runs, librdkafka keeps
/// every partition of the member waiting, moved or not.
extension ControlLoop: RebalanceDelegate {
    /// How long a revoked partition may wait for its outputs.
    private static var revokeDrainNanoseconds: Int64 { 2_000_000_000 }

    func partitionsAssigned(_ partitions: [TopicPartition], in group: ConsumerGroup) -> [TopicPartition: Int64] {
        checkThread()
        suspectGaps()
        commitHold.partitionsAssigned()
        guard let starts = startPositions(of: partitions, in: group) else { return [:] }
        for partition in partitions {
            let position = starts.committed[partition]
            guard let actor = makeActor(for: partition, at: position, in: group) else { continue }
            if let position { actor.handle.update { $0.committedPosition = position } }
            adopt(actor)
            log.info(
                "partition assigned",
                [
                    "topic": partition.topic, "partition": "\(partition.partition)",
                    "position": position.map { "\($0)" } ?? "none", "models": "fresh",
                ])
        }
        return starts.all
    }

    /// librdkafka before 2.1 may skip what it had handed out of a partition that stays while the group was rebalanced.
    private func suspectGaps() {
        for placement in placements.values { placement.handle.mayHaveSkipped.store(true, ordering: .relaxed) }
    }

    /// Puts a task to work.
    func adopt(_ actor: PartitionActor) {
        let handle = actor.handle
        placements[handle.partition] = Placement(handle: handle, worker: actor.worker)
        board.add(handle)
        meters.show(handle.partition, on: board)
        actor.worker.post(.attach(actor))
    }

    func partitionsRevoked(_ partitions: [TopicPartition], in group: ConsumerGroup) {
        checkThread()
        suspectGaps()
        let owned = partitions.filter { placements[$0] != nil }
        drain(owned, deadline: MonotonicClock.now + Self.revokeDrainNanoseconds)
        commitNow(owned, group)
        release(owned)
        if !configuration.properties.usesConsumerProtocol {
            commitHold.partitionsRevoked(isCooperative: group.isCooperative, at: MonotonicClock.now)
        }
    }

    func partitionsLost(_ partitions: [TopicPartition], in group: ConsumerGroup) {
        checkThread()
        suspectGaps()
        commitHold.partitionsLost()
        release(partitions.filter { placements[$0] != nil })
    }

    func rebalanceFinished(hookMilliseconds: Double, kind: RebalanceKind, partitions: [TopicPartition]) {
        meters.rebalance(kind: "\(kind)", milliseconds: hookMilliseconds)
        log.info(
            "rebalance",
            [
                "kind": "\(kind)", "partitions": partitions.map { "\($0.partition)" }.joined(separator: ","),
                "owned": "\(placements.count)", "hook_ms": tenths(hookMilliseconds),
            ])
    }

    /// Where partitions start. Every start is made explicit, so that a position that is gone is an error and not a silent reset.
    private struct Starts {
        /// Positions that the group has committed.
        var committed: [TopicPartition: Int64]
        /// For every partition.
        var all: [TopicPartition: Int64]
    }

    /// Asks for the committed positions, three times; `nil` (and the service stops) when nobody tells. A group that starts at
    /// the end has that end committed at once: it stands wherever the partition goes next.
    private func startPositions(of partitions: [TopicPartition], in group: ConsumerGroup) -> Starts? {
        for attempt in 1...3 {
            do throws(KafkaError) {
                var committed = try group.committed(partitions, timeout: .seconds(5))
                let open = partitions.filter { committed[$0] == nil }
                if configuration.start == .latest, !open.isEmpty {
                    var ends: [TopicPartition: Int64] = [:]
                    for partition in open {
                        ends[partition] = try group.queryWatermarks(partition, timeout: .seconds(5)).high
                    }
                    try group.commitAndWait(ends, timeout: .seconds(5))
                    committed.merge(ends) { known, _ in known }
                }
                var all = committed
                for partition in partitions where all[partition] == nil { all[partition] = ConsumerGroup.beginning }
                return Starts(committed: committed, all: all)
            } catch {
                log.warning("committed positions unknown", ["attempt": "\(attempt)", "reason": error.message])
                if attempt == 3 || error.isAuthorization {
                    fail(EngineError(error, during: "asking for the committed positions of \(configuration.groupID)"))
                    return nil
                }
            }
        }
        return nil
    }

    private func leastLoadedWorker() -> Worker {
        var loads = [Int](repeating: 0, count: workers.count)
        for placement in placements.values { loads[placement.worker.index] += 1 }
        var best = 0
        for index in loads.indices where loads[index] < loads[best] { best = index }
        return workers[best]
    }

    /// A task for `partition`, with its queue open: only inside the assign hook, or between unassigning and assigning.
    func makeActor(for partition: TopicPartition, at position: Int64?, in group: ConsumerGroup) -> PartitionActor? {
        guard hasOutput(for: partition.partition, in: group) else { return nil }
        let handle = PartitionHandle(partition: partition, now: MonotonicClock.now)
        let worker = leastLoadedWorker()
        do {
            let task = try TaskState(configuration: configuration, handle: handle, context: context, at: position)
            let queue = try group.openQueue(partition) {
                handle.isReady.store(true, ordering: .releasing)
                worker.wake()
            }
            return PartitionActor(worker: worker, handle: handle, task: task, queue: queue, context: context)
        } catch {
            fail(EngineError(.failed, "task of \(partition): \(error)"))
            return nil
        }
    }

    /// Whether every output topic has the partition. The input may have grown since the start, and the outputs with it.
    private func hasOutput(for partition: Int32, in group: ConsumerGroup) -> Bool {
        if partition < context.limits.outputPartitionCount { return true }
        for topic in configuration.outputTopics {
            let count = (try? group.metadata(topic: topic, timeout: .seconds(5)).partitions.count) ?? 0
            if let error = EngineError.missing(partition, in: topic, of: count, configuration) {
                fail(error)
                return false
            }
        }
        return true
    }

    /// Stops reading of `partitions` and waits until all they produced is delivered, or the deadline.
    func drain(_ partitions: [TopicPartition], deadline: Int64) {
        let waiting = partitions.compactMap { placements[$0] }.map { placement in
            let done = Doorbell()
            placement.worker.post(.drain(placement.handle, done: done))
            return (placement, done)
        }
        for (placement, done) in waiting {
            if !done.wait(nanoseconds: max(0, deadline - MonotonicClock.now)) {
                log.warning(
                    "outputs still in flight after the deadline; they will be repeated",
                    [
                        "partition": "\(placement.handle.partition.partition)",
                        "in_flight": "\(placement.handle.progress.inFlight)",
                    ])
            }
        }
    }

    /// Takes tasks away from their workers; when this returns nobody reads their queues or produces for them.
    func release(_ partitions: [TopicPartition]) {
        let waiting = partitions.compactMap { placements[$0] }.map { placement in
            let done = Doorbell()
            placement.worker.post(.detach(placement.handle, done: done))
            return (placement, done)
        }
        for (placement, done) in waiting {
            // A worker turns at least every 100 ms; one that does not is stuck in a model, and must not write any more.
            var patience = 6
            while !done.wait(nanoseconds: 5_000_000_000) {
                log.error("a worker does not answer", ["worker": "\(placement.worker.index)"])
                patience -= 1
                // It must not write for a partition that is gone, and nothing else can keep it from doing so.
                if patience == 0 { exit(70) }
            }
            placements[placement.handle.partition] = nil
            board.remove(placement.handle.partition)
            pendingRewinds.remove(placement.handle)
        }
    }
}

/// One decimal, for log fields.
func tenths(_ value: Double) -> String {
    let scaled = (value * 10).rounded()
    guard scaled.magnitude < 1e15 else { return "\(value)" }
    return "\(scaled / 10)"
}
