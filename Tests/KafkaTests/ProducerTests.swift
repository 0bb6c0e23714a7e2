// Goal: every produced message gets exactly one report, joined into runs; a full queue and each kind of failure are told
// apart. Method: the embedded cluster with injected errors, and dead addresses where nothing may arrive.
import Glibc
import Kafka
import Telemetry
import Testing

@Suite(.serialized) struct ProducerTests {
    let cluster: EmbeddedCluster
    let properties: ClientProperties

    init() throws {
        cluster = try EmbeddedCluster()
        properties = ClientProperties(bootstrapServers: cluster.bootstrapServers)
        try cluster.createTopic("in", partitions: 2)
    }

    @Test func consecutiveTokensBecomeOneRun() throws {
        let sender = try Sender(properties)
        sender.sendTexts(1000)
        #expect(sender.producer.producedSinceDrain == 1000)
        sender.drain()
        #expect(sender.producer.producedSinceDrain == 0, "whatever is still on its way")
        sender.sendTexts(500, first: 2000)
        #expect(sender.producer.producedSinceDrain == 500)
        #expect(sender.awaitReports(1500))
        #expect(sender.producer.producedSinceDrain == 0)
        // Reports of one partition come in order, in events of any size; joined across all of a drain.
        let total = sender.runs.reduce(into: [UInt64: Int]()) { $0[$1.firstToken, default: 0] += $1.count }
        #expect(total.values.reduce(0, +) == 1500)
        #expect(
            sender.runs.flatMap { run in (0..<UInt64(run.count)).map { run.firstToken + $0 } }
                == Array(0..<1000) + Array(2000..<2500))
        #expect(sender.runs.count < 150, "runs join neighbours: \(sender.runs.count)")
        #expect(sender.runs.allSatisfy { $0.isDelivered && $0.error == nil })
        #expect(sender.rings.count > 0)
        #expect(sender.producer.inFlightCount == 0)
        #expect(sender.close())
    }

    @Test func reportsThatDoNotJoinAreAllThere() throws {
        let sender = try Sender(properties)
        for token in stride(from: UInt64(0), to: 600, by: 3) { #expect(sender.send([1], token: token).isQueued) }
        #expect(sender.awaitReports(200))
        #expect(sender.runs.map(\.firstToken) == Array(stride(from: 0, to: 600, by: 3)))
        #expect(sender.runs.allSatisfy { $0.count == 1 })
        #expect(sender.close())
    }

    @Test func aFullQueueRefusesAndRecovers() throws {
        try cluster.setBroker(1, isUp: false)
        let sender = try Sender(properties, ProducerSettings(queueMessages: 50))
        var queued = 0
        for token in 0..<80 {
            switch sender.send([1], token: UInt64(token)) {
            case .queued: queued += 1
            case .queueFull: break
            case .failed(let error): Issue.record("\(error)")
            }
        }
        #expect(queued == 50)
        #expect(sender.producer.inFlightCount >= 50, "an error event may wait too")
        try cluster.setBroker(1, isUp: true)
        #expect(sender.awaitReports(50))
        #expect(sender.send([1], token: 80).isQueued)
        #expect(sender.awaitReports(51))
        #expect(sender.runs.allSatisfy { $0.isDelivered })
        #expect(sender.close())
    }

    @Test func retriableErrorsOfTheBrokerAreRetried() throws {
        cluster.failNext(.produce, with: [.notLeader, .notEnoughReplicas, .requestTimedOut])
        let sender = try Sender(properties)
        sender.sendTexts(10)
        #expect(sender.awaitReports(10, seconds: 40))
        #expect(sender.runs.allSatisfy { $0.isDelivered })
        #expect(sender.close())
    }

    @Test func refusedRecordsFailForGood() throws {
        let sender = try Sender(properties)
        let large = [UInt8](repeating: 1, count: 1_100_000)
        let refused = try #require(sender.send(large).error)
        #expect(refused.isMessageTooLarge && refused.isRecordRefused && !refused.isRetriable)

        for (code, check) in [
            (KafkaErrorCode.messageTooLarge, \KafkaError.isMessageTooLarge),
            (.invalidTimestamp, \.isInvalidTimestamp), (.topicAuthorizationFailed, \.isAuthorization),
        ] {
            cluster.failNext(.produce, with: [code])
            let before = sender.reported
            #expect(sender.send([1], token: 7).isQueued)
            #expect(sender.awaitReports(before + 1))
            let error = try #require(sender.runs.last?.error)
            #expect(error.code == code && error[keyPath: check] && !error.isRetriable && !error.isFatal)
        }
        #expect(sender.close())
    }

    @Test func aFatalErrorEndsTheProducer() throws {
        let sender = try Sender(properties)
        #expect(sender.producer.fatalError == nil)
        sender.sendTexts(1)
        #expect(sender.awaitReports(1))
        cluster.failNext(.produce, with: [.outOfOrderSequence])
        sender.sendTexts(1, first: 1)
        #expect(sender.awaitReports(2))
        #expect(sender.producer.fatalError?.isFatal == true)
        let refused = try #require(sender.send([1]).error)
        #expect(refused.isFatal)
        #expect(
            awaitCondition {
                sender.drain(); return sender.producer.takeErrors().contains { $0.isFatal }
            })
        #expect(sender.close())
    }

    @Test func unknownPartitionsAndTimeoutsAreReported() throws {
        var quick = properties
        quick.producer = [Property(key: "message.timeout.ms", value: "1500")]
        let sender = try Sender(quick)
        sender.sendTexts(1)
        #expect(sender.awaitReports(1))
        let unknown = try #require(sender.send([1], partition: 9).error)
        #expect(unknown.isUnknownTopic)
        try cluster.setBroker(1, isUp: false)
        #expect(sender.send([1], token: 4).isQueued)
        #expect(sender.awaitReports(2))
        let late = try #require(sender.runs.last?.error)
        #expect(late.isTimeout && late.isRetriable && !late.isRecordRefused)
        #expect(
            awaitCondition {
                sender.drain(); return !sender.producer.takeErrors().isEmpty
            })
        #expect(sender.close())
    }

    @Test func purgeReportsEverythingAndCloseNeverHangs() throws {
        try cluster.setBroker(1, isUp: false)
        let sender = try Sender(properties)
        sender.sendTexts(100)
        sender.producer.purge()
        #expect(sender.awaitReports(100))
        #expect(sender.runs.allSatisfy { $0.code == .purgedFromQueue || $0.code == .purgedInFlight })
        sender.sendTexts(100)
        let start = ContinuousClock.now
        #expect(sender.close())
        #expect(.now - start < .seconds(5))
        #expect(sender.send([1]).error?.code == .closed)
        sender.drain()
        #expect(sender.close(), "closing again does no harm")
    }

    @Test func droppedWithoutCloseItGoesByItself() throws {
        for _ in 0..<3 {
            let sender = try Sender(properties)
            sender.sendTexts(10)
        }
    }

    /// Single messages and held back ones, with times of their own and without.
    @Test(arguments: [false, true], [0, 1_700_000_000_123]) func aSmallBatchDoesNotLinger(
        isBatched: Bool, time: Int64
    ) throws {
        let sender = try Sender(withLinger(of: .seconds(5)))
        sender.producer.beginBatch(of: 3)
        let start = ContinuousClock.now
        for token in 0..<UInt64(3) {
            #expect(sender.send([1], time: time, token: token, isBatched: isBatched).isQueued)
        }
        sender.producer.sendBatch()
        #expect(sender.awaitReports(3))
        #expect(.now - start < .seconds(3))
        #expect(sender.close())
    }

    @Test(arguments: [false, true]) func theClockIsRightAfterwards(isBatched: Bool) throws {
        let sender = try Sender(withLinger(of: .seconds(60)))
        sender.producer.beginBatch(of: 1)
        let before = monotonicNanoseconds()
        #expect(sender.send([1], isBatched: isBatched).isQueued)
        sender.producer.sendBatch()
        #expect(monotonicNanoseconds() >= before)
        #expect(sender.awaitReports(1))
        #expect(sender.close())
    }

    @Test func aSmallBatchBehindFewLeavesAtOnce() throws {
        let sender = try Sender(withLinger(of: .seconds(5)))
        sender.sendTexts(99)
        sender.producer.beginBatch(of: 1)
        let start = ContinuousClock.now
        sender.sendTexts(1, partition: 1, first: 2_000)
        #expect(sender.awaitReport(of: 2_000))
        #expect(.now - start < .seconds(3))
        #expect(sender.close())
    }

    @Test(arguments: [false, true]) func aLargeBatchLingers(isBehindMany: Bool) throws {
        let sender = try Sender(withLinger(of: .seconds(1)))
        if isBehindMany {
            sender.sendTexts(100)
            sender.producer.beginBatch(of: 1)
        } else {
            sender.producer.beginBatch(of: 1_000)
        }
        let start = ContinuousClock.now
        // Another partition, so that nothing of its own queue is before it.
        sender.sendTexts(1, partition: 1, first: 2_000)
        #expect(sender.awaitReport(of: 2_000))
        #expect(.now - start > .milliseconds(700))
        #expect(sender.close())
    }

    private func withLinger(of duration: Duration) -> ClientProperties {
        var slow = properties
        slow.producer = [Property(key: "linger.ms", value: String(duration.components.seconds * 1_000))]
        return slow
    }

    private func monotonicNanoseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
