internal import Features
internal import Hashing
internal import Kafka
internal import Learning
internal import Synchronization
internal import Telemetry

/// Everything one input partition's task owns, and the loop over a batch of its records.
///
/// Noncopyable and passed `inout` once a batch, so that nothing of it is reached through a class per event. The order within
/// an event is fixed: decode → features → predict → encode → produce → learn → account. Whatever can fail or must wait stands
/// before the learning, so an event that comes round again was not learned yet; what is refused only after it, by librdkafka
/// or a broker, comes round below ``learnedPosition``.
struct TaskState: ~Copyable {
    /// How a batch ended.
    enum BatchEnd {
        /// All of it is processed.
        case done
        /// The producer is full: go on at this index later. Nothing of that record has had an effect.
        case waits(at: Int)
        /// The service must stop; the record at this place had no effect.
        case fails(EngineError)
        /// The log does not hold the position any more.
        case positionMissing(KafkaError)
        /// There is a gap before this record, and the client may have made it.
        case suspectsGap
    }

    /// What became of one record.
    enum RecordEnd {
        case processed
        case waits
        case fails(EngineError)
    }

    let partition: TopicPartition
    let context: WorkerContext
    var incarnation: UInt16
    var ledger: DeliveryLedger
    var scorer: Scorer
    var writer: PredictionWriter
    let publishedTask: LearningTask
    /// Whether events are supposed to have a label.
    let expectsLabels: Bool
    /// Everything below was learned (or had nothing to learn): what comes round again is predicted but not learned twice.
    var learnedPosition: Int64 = -1
    /// Records that need something else than usual, by offset; empty but for a refused output.
    var treatments: [Int64: RecordTreatment] = [:]
    /// A record was sent that has to be alone in its request: nothing else goes out until it is answered.
    var isAlone = false
    private let handle: PartitionHandle
    var counts = BatchCounts()
    /// Drifts of each model that the metrics page has.
    private var countedDrifts: [UInt64]
    /// Whether observers have the models' figures as they are.
    var figuresArePublished = true
    private var figuresPublishedAt: Int64 = 0
    /// How many contributions of features each prediction carries; 0 for none.
    let explanationLength: Int
    var explainer: Explainer?
    /// The end that an EOF event named last; -1 when none came.
    var endOfPartition: Int64 = -1

    init(
        configuration: EngineConfiguration, handle: PartitionHandle, context: WorkerContext, at position: Int64?
    ) throws {
        let partition = handle.partition
        self.handle = handle
        self.partition = partition
        self.context = context
        incarnation = context.nextIncarnation()
        ledger = DeliveryLedger(position: position)
        scorer = try Scorer(
            schema: configuration.schema, features: configuration.features, models: configuration.models)
        writer = PredictionWriter(
            topic: partition.topic, partition: partition.partition, model: configuration.models[0].name)
        countedDrifts = Array(repeating: 0, count: configuration.models.count)
        publishedTask = configuration.models[0].task
        expectsLabels = configuration.schema.label != nil
        explanationLength = configuration.explanationLength ?? 0
    }

    /// Where the loop over a batch is.
    struct Cursor {
        /// The next offset expected.
        var position: Int64
        /// Whether the ledger's batch is open.
        var isOpen = false
        /// Records since the ledger's batch was opened.
        var openCount = 0
        let limits: TimestampLimits
        let bytesMax: Int
        let now: Int64
    }

    /// Processes the records of `batch` from `first` on, and gives back each that is done. `now` is monotonic.
    mutating func process(
        _ batch: inout MessageBatch, from first: Int, with tools: inout WorkerTools, bytesMax: Int, now: Int64
    ) -> BatchEnd {
        var cursor = Cursor(
            position: ledger.readPosition, limits: tools.timestampLimits, bytesMax: bytesMax, now: now)
        // Records that go one by one wait for each other, whatever stands behind them.
        tools.producer.beginBatch(of: treatments.isEmpty ? batch.count - first : 1)
        var end = BatchEnd.done
        var index = first
        while index < batch.count {
            guard let stop = step(batch[index], index, &cursor, &tools) else {
                batch.release(at: index)
                index += 1
                continue
            }
            end = stop
            break
        }
        tools.producer.sendBatch()
        if cursor.isOpen { ledger.close(nextOffset: cursor.position) }
        return end
    }

