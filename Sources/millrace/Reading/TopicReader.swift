import Kafka
import Synchronization
import Telemetry

/// Reads every record of a topic in a thread of its own, from the beginning, as a consumer group of its own. Records of
/// one partition come in order. It keeps nothing and commits nothing.
final class TopicReader: Sendable {
    /// What is done with each record; called on the reader's thread.
    typealias Consumer = (borrowing Message) -> Void

    private struct State {
        var thread: BackgroundThread?
        var failure: KafkaError?
        var isAssigned = false
    }

    private let properties: ClientProperties
    private let groupID: String
    private let topic: String
    private let partitionCount: Int
    private let log: Log
    private let cancellation = Cancellation()
    private let state = Mutex(State())

    /// A reader that has not begun.
    init(properties: ClientProperties, groupID: String, topic: String, partitionCount: Int, log: Log) {
        self.properties = properties
        self.groupID = groupID
        self.topic = topic
        self.partitionCount = partitionCount
        self.log = log
    }

    /// Why reading ended; `nil` while all is well.
    var failure: KafkaError? { state.withLock { $0.failure } }

    /// Whether it has been given its partitions.
    var isAssigned: Bool { state.withLock { $0.isAssigned } }

    /// Begins. `consume` is made on the reader's thread by `makeConsumer`; `onBatch` follows each batch of records.
    func start(_ makeConsumer: @escaping @Sendable () -> (consume: Consumer, onBatch: () -> Void)) {
        let thread = BackgroundThread {
            do throws(KafkaError) {
                let consumer = makeConsumer()
                try self.read(consumer.consume, consumer.onBatch)
            } catch {
                self.state.withLock { $0.failure = error }
            }
        }
        state.withLock { $0.thread = thread }
    }

    /// Stops and waits for the thread.
    func end() {
        cancellation.cancel()
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    private func read(_ consume: Consumer, _ onBatch: () -> Void) throws(KafkaError) {
        let settings = ConsumerSettings(
            groupID: groupID, start: .earliest, memoryBytes: 32 << 20, partitionCount: partitionCount)
        let bell = Bell()
        let queues = OpenQueues(bell: bell)
        let group = try ConsumerGroup(properties: properties, settings: settings, log: log, delegate: queues)
        defer { _ = group.close(deadline: .now + .seconds(5)) }
        try group.subscribe([topic])
        var batch = MessageBatch(capacity: 1_024)
        while !cancellation.isCancelled {
            for case .error(let error) in group.poll(timeout: .zero) where error.isFatal { throw error }
            if queues.isAny { state.withLock { $0.isAssigned = true } }
            while queues.drain(into: &batch) > 0 {
                for index in 0..<batch.count where batch[index].isRecord { consume(batch[index]) }
                batch.releaseAll()
                onBatch()
            }
            // Rebalances ring no bell, so the group is looked after at least so often.
            bell.wait(milliseconds: 20)
        }
    }
}
