internal import Kafka
internal import Telemetry

/// Setting partitions back, positions that are gone, the ends of the log.
extension ControlLoop {
    /// Sets partitions back whose time has come, and lets their tasks read on.
    func performDueRewinds(_ group: ConsumerGroup, now: Int64) {
        for rewind in pendingRewinds.takeDue(now) {
            guard let placement = placements[rewind.handle.partition], placement.handle === rewind.handle else {
                continue
            }
            do throws(KafkaError) {
                try group.seek(rewind.handle.partition, to: rewind.position, timeout: .seconds(2))
                placement.worker.post(.resume(rewind.handle, serial: rewind.serial))
                log.info(
                    "partition is read on",
                    [
                        "partition": "\(rewind.handle.partition.partition)", "position": "\(rewind.position)",
                    ])
            } catch {
                log.warning(
                    "seek failed; it is tried again",
                    [
                        "partition": "\(rewind.handle.partition.partition)", "reason": error.message,
                    ])
                var again = rewind
                again.after = now + 500_000_000
                pendingRewinds.add(again)
            }
        }
    }

    /// The position to read from is not in the log. Without a commit that is where the group starts; with one, data was lost.
    /// What is in flight is waited for, then the partition is assigned anew: librdkafka reads no further where it stopped.
    func positionMissing(_ handle: PartitionHandle, _ error: KafkaError, _ group: ConsumerGroup, now: Int64) {
        guard let placement = placements[handle.partition], placement.handle === handle else { return }
        let partition = handle.partition
        drain([partition], deadline: now + 2_000_000_000)
        let expected = max(handle.progress.deliveredPosition, handle.progress.committedPosition)
        do throws(KafkaError) {
            let (low, high) = try group.queryWatermarks(partition, timeout: .seconds(2))
            var target = configuration.start == .latest ? high : low
            if expected >= 0 {
                target = expected < low ? low : min(expected, high)
                if target != expected {
                    guard noteLoss(of: partition, expected, low..<max(low, high)) else { return }
                }
            }
            release([partition])
            try group.unassign(partition)
            guard let actor = makeActor(for: partition, at: target, in: group) else { return }
            try group.assign(partition, at: target)
            adopt(actor)
        } catch {
            log.warning("the partition could not be started again; it is tried again", ["reason": error.message])
            if placements[partition] == nil {
                return fail(EngineError(error, during: "starting \(partition) again"))
            }
            context.mailbox.post(.positionMissing(handle, error, after: MonotonicClock.now + 1_000_000_000))
        }
    }

    /// Records were deleted before they were scored: the service stops, or goes on and counts them. False when it stops.
    private func noteLoss(of partition: TopicPartition, _ expected: Int64, _ held: Range<Int64>) -> Bool {
        let log = "\(held.lowerBound)..<\(held.upperBound)"
        if configuration.onDataLoss == .stop {
            fail(
                EngineError(
                    .badData,
                    "\(partition): position \(expected) is no longer in the log, which holds \(log). Records were deleted "
                        + "before they were scored. To go on with what there is set `on_data_loss: continue`."))
            return false
        }
        meters.offsetsLost(max(0, held.lowerBound - expected), of: partition.topic)
        self.log.error("input was lost", ["partition": "\(partition)", "position": "\(expected)", "held": log])
        return true
    }

    /// Learns from the consumer's cache how long the partitions are: for lag and for the watchdog.
    func refreshWatermarks(_ group: ConsumerGroup) {
        let wakeUps = group.wakeUpCount
        meters.fetchWakeUps.add(UInt64(max(0, wakeUps - wakeUpsSeen)))
        wakeUpsSeen = wakeUps
        for partition in placements.keys {
            guard let (_, high) = group.cachedWatermarks(partition), high >= 0 else { continue }
            board.setHighWatermark(high, of: partition)
        }
    }

    /// Whether every input partition is delivered up to the end read at the start. Partitions that another member of the
    /// group owns count by their committed position, asked for once a second.
    func hasReachedEnd(_ group: ConsumerGroup) -> Bool {
        var others: [TopicPartition] = []
        for (number, end) in endOffsets where end > 0 {
            let partition = TopicPartition(topic: configuration.inputTopic, partition: number)
            guard let progress = placements[partition]?.handle.progress else {
                others.append(partition)
                continue
            }
            let reached = max(progress.deliveredPosition, progress.committedPosition)
            guard reached >= end else { return false }
        }
        guard !others.isEmpty else { return true }
        guard MonotonicClock.now >= nextForeignCheckAt else { return false }
        nextForeignCheckAt = MonotonicClock.now + 1_000_000_000
        guard let committed = try? group.committed(others, timeout: .seconds(2)) else { return false }
        return others.allSatisfy { (committed[$0] ?? -1) >= (endOffsets[$0.partition] ?? 0) }
    }
}
