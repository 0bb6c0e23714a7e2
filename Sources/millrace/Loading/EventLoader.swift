import Synchronization
import Telemetry

/// Sends a file's events in order through an `EventProducer`, paced by a rate and by a gate. Blocks its thread.
struct EventLoader {
    /// What a load came to.
    struct Result {
        /// Records of the file that could not be produced.
        var badCount = 0
        /// Whether somebody stopped it before the end of the file.
        var isCancelled = false
    }

    let file: EventFile
    var keyField: String?
    var timestampField: String?
    /// For a topic of CSV records: their cells.
    var columns: [String]?
    /// Events a second, open loop; `nil`: as fast as they are taken.
    var rate: Double?
    let log: Log
    /// Set by anybody to stop.
    let cancellation: Cancellation
    /// Whether another event may be sent now, by the events sent so far and the bytes of the largest of them.
    var isOpen: (_ sentCount: Int, _ largestByteCount: Int) -> Bool = { _, _ in true }
    /// Called often, with the producer's counts up to date.
    var onProgress: (borrowing EventProducer) -> Void = { _ in }

    /// At most so many bad records are logged one by one.
    private static let badLoggedMax = 10
    /// Between two looks at the delivery reports while sending: few enough to keep the reports' queue short.
    private static let eventsPerSettle = 1_024
    private static let patienceAfterStop = Duration.seconds(5)

    /// Sends all events and waits until each is delivered or given up, or somebody stops it.
    func load(into producer: inout EventProducer) throws(CommandFailure) -> Result {
        var result = Result()
        var reader = try EventReader(file, keyField: keyField, timestampField: timestampField, columns: columns)
        let pace = rate.map { Pace(start: .now, rate: $0) }
        var dueCount = pace == nil ? Int.max : 0
        var largest = 0
        reading: while !cancellation.isCancelled {
            switch try reader.next() {
            case .end: break reading
            case .bad(let place):
                result.badCount += 1
                if result.badCount <= Self.badLoggedMax { log.warning("bad record left out", ["place": place]) }
                continue
            case .event: break
            }
            largest = max(largest, reader.value.byteCount)
            if let pace, producer.sentCount >= dueCount { dueCount = awaitTurn(pace, &producer) }
            while !isOpen(producer.sentCount, largest), !cancellation.isCancelled { rest(&producer) }
            let timestamp = reader.timestampMilliseconds ?? 0
            while !(try producer.send(value: reader.value, key: reader.key, timestampMilliseconds: timestamp)) {
                if cancellation.isCancelled { break reading }
                rest(&producer)
            }
            if producer.sentCount % Self.eventsPerSettle == 0 {
                producer.settle()
                onProgress(producer)
            }
        }
        finish(&producer)
        result.isCancelled = cancellation.isCancelled
        return result
    }

    /// Waits until the next event is due; the count of events due then.
    private func awaitTurn(_ pace: Pace, _ producer: inout EventProducer) -> Int {
        while !cancellation.isCancelled {
            let now = ContinuousClock.now
            let due = pace.due(at: now)
            if producer.sentCount < due { return due }
            producer.settle()
            onProgress(producer)
            // A look at the clock at most every 0.2 ms: at higher rates several events share one, still in time.
            pause(until: min(max(pace.time(of: producer.sentCount), now + .microseconds(200)), now + .milliseconds(50)))
        }
        return producer.sentCount
    }

    /// A short wait for room: the queue is full, or the gate is closed.
    private func rest(_ producer: inout EventProducer) {
        if !producer.settle() { pause(until: .now + .milliseconds(1)) }
        onProgress(producer)
    }

    /// Waits for what is on its way: librdkafka gives every event up after `message.timeout.ms` at the latest.
    /// Whoever has stopped the load waits a few seconds at most.
    private func finish(_ producer: inout EventProducer) {
        var deadline: ContinuousClock.Instant?
        while producer.inFlightCount > 0 {
            if cancellation.isCancelled, deadline == nil { deadline = .now + Self.patienceAfterStop }
            if let deadline, .now > deadline { break }
            if !producer.settle() { pause(until: .now + .milliseconds(1)) }
            onProgress(producer)
        }
        producer.settle()
        onProgress(producer)
    }
}

/// A wish to stop, from any thread.
final class Cancellation: Sendable {
    private let flag = Atomic(false)
    var isCancelled: Bool { flag.load(ordering: .relaxed) }
    func cancel() { flag.store(true, ordering: .relaxed) }
}
