import CRdKafka
import Dispatch
import Synchronization

/// Sends what lingers, from a thread of its own.
///
/// `rd_kafka_flush(client, 0)` is over before librdkafka's broker threads have looked: it shortens nothing (5.8 ms from produce
/// to report with `linger.ms` 5, against 0.4 ms with 0; measured on 2.0.2, one core and two). It has to hold its flag until
/// they ran, so it has to wait, and a worker must not: this thread waits, at most as long as the linger, less when
/// everything was reported. Reports come to it meanwhile; it keeps them for the worker.
final class Flusher: Sendable {
    private let bell = DispatchSemaphore(value: 0)
    private let isRinging = Atomic<Bool>(false)
    private let isStopped = Atomic<Bool>(false)
    private let reports = Mutex(DeliveryRuns())
    private let hasReports = Atomic<Bool>(false)
    private let onReports: @Sendable () -> Void

    /// `onReports` is called when there are reports to take, from the flusher's thread.
    init(_ client: ClientHandle, onReports: @escaping @Sendable () -> Void) {
        self.onReports = onReports
        Thread(named: "kafka-flusher") { [self] in run(client) }.start()
    }

    /// Flushes soon. Without a system call while an earlier ring waits.
    func ring() {
        guard !isRinging.exchange(true, ordering: .acquiringAndReleasing) else { return }
        bell.signal()
    }

    func stop() {
        isStopped.store(true, ordering: .releasing)
        bell.signal()
    }

    /// Adds the reports that came while flushing to `runs`. Cheap when there are none.
    func takeReports(into runs: inout DeliveryRuns) {
        guard hasReports.exchange(false, ordering: .acquiringAndReleasing) else { return }
        reports.withLock { runs.take(from: &$0) }
    }

    private func run(_ client: ClientHandle) {
        var served = DeliveryRuns()
        while true {
            bell.wait()
            if isStopped.load(ordering: .acquiring) { return }
            isRinging.store(false, ordering: .releasing)
            let flushed: Void? = try? unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
                unsafe mr_flush(client, 5, served.log)
            }
            if flushed == nil { return }
            if served.count > 0 {
                reports.withLock { $0.take(from: &served) }
                hasReports.store(true, ordering: .releasing)
                onReports()
            } else if client.hasErrors {
                onReports()
            }
        }
    }
}
