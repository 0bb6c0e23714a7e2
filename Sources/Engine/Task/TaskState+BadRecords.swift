internal import Features
internal import Kafka
internal import Learning
internal import Telemetry

/// The rare ways of a record: it cannot be decoded, or its output was refused.
extension TaskState {
    /// A record that cannot be decoded: dead letter, skip or stop, as configured.
    @inline(never)
    mutating func refuse(
        _ message: Message, _ token: DeliveryToken, _ reason: BadRecordReason, _ tools: inout WorkerTools
    ) -> RecordEnd {
        let detail = tools.detail(of: reason)
        switch context.configuration.onBadRecord {
        case .stop:
            return .fails(
                EngineError(
                    .badData,
                    "bad record at \(place(message.offset)): \(reason.rawValue): \(detail)."
                        + " With `on_bad_record: dead_letter` or `skip` the service goes on."))
        case .skip:
            break
        case .deadLetter:
            let end = sendDeadLetter(
                message, token, reason: reason.rawValue, detail: detail, omitsValue: false, &tools)
            guard case .processed = end else { return end }
        }
        counts.bad += 1
        context.meters.badRecord(reason: reason.rawValue)
        return .processed
    }

    /// A record whose output was refused before.
    @inline(never)
    mutating func treat(
        _ message: Message, _ token: DeliveryToken, _ limits: TimestampLimits, _ tools: inout WorkerTools
    ) -> RecordEnd {
        let badReason = tools.decode(message.value)
        guard let treatment = treatments[message.offset] else {
            if let badReason { return refuse(message, token, badReason, &tools) }
            return scoreTreated(message, token, timestamp: limits.allowed(message.timestampMilliseconds ?? 0), &tools)
        }
        let reason = badReason?.rawValue ?? "undeliverable"
        guard ledger.inFlight == 0 else { return .waits }
        isAlone = true
        switch treatment {
        case .alone:
            if let badReason { return refuse(message, token, badReason, &tools) }
            return scoreTreated(
                message, token, timestamp: limits.allowed(message.timestampMilliseconds ?? 0), &tools)
        case .restamp:
            if let badReason { return refuse(message, token, badReason, &tools) }
            return scoreTreated(message, token, timestamp: 0, &tools)
        case .deadLetter(let detail):
            return deadLetterTreated(message, token, reason, detail, omitsValue: false, &tools)
        case .deadLetterWithoutValue(let detail):
            return deadLetterTreated(message, token, reason, detail, omitsValue: true, &tools)
        case .drop:
            context.meters.recordsDropped.add()
            context.log.error("a record was refused everywhere and is dropped", ["place": place(message.offset)])
            learnTreated(message, isBad: badReason != nil, &tools)
            return .processed
        }
    }

    private mutating func scoreTreated(
        _ message: Message, _ token: DeliveryToken, timestamp: Int64, _ tools: inout WorkerTools
    ) -> RecordEnd {
        predict(message, at: message.timestampMilliseconds, tools.row)
        let own = message.timestampMilliseconds ?? -1
        let end = send(message, token, own: own, timestamp: timestamp, &tools)
        guard case .processed = end else { return end }
        if timestamp != max(own, 0) { counts.restampedRecords += 1 }
        account(message.offset, &tools)
        return .processed
    }

    private mutating func deadLetterTreated(
        _ message: Message, _ token: DeliveryToken, _ reason: String, _ detail: String, omitsValue: Bool,
        _ tools: inout WorkerTools
    ) -> RecordEnd {
        let end = sendDeadLetter(
            message, token, reason: reason, detail: detail, omitsValue: omitsValue, &tools)
        guard case .processed = end else { return end }
        learnTreated(message, isBad: reason != "undeliverable", &tools)
        return .processed
    }

    /// An event whose prediction cannot be sent is learned all the same: it happened.
    private mutating func learnTreated(_ message: Message, isBad: Bool, _ tools: inout WorkerTools) {
        guard !isBad else { return }
        predict(message, at: message.timestampMilliseconds, tools.row)
        account(message.offset, &tools)
    }

