import Kafka
import Synchronization
import Telemetry

/// The least work a consumer and producer can do: every record of one topic to the same partition of another, offsets
/// committed for what is delivered. One thread; the yardstick beside which the pipeline is measured.
final class PassThrough: Sendable {
    private let properties: ClientProperties
    private let groupID: String
    private let input: String
    private let output: String
    private let partitionCount: Int
    private let log: Log
    private let cancellation = Cancellation()
    private let delivered = Atomic(0)
    private let assigned = Atomic(false)
    private let thread = Mutex<BackgroundThread?>(nil)
    private let reason = Mutex<KafkaError?>(nil)

    init(properties: ClientProperties, groupID: String, input: String, output: String, partitionCount: Int, log: Log) {
        self.properties = properties
        self.groupID = groupID
        self.input = input
        self.output = output
        self.partitionCount = partitionCount
        self.log = log
    }

    /// Records acknowledged by the output topic.
    var deliveredCount: Int { delivered.load(ordering: .relaxed) }
    /// Whether it has its partitions.
    var isAssigned: Bool { assigned.load(ordering: .relaxed) }
    /// Why it ended early.
    var failure: KafkaError? { reason.withLock { $0 } }

    /// Begins, on a thread of its own.
    func start() {
        let running = BackgroundThread {
            do throws(KafkaError) { try self.run() } catch { self.reason.withLock { $0 = error } }
        }
        thread.withLock { $0 = running }
    }

    /// Stops, commits and waits for the thread.
    func end() {
        cancellation.cancel()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
    }

    private func run() throws(KafkaError) {
        let bell = Bell()
        let queues = OpenQueues(bell: bell)
        let settings = ConsumerSettings(groupID: groupID, start: .earliest, partitionCount: partitionCount)
        let group = try ConsumerGroup(properties: properties, settings: settings, log: log, delegate: queues)
        defer { _ = group.close(deadline: .now + .seconds(5)) }
        let producer = try Producer(
            properties: properties, settings: ProducerSettings(), log: log,
            onDeliveries: { bell.ring() })
        defer { _ = producer.close(deadline: .now + .seconds(5)) }
        var pass = Pass(
            input: input, topic: try producer.topic(output), producer: producer, partitionCount: partitionCount)
        try group.subscribe([input])
        var batch = MessageBatch(capacity: 4_096)
        var commitAt = ContinuousClock.now + .seconds(1)
        while !cancellation.isCancelled {
            for case .error(let error) in group.poll(timeout: .zero) where error.isFatal { throw error }
            if queues.isAny { assigned.store(true, ordering: .relaxed) }
            let isBusy = try pass.turn(queues, &batch)
            delivered.store(pass.deliveredCount, ordering: .relaxed)
            if ContinuousClock.now > commitAt {
                commitAt = .now + .seconds(1)
                try group.commit(pass.positions)
            }
            if !isBusy { bell.wait(milliseconds: 20) }
        }
        try? group.commitAndWait(pass.positions, timeout: .seconds(5))
    }
}

/// What the loop carries from turn to turn.
private struct Pass: ~Copyable {
    let input: String
    let topic: ProducerTopic
    let producer: Producer
    private var runs = DeliveryRuns()
    private var next: [Int64]
    private var firstOffset: [Int64]
    private var safe: [Int64]
    private(set) var deliveredCount = 0
    /// Tokens carry the partition above this bit and a count below it.
    private static let partitionShift: UInt64 = 40

    init(input: String, topic: ProducerTopic, producer: Producer, partitionCount: Int) {
        self.input = input
        self.topic = topic
        self.producer = producer
        next = Array(repeating: 0, count: partitionCount)
        firstOffset = Array(repeating: -1, count: partitionCount)
        safe = Array(repeating: -1, count: partitionCount)
    }

    /// The next offset to read of each partition of which everything before is delivered. Offsets of the topic that
    /// `bench` has filled have no gaps.
    var positions: [TopicPartition: Int64] {
        var positions: [TopicPartition: Int64] = [:]
        for (number, offset) in safe.enumerated() where offset > 0 {
            positions[TopicPartition(topic: input, partition: Int32(clamping: number))] = offset
        }
        return positions
    }

    /// One round: reports, records; false when there were none.
    mutating func turn(_ queues: OpenQueues, _ batch: inout MessageBatch) throws(KafkaError) -> Bool {
        var isBusy = try settle()
        guard queues.drain(into: &batch) > 0 else { return isBusy }
        isBusy = true
        producer.beginBatch(of: batch.count)
        for index in 0..<batch.count where batch[index].isRecord { try forward(batch, index) }
        producer.sendBatch()
        batch.releaseAll()
        return isBusy
    }

    private mutating func forward(_ batch: borrowing MessageBatch, _ index: Int) throws(KafkaError) {
        let partition = Int(batch[index].partition)
        guard next.indices.contains(partition) else { return }
        if firstOffset[partition] < 0 { firstOffset[partition] = batch[index].offset }
        while true {
            let message = batch[index]
            let token = UInt64(partition) << Self.partitionShift | UInt64(next[partition])
            let result = producer.produceBatched(
                topic, partition: message.partition, key: message.key, value: message.value,
                timestampMilliseconds: message.timestampMilliseconds ?? 0,
                headersOf: message.hasHeaders ? message : nil, token: token)
            switch result {
            case .queued:
                next[partition] += 1
                return
            case .queueFull:
                if !(try settle()) { pause(until: .now + .microseconds(200)) }
            case .failed(let error): throw error
            }
        }
    }

    private mutating func settle() throws(KafkaError) -> Bool {
        var isAny = false
        producer.drainDeliveries(into: &runs)
        for index in 0..<runs.count {
            let run = runs[index]
            if let error = run.error { throw error }
            isAny = true
            deliveredCount += run.count
            let partition = Int(run.firstToken >> Self.partitionShift)
            let first = Int64(run.firstToken & (1 << Self.partitionShift - 1))
            guard safe.indices.contains(partition) else { continue }
            safe[partition] = max(safe[partition], firstOffset[partition] + first + Int64(run.count))
        }
        return isAny
    }
}
