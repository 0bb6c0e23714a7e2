internal import Features
internal import Kafka
internal import Learning

/// What a worker's tasks take turns with: buffers and the producer. One set a worker, not one a partition.
///
/// Unchecked sendable by this rule: it never leaves its worker's thread; it is handed `inout` into actors that run on it.
struct WorkerTools: ~Copyable, @unchecked Sendable {
    var decoder: EventDecoder
    var row: EventRow
    var producer: Producer
    var outputTopic: ProducerTopic
    var deadLetterTopic: ProducerTopic?
    let passesHeaders: Bool
    /// For the batch at hand.
    var timestampLimits: TimestampLimits
    /// Set when a call to the producer failed in a way that concerns the producer and not the record.
    var producerFailure: KafkaError?
    /// An empty batch, kept for the next time one has to wait.
    var spare: MessageBatch?

    /// Makes the buffers and the producer of `worker`.
    init(context: WorkerContext, worker: Worker) throws(EngineError) {
        let configuration = context.configuration
        let producer: Producer
        let outputTopic: ProducerTopic
        let deadLetterTopic: ProducerTopic?
        do throws(KafkaError) {
            let messageBytes = max(context.limits.messageBytesMax ?? 0, 1_000_000)
            let settings = ProducerSettings(
                queueMessages: context.outputQuota.recordsMax + 10_000,
                // One record of the largest size has to fit, or it would wait for ever.
                queueBytes: max(context.outputQuota.bytesMax * 2, messageBytes + (1 << 20)), messageBytes: messageBytes,
                batchBytes: min(context.limits.batchBytesMax ?? 1_000_000, 1_000_000),
                // What a task produces before the next has its turn leaves at once, while it is in the cache.
                batchMessages: WorkerLoop.recordsInARow)
            producer = try Producer(properties: configuration.properties, settings: settings, log: context.log) {
                worker.wakeForReports()
            }
            outputTopic = try producer.topic(configuration.outputTopic)
            if case .deadLetter(let topic) = configuration.onBadRecord {
                deadLetterTopic = try producer.topic(topic)
            } else {
                deadLetterTopic = nil
            }
        } catch {
            throw EngineError(error, during: "making the producer")
        }
        decoder = try Self.decoder(configuration.schema)
        row = EventRow(schema: configuration.schema)
        passesHeaders = configuration.passesHeaders
        timestampLimits = TimestampLimits(context.limits, now: WallClock.milliseconds)
        self.producer = producer
        self.outputTopic = outputTopic
        self.deadLetterTopic = deadLetterTopic
    }

    private static func decoder(_ schema: Schema) throws(EngineError) -> EventDecoder {
        do throws(SchemaProblem) {
            return try EventDecoder(schema)
        } catch {
            throw EngineError(.configuration, "field \(error.field): \(error.message)")
        }
    }

    /// Decodes one record's value into `row`; the reason when it is bad.
    @inline(__always)
    mutating func decode(_ value: RawSpan?) -> BadRecordReason? {
        guard let value else { return .tombstone }
        guard case .bad(let reason) = decoder.decode(value, into: &row) else { return nil }
        return reason
    }

    /// What was wrong with the record that was decoded last.
    func detail(of reason: BadRecordReason) -> String {
        reason == .tombstone ? "the value is null" : decoder.detail(of: row)
    }
}
