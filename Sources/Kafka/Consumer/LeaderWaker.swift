import CRdKafka
import Dispatch
import Glibc
import Synchronization

/// Asks partition leaders for a watermark, from a thread of its own that may wait, so that librdkafka's broker threads wake
/// up and fetch.
///
/// Before 2.2 a broker thread that finds all its fetch queues full sleeps for up to a second, and after a cooperative
/// rebalance every version leaves the unmoved partitions silent until their broker thread wakes; nothing but traffic on its
/// connection wakes it. One `rd_kafka_offsets_for_times` sends each leader of the listed partitions one small request, side
/// by side, where a watermark query would ask them one after the other and wait for a frozen one.
final class LeaderWaker: Sendable {
    private struct State {
        var partitions: Set<TopicPartition> = []
        /// Rounds still to be sent for `partitions`.
        var rounds = 0
        var isStopped = false
        var queries = 0
    }

    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)

    /// How many questions were sent; for tests and statistics.
    var queryCount: Int { state.withLock { $0.queries } }

    init(_ client: ClientHandle) {
        Thread(named: "kafka-waker") { [self] in run(client) }.start()
    }

    /// Wakes the partitions' leaders soon. `rounds` asks again 10 ms after each answer. Takes a short lock: not for
    /// every batch.
    func ring(_ partitions: some Sequence<TopicPartition>, rounds: Int = 1) {
        state.withLock {
            $0.partitions.formUnion(partitions)
            $0.rounds = max($0.rounds, rounds)
        }
        bell.signal()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        bell.signal()
    }

    private func run(_ client: ClientHandle) {
        // Filled anew each round: sharing the other's storage would make both allocate.
        var partitions: Set<TopicPartition> = []
        while true {
            bell.wait()
            while true {
                partitions.removeAll(keepingCapacity: true)
                let stopped = state.withLock { state -> Bool in
                    guard state.rounds > 0 else { return state.isStopped }
                    state.rounds -= 1
                    partitions.formUnion(state.partitions)
                    if state.rounds == 0 { state.partitions.removeAll(keepingCapacity: true) }
                    return state.isStopped
                }
                if stopped { return }
                if partitions.isEmpty { break }
                guard ask(client, partitions) else { return }
                // Rings of many partitions come together meanwhile.
                usleep(state.withLock { $0.rounds > 0 } ? 10_000 : 2_000)
            }
        }
    }

    /// False once the client is closed. The answer does not matter, nor whether one comes within 200 ms.
    private func ask(_ client: ClientHandle, _ partitions: Set<TopicPartition>) -> Bool {
        state.withLock { $0.queries += 1 }
        let latest: Int64 = -1
        let list = PartitionList(partitions, offset: latest)
        let answer = try? unsafe client.use { (client: OpaquePointer) throws(KafkaError) in
            unsafe rd_kafka_offsets_for_times(client, list.native, 200)
        }
        return answer != nil
    }
}