    /// The producer refused a prediction at once, before the network: it is too large, or the client is at its end.
    @inline(never)
    mutating func sendFailed(
        _ error: KafkaError, _ message: Message, _ token: DeliveryToken, _ tools: inout WorkerTools
    ) -> RecordEnd {
        if error.isAuthorization || error.isAuthentication {
            return .fails(EngineError(error, during: "producing to \(context.configuration.outputTopic)"))
        }
        guard error.isRecordRefused else {
            tools.producerFailure = error
            return .waits
        }
        let end = sendDeadLetter(
            message, token, reason: "undeliverable", detail: error.message, omitsValue: false, &tools)
        return end
    }

    /// Sends the original record with the reason to the dead-letter topic, if the pipeline has one.
    mutating func sendDeadLetter(
        _ message: Message, _ token: DeliveryToken, reason: String, detail: String, omitsValue: Bool,
        timestamp: Int64? = nil,
        _ tools: inout WorkerTools
    ) -> RecordEnd {
        guard let topic = tools.deadLetterTopic else {
            if context.configuration.onBadRecord == .stop {
                return .fails(
                    EngineError(.badData, "the output of \(place(message.offset)) is refused: \(detail)"))
            }
            context.meters.recordsDropped.add()
            context.log.error(
                "a record has no dead-letter topic to go to and is dropped", ["place": place(message.offset)])
            return .processed
        }
        var headers = [
            Header(name: "millrace-error", text: reason), Header(name: "millrace-error-detail", text: detail),
            Header(name: "millrace-source", text: place(message.offset)),
        ]
        if omitsValue {
            headers.append(Header(name: "millrace-value-omitted", text: "\(message.value?.byteCount ?? 0)"))
        }
        let result = tools.producer.produce(
            topic, partition: partition.partition, key: message.key, value: omitsValue ? nil : message.value,
            timestampMilliseconds: tools.timestampLimits.allowed(message.timestampMilliseconds ?? 0),
            headersOf: message,
            adding: headers, token: token.rawValue)
        switch result {
        case .queued:
            ledger.produced(bytes: omitsValue ? 0 : message.value?.byteCount ?? 0)
            context.meters.deadLetter(reason: reason)
            return .processed
        case .queueFull:
            return .waits
        case .failed(let error) where error.isRecordRefused && !omitsValue:
            return sendDeadLetter(
                message, token, reason: reason, detail: detail, omitsValue: true, &tools)
        case .failed(let error) where error.isRecordRefused:
            context.meters.recordsDropped.add()
            context.log.error(
                "a dead letter was refused and is dropped", ["place": place(message.offset), "reason": error.message])
            return .processed
        case .failed(let error) where error.isAuthorization || error.isAuthentication:
            return .fails(EngineError(error, during: "producing dead letters"))
        case .failed(let error):
            tools.producerFailure = error
            return .waits
        }
    }

    /// `topic/partition/offset`.
    func place(_ offset: Int64) -> String { "\(partition.topic)/\(partition.partition)/\(offset)" }
}

/// What refused outputs lead to.
extension TaskState {
    /// The broker refuses the output of the record at `offset` whatever happens.
    mutating func noteRefusal(of offset: Int64, _ error: KafkaError) {
        treatments[offset] = treatments[offset]?.escalated(error) ?? .alone
    }

    /// Forgets what is outstanding; records come round again under a new incarnation, from the last delivered position.
    mutating func setBack() {
        ledger.rewind()
        incarnation = context.nextIncarnation()
        isAlone = false
        forgetSettledTreatments()
    }

    /// Records below the delivered position need no treatment any more; without any the usual way is taken again.
    mutating func forgetSettledTreatments() {
        guard !treatments.isEmpty else { return }
        let delivered = ledger.deliveredPosition
        treatments = treatments.filter { $0.key >= delivered }
    }
}
