internal import Kafka
internal import Learning
internal import Synchronization
internal import Telemetry

/// What a running engine tells observers. Any thread may ask; it costs a few locks a partition.
extension Engine {
    /// The state at this moment.
    public func snapshot() -> EngineSnapshot {
        let now = MonotonicClock.now
        let handles = board.handles
        let (p50, p99): (UInt64?, UInt64?) = board.latency.withLock { histogram in
            histogram.count == 0 ? (nil, nil) : (histogram.percentile(50), histogram.percentile(99))
        }
        var partitions: [EngineSnapshot.Partition] = []
        for handle in handles {
            let progress = handle.progress
            partitions.append(partition(handle, progress, now: now))
        }
        let models = configuration.models.enumerated().map { index, specification in
            let metrics = board.mergedMetrics(ofModel: index)
            return EngineSnapshot.Model(
                name: specification.name, scored: metrics?.count ?? 0, accuracy: metrics?.accuracy,
                baselineAccuracy: metrics?.lastLabelAccuracy, meanAbsoluteError: metrics?.mae,
                baselineMeanAbsoluteError: metrics?.lastValueMAE)
        }
        return EngineSnapshot(
            uptimeSeconds: Double(now - board.startedAt) / 1e9, predictedCount: meters.predictions.value,
            deliveredCount: meters.deliveries.value, badCount: meters.bad.value,
            latencyMillisecondsP50: p50.map { Double($0) / 1e6 }, latencyMillisecondsP99: p99.map { Double($0) / 1e6 },
            partitions: partitions, models: models)
    }

    private func partition(
        _ handle: PartitionHandle, _ progress: PartitionProgress, now: Int64
    ) -> EngineSnapshot.Partition {
        let end = board.highWatermark(of: handle.partition)
        let position = max(progress.deliveredPosition, progress.committedPosition)
        return EngineSnapshot.Partition(
            partition: handle.partition.partition, deliveredPosition: progress.deliveredPosition,
            readPosition: progress.readPosition, committedPosition: progress.committedPosition, endOffset: end,
            lag: end.map { max(0, $0 - max(0, position)) }, inFlight: progress.inFlight,
            progressAgeSeconds: Double(now - progress.lastProgressAt) / 1e9, predictedCount: progress.predictedCount)
    }

    /// Whether the service does its work: subscribed, its threads turning, and no partition that has input stands still for
    /// longer than `stuckAfter`.
    public var readiness: EngineReadiness {
        let now = MonotonicClock.now
        let patience = max(nanoseconds(configuration.stuckAfter), 1_000_000_000)
        if board.isDraining { return EngineReadiness(isReady: false, reason: "stopping") }
        guard board.isSubscribed else { return EngineReadiness(isReady: false, reason: "starting") }
        if now - board.controlHeartbeat.load(ordering: .relaxed) > patience {
            return EngineReadiness(isReady: false, reason: "the control thread does not turn")
        }
        for worker in board.workers where now - worker.lastHeartbeat > patience {
            return EngineReadiness(isReady: false, reason: "worker \(worker.index) does not turn")
        }
        for handle in board.handles {
            let progress = handle.progress
            guard isStuck(handle, progress, now: now, patience: patience) else { continue }
            let age = (now - progress.lastProgressAt) / 1_000_000_000
            return EngineReadiness(
                isReady: false, reason: "\(handle.partition) has input and made no progress for \(age) s")
        }
        return EngineReadiness(isReady: true, reason: "ok")
    }

    private func isStuck(_ handle: PartitionHandle, _ progress: PartitionProgress, now: Int64, patience: Int64) -> Bool
    {
        guard now - progress.lastProgressAt > patience else { return false }
        if progress.inFlight > 0 { return true }
        guard let end = board.highWatermark(of: handle.partition) else { return false }
        return end > max(progress.deliveredPosition, max(progress.committedPosition, progress.endOfPartition))
    }
}
