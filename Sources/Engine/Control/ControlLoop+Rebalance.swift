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
        let known = committedPositions(of: partitions, in: group)
        let committed = known ?? [:]
        for partition in partitions {
            let position = committed[partition]
            let handle = PartitionHandle(partition: partition, now: MonotonicClock.now)
            if let position { handle.update { $0.committedPosition = position } }
            let worker = leastLoadedWorker()
            guard let actor = makeActor(handle, on: worker, at: position, in: group) else { continue }
            placements[partition] = Placement(handle: handle, worker: worker)
            board.add(handle)
            meters.show(partition, on: board)
            worker.post(.attach(actor))
            log.info(
                "partition assigned",
                [
                    "topic": partition.topic, "partition": "\(partition.partition)",
                    "position": position.map { "\($0)" } ?? "none", "models": "fresh",
                ])
        }
        guard known != nil else { return [:] }
        let beginning = configuration.start == .latest ? ConsumerGroup.end : ConsumerGroup.beginning
        return Dictionary(uniqueKeysWithValues: partitions.map { ($0, committed[$0] ?? beginning) })
    }

    func partitionsRevoked(_ partitions: [TopicPartition], in group: ConsumerGroup) {
        checkThread()
        let owned = partitions.filter { placements[$0] != nil }
        drain(owned, deadline: MonotonicClock.now + Self.revokeDrainNanoseconds)
        commitNow(owned, group)
        release(owned)
    }

    func partitionsLost(_ partitions: [TopicPartition], in group: ConsumerGroup) {
        checkThread()
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

    /// A start at the committed position is made explicit, so that a position that is gone is an error and not a silent reset.
    private func committedPositions(of partitions: [TopicPartition], in group: ConsumerGroup) -> [TopicPartition:
        Int64]?
    {
        do throws(KafkaError) {
            return try group.committed(partitions, timeout: .seconds(5))
        } catch {
            log.warning("committed positions unknown, the broker decides", ["reason": error.message])
            return nil
        }
    }

    private func leastLoadedWorker() -> Worker {
        var loads = [Int](repeating: 0, count: workers.count)
        for placement in placements.values { loads[placement.worker.index] += 1 }
        var best = 0
        for index in loads.indices where loads[index] < loads[best] { best = index }
        return workers[best]
    }

    private func makeActor(
        _ handle: PartitionHandle, on worker: Worker, at position: Int64?, in group: ConsumerGroup
    ) -> PartitionActor? {
        guard handle.partition.partition < context.limits.outputPartitionCount else {
            fail(
                .fewerPartitions(
                    topic: configuration.outputTopic, has: context.limits.outputPartitionCount,
                    input: configuration.inputTopic, needs: handle.partition.partition + 1))
            return nil
        }
        do {
            let task = try TaskState(
                configuration: configuration, partition: handle.partition, context: context, at: position)
            let queue = try group.openQueue(handle.partition) {
                handle.isReady.store(true, ordering: .releasing)
                worker.wake()
            }
            return PartitionActor(worker: worker, handle: handle, task: task, queue: queue, context: context)
        } catch {
            fail(EngineError(.failed, "task of \(handle.partition): \(error)"))
            return nil
        }
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
            while !done.wait(nanoseconds: 5_000_000_000) {
                log.error("a worker does not answer", ["worker": "\(placement.worker.index)"])
            }
            placements[placement.handle.partition] = nil
            board.remove(placement.handle.partition)
            pendingRewinds.removeAll { $0.handle === placement.handle }
        }
    }
}

/// One decimal, for log fields.
func tenths(_ value: Double) -> String {
    let scaled = (value * 10).rounded()
    guard scaled.magnitude < 1e15 else { return "\(value)" }
    return "\(scaled / 10)"
}
