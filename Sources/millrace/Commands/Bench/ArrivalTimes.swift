import Synchronization

/// When the outputs of each partition were read, in their order, which is that of the inputs.
final class ArrivalTimes: Sendable {
    private let times: Mutex<[[ContinuousClock.Instant]]>

    init(partitionCount: Int) { times = Mutex(Array(repeating: [], count: partitionCount)) }

    /// Notes an arrival now.
    func add(partition: Int) {
        let now = ContinuousClock.now
        times.withLock { times in
            if times.indices.contains(partition) { times[partition].append(now) }
        }
    }

    /// Arrivals so far.
    var count: Int { times.withLock { $0.reduce(0) { $0 + $1.count } } }

    /// Milliseconds from each planned time to its arrival, sorted; the first fifth, in which everything warms up, is left
    /// out, and so is what has not arrived.
    func latencies(after plan: [[ContinuousClock.Instant]]) -> [Double] {
        times.withLock { times in
            zip(plan, times).flatMap { planned, arrived in
                zip(planned, arrived).dropFirst(planned.count / 5).map { ($1 - $0) / .milliseconds(1) }
            }
        }.sorted()
    }
}
