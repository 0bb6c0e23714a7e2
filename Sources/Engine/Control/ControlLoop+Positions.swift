internal import Kafka
internal import Telemetry

/// Setting partitions back, positions that are gone, the ends of the log.
extension ControlLoop {
    /// Sets partitions back whose time has come, and lets their tasks read on.
    func performDueRewinds(_ group: ConsumerGroup, now: Int64) {
        guard !pendingRewinds.isEmpty else { return }
        let due = pendingRewinds.filter { $0.after <= now }
        pendingRewinds.removeAll { $0.after <= now }
        for rewind in due {
            guard let placement = placements[rewind.handle.partition], placement.handle === rewind.handle else {
                continue
            }
            do throws(KafkaError) {
                try group.seek(rewind.handle.partition, to: rewind.position, timeout: .seconds(2))
                placement.worker.post(.resume(rewind.handle))
                log.info(
                    "partition goes on from its last delivered position",
                    [
                        "partition": "\(rewind.handle.partition.partition)", "position": "\(rewind.position)",
                    ])
            } catch {
                log.warning(
                    "seek failed; it is tried again",
                    [
                        "partition": "\(rewind.handle.partition.partition)", "reason": error.message,
                    ])
                pendingRewinds.append(
                    PendingRewind(handle: rewind.handle, position: rewind.position, after: now + 500_000_000))
            }
        }
    }

    /// The position to read from is not in the log. Without a commit that is where the group starts; with one, data was lost.
    func positionMissing(_ handle: PartitionHandle, _ error: KafkaError, _ group: ConsumerGroup, now: Int64) {
        guard let placement = placements[handle.partition], placement.handle === handle else { return }
        let partition = handle.partition
        let expected = max(handle.progress.deliveredPosition, handle.progress.committedPosition)
        do throws(KafkaError) {
            let (low, high) = try group.queryWatermarks(partition, timeout: .seconds(5))
            if expected >= 0 {
                let place = "\(partition.topic)/\(partition.partition)"
                if configuration.onDataLoss == .stop {
                    return fail(
                        EngineError(
                            .badData,
                            "\(place): position \(expected) is no longer in the log, which holds \(low)..<\(high). Records were "
                                + "deleted before they were scored. To go on at \(low) set `on_data_loss: continue`."))
                }
                meters.offsetsLost(max(0, low - expected), of: partition.topic)
                log.error(
                    "input was lost",
                    ["partition": place, "position": "\(expected)", "low": "\(low)", "high": "\(high)"])
            }
            let target = expected < 0 && configuration.start == .latest ? high : (expected > high ? high : low)
            pendingRewinds.append(PendingRewind(handle: handle, position: target, after: now))
        } catch {
            log.warning("watermarks unknown; it is tried again", ["reason": error.message])
            context.mailbox.post(.positionMissing(handle, error))
        }
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
            let ended = progress.endOfPartition >= end && progress.inFlight == 0
            guard reached >= end || ended else { return false }
        }
        guard !others.isEmpty else { return true }
        guard MonotonicClock.now >= nextForeignCheckAt else { return false }
        nextForeignCheckAt = MonotonicClock.now + 1_000_000_000
        guard let committed = try? group.committed(others, timeout: .seconds(2)) else { return false }
        return others.allSatisfy { (committed[$0] ?? -1) >= (endOffsets[$0.partition] ?? 0) }
    }
}