    /// One entry of a batch; `nil` when it is done, otherwise why the loop ends before it.
    @inline(__always)
    private mutating func step(
        _ message: Message, _ index: Int, _ cursor: inout Cursor, _ tools: inout WorkerTools
    ) -> BatchEnd? {
        guard message.isRecord else { return stepOverMark(message, &cursor) }
        let offset = message.offset
        if offset < cursor.position {
            // Gaps are normal, steps back are not: a record of an earlier reading. It had its effects.
            counts.backwardSteps += 1
            return nil
        }
        if ledger.unsettledBytes > cursor.bytesMax, ledger.inFlight > 0 { return .waits(at: index) }
        if offset > cursor.position, isGapSuspect(cursor) { return .suspectsGap }
        if isAlone {
            guard ledger.inFlight == 0 else { return .waits(at: index) }
            isAlone = false
        }
        let token = openToken(offset, &cursor)
        let end =
            treatments.isEmpty
            ? score(message, token, cursor.limits, &tools) : treat(message, token, cursor.limits, &tools)
        switch end {
        case .processed:
            cursor.position = offset + 1
            cursor.openCount += 1
            // A batch is safe as a whole or not at all: small ones let the position follow the answers closely.
            if cursor.openCount == DeliveryLedger.growthLimit {
                ledger.close(nextOffset: cursor.position)
                cursor.isOpen = false
            }
            return nil
        case .waits:
            return .waits(at: index)
        case .fails(let error):
            return .fails(error)
        }
    }

    /// Whether the gap before a record or an end has to be checked: the first one after a rebalance, once.
    @inline(never)
    private func isGapSuspect(_ cursor: Cursor) -> Bool {
        cursor.position >= 0 && handle.mayHaveSkipped.exchange(false, ordering: .relaxed)
    }

    /// The token of the record at `offset`, in a batch of the ledger that has room for it.
    @inline(__always)
    private mutating func openToken(_ offset: Int64, _ cursor: inout Cursor) -> DeliveryToken {
        if cursor.isOpen, let token = ledger.token(incarnation: incarnation, offset: offset) { return token }
        if cursor.isOpen { ledger.close(nextOffset: offset) }
        ledger.open(at: offset, now: cursor.now)
        cursor.isOpen = true
        cursor.openCount = 0
        cursor.position = max(cursor.position, offset)
        guard let token = ledger.token(incarnation: incarnation, offset: offset) else {
            preconditionFailure("a ledger's batch has no room for its first record")
        }
        return token
    }

    /// What is no record: the end of the partition, or its error.
    @inline(never)
    private mutating func stepOverMark(_ message: Message, _ cursor: inout Cursor) -> BatchEnd? {
        if cursor.isOpen { ledger.close(nextOffset: cursor.position) }
        cursor.isOpen = false
        if case .error(let error) = message.kind { return stepOver(error) }
        // The end may lie behind records that the client passed over, as a record may.
        if message.offset > cursor.position, isGapSuspect(cursor) { return .suspectsGap }
        endOfPartition = message.offset
        ledger.skip(to: message.offset)
        cursor.position = ledger.readPosition
        return nil
    }

    /// An error of the partition: only a position that is gone, or a right that is missing, needs somebody; librdkafka deals with
    /// the rest by itself.
    private func stepOver(_ error: KafkaError) -> BatchEnd? {
        if error.code == .autoOffsetReset || error.code == .offsetOutOfRange { return .positionMissing(error) }
        if error.isAuthorization || error.isAuthentication {
            return .fails(EngineError(error, during: "reading \(partition)"))
        }
        context.meters.kafkaError(error)
        context.log.error(
            "error while reading a partition",
            ["partition": "\(partition.partition)", "code": error.code.name, "reason": error.message])
        return nil
    }

