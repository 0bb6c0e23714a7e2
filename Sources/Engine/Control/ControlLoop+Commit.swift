internal import Kafka
internal import Telemetry

/// Commits: only what is delivered, never backwards, at least once an interval while there is something to commit.
extension ControlLoop {
    /// After how many uncommitted records of one partition a commit comes before its time: a crash repeats them, and a
    /// partition that catches up delivers in a tenth of a second what usually comes in a whole one.
    private static let uncommittedRecordsMax: Int64 = 8_192

    /// Commits in the background well before the interval is over: the promise counts from delivery to the commit's arrival, and
    /// one commit waits for the answer of the one before. Early ones come twenty times an interval at most.
    func commitWhatIsDue(_ group: ConsumerGroup, now: Int64) {
        let interval = nanoseconds(configuration.commitInterval)
        let age = now - lastCommitAt
        guard age >= interval / 20, commitInFlight == nil, !commitHold.holds(at: now) else { return }
        var isDue = age >= interval / 5 * 2
        var offsets: [TopicPartition: Int64] = [:]
        for placement in placements.values {
            let progress = placement.handle.progress
            guard progress.deliveredPosition > progress.committedPosition, progress.deliveredPosition > 0 else {
                continue
            }
            offsets[placement.handle.partition] = progress.deliveredPosition
            if progress.uncommittedCount >= Self.uncommittedRecordsMax { isDue = true }
        }
        guard isDue, !offsets.isEmpty else { return }
        lastCommitAt = now
        do throws(KafkaError) {
            try group.commit(offsets)
            commitInFlight = offsets
            markCommitted(offsets)
        } catch {
            meters.commitFailures.add()
            log.warning("commit failed; it is tried again", ["reason": error.message])
            markUncommitted(offsets.keys)
        }
    }

    /// The last commit: tried three times, since what is not committed will be repeated; then the run has failed. A member that
    /// the group has put out meanwhile leaves its positions to others.
    func commitAtEnd(_ group: ConsumerGroup) {
        for _ in 0..<3 {
            guard let error = commitNow(Array(placements.keys), group) else { return }
            if error.isStaleMember || group.isAssignmentLost { return }
        }
        fail(
            EngineError(
                .failed, "the last positions could not be committed; the events since the last commit will be repeated")
        )
    }

    /// Commits `partitions` and waits for the answer: at revocation and at the end. Returns what went wrong.
    @discardableResult
    func commitNow(_ partitions: [TopicPartition], _ group: ConsumerGroup) -> KafkaError? {
        var offsets: [TopicPartition: Int64] = [:]
        for partition in partitions {
            guard let progress = placements[partition]?.handle.progress, progress.deliveredPosition > 0 else {
                continue
            }
            offsets[partition] = progress.deliveredPosition
        }
        guard !offsets.isEmpty else { return nil }
        do throws(KafkaError) {
            try group.commitAndWait(offsets, timeout: .seconds(5))
            markCommitted(offsets)
            meters.commits.add()
            return nil
        } catch {
            meters.commitFailures.add()
            log.warning("commit failed; the events since the last one will be repeated", ["reason": error.message])
            return error
        }
    }

    /// The answer to a background commit. After a failure the positions count as uncommitted, so the next tick tries again.
    func commitFinished(_ error: KafkaError?, _ offsets: [TopicPartition: Int64]) {
        let sent = commitInFlight ?? [:]
        commitInFlight = nil
        guard let error else { return meters.commits.add() }
        meters.commitFailures.add()
        log.warning("commit failed; it is tried again", ["reason": error.message])
        if error.isAuthorization { return fail(EngineError(error, during: "committing offsets")) }
        markUncommitted(sent.keys.filter { offsets[$0] == nil })
    }

    private func markUncommitted(_ partitions: some Sequence<TopicPartition>) {
        for partition in partitions { placements[partition]?.handle.update { $0.committedPosition = -1 } }
    }

    private func markCommitted(_ offsets: [TopicPartition: Int64]) {
        for (partition, offset) in offsets {
            placements[partition]?.handle.update { $0.committedPosition = offset }
        }
    }
}

/// A duration in whole nanoseconds, clamped to what fits.
func nanoseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? Int64.max / 2 : whole &+ attoseconds / 1_000_000_000
}
