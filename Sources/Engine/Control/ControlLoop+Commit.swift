internal import Kafka
internal import Telemetry

/// Commits: only what is delivered, never backwards, at least once an interval while there is something to commit.
extension ControlLoop {
    /// Commits in the background what is due.
    func commitWhatIsDue(_ group: ConsumerGroup, now: Int64) {
        guard commitPace.mayBeDue(at: now), commitInFlight == nil, !commitHold.holds(at: now),
            commitPace.isDue(at: now, eventCount: mayCommitEarly ? uncommittedCount : 0)
        else { return }
        var offsets: [TopicPartition: Int64] = [:]
        for placement in placements.values {
            let progress = placement.handle.progress
            guard progress.deliveredPosition > progress.committedPosition, progress.deliveredPosition > 0 else {
                continue
            }
            offsets[placement.handle.partition] = progress.deliveredPosition
        }
        guard !offsets.isEmpty else { return }
        commitPace.commitSent(at: now)
        do throws(KafkaError) {
            try group.commit(offsets)
            commitInFlight = offsets
            markCommitted(offsets)
        } catch {
            commitFailed(error)
        }
    }

    /// Early commits meet more rebalances. Where that may cost the assignment, only a member makes them that has all partitions the
    /// input had at the start: it seldom has others to wait for.
    private var mayCommitEarly: Bool {
        !LibraryVersion.losesAssignmentByStaleCommit || placements.count == inputPartitionCount
    }

    /// Offsets of all partitions that are delivered and not committed; from each no more than make a commit early.
    private var uncommittedCount: Int64 {
        placements.values.reduce(0) { $0 + min($1.handle.progress.uncommittedCount, CommitPace.earlyEventCount) }
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

    /// The answer to a background commit. After a failure the positions count as uncommitted, so a later tick tries again.
    func commitFinished(_ error: KafkaError?, _ offsets: [TopicPartition: Int64]) {
        let sent = commitInFlight ?? [:]
        commitInFlight = nil
        guard let error else {
            commitPace.commitEnded(isSuccess: true)
            return meters.commits.add()
        }
        commitFailed(error)
        if error.isAuthorization { return fail(EngineError(error, during: "committing offsets")) }
        for partition in sent.keys where offsets[partition] == nil {
            placements[partition]?.handle.update { $0.committedPosition = -1 }
        }
    }

    private func commitFailed(_ error: KafkaError) {
        commitPace.commitEnded(isSuccess: false)
        meters.commitFailures.add()
        log.warning("commit failed; it is tried again", ["reason": error.message])
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