    /// Gives observers the models' figures, if they changed. Under load not for every batch: what was copied has to be copied
    /// once more when the next event changes it, 16 KB a model. `now` is monotonic; nil publishes whatever the time.
    mutating func publishFigures(now: Int64?) {
        guard !figuresArePublished, now.map({ $0 - figuresPublishedAt >= Self.figuresInterval }) ?? true else { return }
        figuresArePublished = true
        figuresPublishedAt = now ?? figuresPublishedAt
        for index in 0..<scorer.modelCount {
            let model = scorer.model(index)
            handle.set(model.metrics, experts: model.experts, ofModel: index)
            guard let drifts = model.driftCount else { continue }
            context.meters.drifts(ofModel: index, grewBy: drifts - countedDrifts[index])
            countedDrifts[index] = drifts
        }
    }

    private static let figuresInterval: Int64 = 200_000_000

    /// The usual way of one record.
    @inline(__always)
    private mutating func score(
        _ message: Message, _ token: DeliveryToken, _ limits: TimestampLimits, _ tools: inout WorkerTools
    ) -> RecordEnd {
        if let reason = tools.decode(message.value) { return refuse(message, token, reason, &tools) }
        let recordTime = message.timestampMilliseconds
        let own = recordTime ?? -1
        predict(message, at: recordTime, tools.row)
        let sent = send(message, token, own: own, timestamp: limits.allowed(max(own, 0)), &tools)
        guard case .processed = sent else { return sent }
        if !limits.allows(max(own, 0)) { counts.restampedRecords += 1 }
        account(message.offset, &tools)
        return .processed
    }

    /// Encodes the published model's prediction and hands it to the producer. `own` is the record's timestamp, -1 for none;
    /// `timestamp` the one to send with, 0 for the present.
    @inline(__always)
    mutating func send(
        _ message: Message, _ token: DeliveryToken, own: Int64, timestamp: Int64, _ tools: inout WorkerTools
    ) -> RecordEnd {
        let answer = scorer.published.answer
        switch publishedTask {
        case .binary, .anomaly:
            writer.writeBinary(
                of: tools.row, offset: message.offset, timestamp: own,
                prediction: answer > 0.5, score: answer)
        case .regression:
            writer.writeRegression(
                of: tools.row, offset: message.offset, timestamp: own, value: answer)
        case .multiclass:
            writer.writeMulticlass(
                of: tools.row, offset: message.offset, timestamp: own, prediction: scorer.publishedAnswer,
                classes: scorer.classes)
        }
        if explanationLength > 0 { explain() }
        let byteCount = writer.bytes.byteCount
        let result = tools.producer.produceBatched(
            tools.outputTopic, partition: partition.partition, key: message.key, value: writer.bytes,
            timestampMilliseconds: timestamp, headersOf: tools.passesHeaders ? message : nil, token: token.rawValue)
        switch result {
        case .queued:
            ledger.produced(bytes: byteCount + (message.key?.byteCount ?? 0))
            return .processed
        case .queueFull:
            return .waits
        case .failed(let error):
            return sendFailed(error, message, token, &tools)
        }
    }

    /// Predicts one decoded record. Its key and its timestamp `recordTime` belong to the event.
    @inline(__always)
    mutating func predict(_ message: Message, at recordTime: Int64?, _ row: borrowing EventRow) {
        var keyHash: UInt64 = 0
        if scorer.usesKey, let key = message.key { keyHash = XXH3.hash64(key) }
        scorer.predict(row, keyHash: keyHash, recordTime: recordTime)
    }

    /// Learns the event, from its label if there is one, and counts.
    @inline(__always)
    mutating func account(_ offset: Int64, _ tools: inout WorkerTools) {
        counts.predicted += 1
        counts.absentFeatures += UInt64(truncatingIfNeeded: tools.row.absentCount)
        guard offset >= learnedPosition else { return }
        switch scorer.learn(tools.row) {
        case .labelled: counts.learned += 1
        case .unlabelled: counts.unlabelled += 1
        case .classRefused: counts.classesRefused += 1
        }
        learnedPosition = offset + 1
    }
}
