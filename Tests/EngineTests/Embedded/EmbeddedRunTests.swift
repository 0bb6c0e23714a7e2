// Goal: every event has exactly one effect in an undisturbed run, and none is lost when deliveries fail, records are bad, or
// members come and go. Method: whole runs of the engine on the embedded cluster, with errors injected into it.

import Engine
import Foundation
import Kafka
import Testing

@Suite(.serialized) struct EmbeddedRunTests {
    static func events(_ count: Int) -> [String?] {
        (0..<count).map { "{\"id\":\($0),\"x\":\(Double($0 % 10) / 10),\"label\":\($0 % 10 > 4 ? 1 : 0)}" }
    }

    /// Each input offset has its output in the same partition; `repeats` says whether some may come twice.
    static func check(_ outputs: [TestRecord], partitions: Int, count: Int, repeats: Bool = false) {
        var seen: [String: Int] = [:]
        for output in outputs {
            let source = output.text(of: "source") ?? "none"
            seen[source, default: 0] += 1
            #expect(source.hasPrefix("in/\(output.partition)/"))
        }
        #expect(seen.count == count)
        if !repeats {
            #expect(outputs.count == count)
            var last: [Int32: Int] = [:]
            for output in outputs {
                let offset = Int(output.text(of: "source")?.split(separator: "/").last ?? "") ?? -1
                #expect(offset > last[output.partition] ?? -1, "outputs of one partition come in input order")
                last[output.partition] = offset
            }
        }
    }

    @Test func everyEventIsPredictedOnceInOrderAndCommitted() throws {
        let pipeline = try EmbeddedPipeline(partitions: 4)
        try pipeline.load(Self.events(4000))
        let running = RunningEngine(try pipeline.configuration(), log: pipeline.log)
        let summary = try #require(running.wait()).get()
        #expect(summary.reachedEnd)
        #expect(summary.snapshot.predictedCount == 4000)
        #expect(summary.snapshot.deliveredCount == 4000)
        #expect(summary.snapshot.models[0].scored == 4000)
        let outputs = try pipeline.read("out")
        Self.check(outputs, partitions: 4, count: 4000)
        #expect(try pipeline.committed() == [0: 1000, 1: 1000, 2: 1000, 3: 1000])
        #expect(outputs.first?.text(of: "model") == "champion")
        #expect(outputs.first?.key == "k0")
        #expect(pipeline.logged.text.contains("startup_own_ms="))
        #expect(pipeline.logged.text.contains("hook_ms="))
    }

    @Test func badRecordsBecomeDeadLettersWithTheirReason() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        let good = "{\"id\":1,\"x\":0.5,\"label\":1}"
        try pipeline.load([good, nil, "", "{\"id\":2,", "{\"x\":\"text\"}", good])
        let running = RunningEngine(try pipeline.configuration(), log: pipeline.log)
        let summary = try #require(running.wait()).get()
        #expect(summary.snapshot.predictedCount == 2)
        #expect(summary.snapshot.badCount == 4)
        let dead = try pipeline.read("dead")
        #expect(dead.map { $0.headers["millrace-error"] } == ["tombstone", "empty", "malformed", "wrong_type"])
        #expect(dead.map(\.value) == [nil, "", "{\"id\":2,", "{\"x\":\"text\"}"])
        #expect(dead[0].headers["millrace-source"] == "in/0/1")
        #expect(try pipeline.committed() == [0: 6])
    }

    @Test func aBadRecordStopsTheServiceWhereItIs() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(Self.events(5) + ["{"] + Self.events(5))
        let running = RunningEngine(try pipeline.configuration(onBadRecord: .stop), log: pipeline.log)
        guard case .failure(let error) = try #require(running.wait()) else {
            Issue.record("the run did not fail")
            return
        }
        #expect(error.exitCode == 65)
        #expect(error.message.contains("in/0/5"))
        #expect(try pipeline.committed() == [0: 5])
    }

    @Test func aRefusedRequestIsSentAgainRecordByRecord() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(Self.events(300))
        pipeline.cluster.failNext(.produce, with: [.messageTooLarge])
        let running = RunningEngine(try pipeline.configuration(), log: pipeline.log)
        let summary = try #require(running.wait()).get()
        #expect(summary.snapshot.models[0].scored == 300, "each event is learned once, however often it is produced")
        let sources = Set(try pipeline.read("out").compactMap { $0.text(of: "source") })
        #expect(
            sources.count == 300, "a request that is refused once says nothing of its records: each gets its own chance"
        )
        #expect(try pipeline.read("dead").isEmpty)
        #expect(try pipeline.committed() == [0: 300])
    }

    /// Records that go one by one leave at once, also where a thousand stand behind them: with this linger each would take five seconds.
    @Test func recordsThatGoOneByOneDoNotLinger() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(Self.events(3_000))
        pipeline.cluster.failNext(.produce, with: [.messageTooLarge])
        let running = RunningEngine(
            try pipeline.configuration(producer: [Property(key: "linger.ms", value: "5000")]), log: pipeline.log)
        let summary = try #require(running.wait(seconds: 60)).get()
        #expect(summary.snapshot.models[0].scored == 3_000)
        #expect(Set(try pipeline.read("out").compactMap { $0.text(of: "source") }).count == 3_000)
        #expect(try pipeline.committed() == [0: 3_000])
    }

    @Test func aRecordThatIsRefusedAloneBecomesADeadLetter() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        // One record, as several may leave in one request or in two. Refused with whatever came along, then alone; its dead
        // letter is taken.
        try pipeline.load(Self.events(1))
        pipeline.cluster.failNext(.produce, with: [.messageTooLarge, .messageTooLarge])
        let running = RunningEngine(try pipeline.configuration(exitsAtEnd: false), log: pipeline.log)
        #expect(running.wait { $0.partitions.first?.deliveredPosition == 1 }, "the partition is past it")
        try pipeline.load(Self.events(19))
        #expect(running.wait { $0.partitions.first?.deliveredPosition == 20 })
        running.engine.stop()
        let summary = try #require(running.wait()).get()
        #expect(summary.snapshot.models[0].scored == 20)
        let sources = Set(try pipeline.read("out").compactMap { $0.text(of: "source") })
        let dead = try pipeline.read("dead")
        #expect(dead.map { $0.headers["millrace-source"] } == ["in/0/0"])
        #expect(dead.first?.headers["millrace-error"] == "undeliverable")
        #expect(sources.count == 19)
        #expect(try pipeline.committed() == [0: 20])
    }

    @Test func aFatalProducerErrorLosesNothing() throws {
        let pipeline = try EmbeddedPipeline(partitions: 2)
        try pipeline.load(Self.events(2000))
        pipeline.cluster.failNext(.produce, with: [.outOfOrderSequence, .outOfOrderSequence, .outOfOrderSequence])
        let running = RunningEngine(try pipeline.configuration(), log: pipeline.log)
        let summary = try #require(running.wait()).get()
        #expect(summary.snapshot.models[0].scored == 2000)
        Self.check(try pipeline.read("out"), partitions: 2, count: 2000, repeats: true)
        #expect(try pipeline.committed() == [0: 1000, 1: 1000])
    }

    /// The first requests succeed, so that reports of failures come between batches, some of which wait half done.
    @Test func aFatalProducerErrorInMidstreamLosesNothing() throws {
        let pipeline = try EmbeddedPipeline(partitions: 2)
        try pipeline.load(Self.events(24_000))
        let fine = [KafkaErrorCode](repeating: .none, count: 6)
        pipeline.cluster.failNext(.produce, with: fine + [.outOfOrderSequence, .outOfOrderSequence] + fine)
        let running = RunningEngine(try pipeline.configuration(), log: pipeline.log)
        let summary = try #require(running.wait()).get()
        #expect(summary.snapshot.models[0].scored == 24_000)
        #expect(pipeline.logged.text.contains("the producer failed for good"))
        Self.check(try pipeline.read("out"), partitions: 2, count: 24_000, repeats: true)
        #expect(try pipeline.committed() == [0: 12_000, 1: 12_000])
    }

    @Test func stoppingCommitsWhatIsDeliveredAndTheNextRunGoesOnThere() throws {
        let pipeline = try EmbeddedPipeline(partitions: 2)
        try pipeline.load(Self.events(1000))
        // The embedded cluster notices that a member left only by its session timeout.
        let quick = [Property(key: "session.timeout.ms", value: "6000")]
        let first = RunningEngine(try pipeline.configuration(exitsAtEnd: false, consumer: quick), log: pipeline.log)
        #expect(first.wait { $0.deliveredCount == 1000 })
        first.engine.stop()
        _ = try #require(first.wait()).get()
        #expect(try pipeline.committed() == [0: 500, 1: 500])
        try pipeline.load(Self.events(1000))
        let second = RunningEngine(try pipeline.configuration(), log: pipeline.log)
        let summary = try #require(second.wait()).get()
        #expect(summary.snapshot.predictedCount == 1000)
        Self.check(try pipeline.read("out"), partitions: 2, count: 2000)
    }

    @Test func commitsFollowDeliveriesWithinASecondWhenQuiet() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(Self.events(10))
        let running = RunningEngine(try pipeline.configuration(exitsAtEnd: false), log: pipeline.log)
        #expect(running.wait { $0.partitions.first?.deliveredPosition == 10 })
        let delivered = ContinuousClock.now
        #expect(running.wait { $0.partitions.first?.committedPosition == 10 })
        #expect(ContinuousClock.now - delivered < .seconds(1))
        #expect(running.engine.readiness.isReady)
        running.engine.stop()
        _ = try #require(running.wait()).get()
    }

    /// With this interval commits of few records come after 24 seconds, early ones after three.
    @Test func whatCatchesUpIsCommittedBeforeItsTime() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        let running = try Self.runOverBacklog(pipeline, commitInterval: .seconds(60))
        #expect(running.wait(seconds: 20) { $0.partitions.first?.committedPosition ?? 0 >= 16_384 })
        try pipeline.load(Self.events(1))
        #expect(running.wait { $0.partitions.first?.deliveredPosition == 20_001 })
        #expect(
            !running.wait(seconds: 5) { $0.partitions.first?.committedPosition == 20_001 },
            "few events wait for their time")
        running.engine.stop()
        _ = try #require(running.wait()).get()
        #expect(try pipeline.committed() == [0: 20_001])
    }

    /// With this interval early commits come after half a second, others after four.
    @Test func aCommitThatFailsIsNotTriedAgainEarly() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        let invalidCommitOffsetSize = KafkaErrorCode(rawValue: 28)
        let running = try Self.runOverBacklog(
            pipeline, commitInterval: .seconds(10),
            failingCommits: [KafkaErrorCode](repeating: invalidCommitOffsetSize, count: 3))
        var failures: Int { pipeline.logged.text.split(separator: "commit failed").count - 1 }
        #expect(running.wait(seconds: 20) { _ in failures > 0 })
        #expect(!running.wait(seconds: 2) { _ in failures > 1 })
        running.engine.stop()
        _ = try #require(running.wait()).get()
        #expect(try pipeline.committed() == [0: 20_000])
    }

    /// An engine whose group has committed 10 of 20,000 events.
    private static func runOverBacklog(
        _ pipeline: EmbeddedPipeline, commitInterval: Duration, failingCommits: [KafkaErrorCode] = []
    ) throws -> RunningEngine {
        try pipeline.load(events(20_000))
        try pipeline.commit(10)
        pipeline.cluster.failNext(.offsetCommit, with: failingCommits)
        var configuration = try pipeline.configuration(exitsAtEnd: false)
        configuration.commitInterval = commitInterval
        return RunningEngine(configuration, log: pipeline.log)
    }

    @Test func membersThatJoinAndLeaveLoseNothing() throws {
        let pipeline = try EmbeddedPipeline(partitions: 4)
        let quick = [
            Property(key: "session.timeout.ms", value: "6000"), Property(key: "heartbeat.interval.ms", value: "200"),
        ]
        let first = RunningEngine(try pipeline.configuration(exitsAtEnd: false, consumer: quick), log: pipeline.log)
        #expect(first.wait { $0.partitions.count == 4 })
        try pipeline.load(Self.events(2000))
        let second = RunningEngine(try pipeline.configuration(exitsAtEnd: false, consumer: quick), log: pipeline.log)
        #expect(second.wait { $0.partitions.count == 2 })
        #expect(first.wait { $0.partitions.count == 2 })
        try pipeline.load(Self.events(2000))
        second.engine.stop()
        _ = try #require(second.wait()).get()
        #expect(first.wait { $0.partitions.count == 4 })
        try pipeline.load(Self.events(2000))
        #expect(first.wait { $0.partitions.allSatisfy { max($0.deliveredPosition, $0.committedPosition) == 1500 } })
        first.engine.stop()
        _ = try #require(first.wait()).get()
        Self.check(try pipeline.read("out"), partitions: 4, count: 6000, repeats: true)
        #expect(try pipeline.committed() == [0: 1500, 1: 1500, 2: 1500, 3: 1500])
    }

    @Test func missingInputTopicAndUnreachableBrokerHaveTheirExitCodes() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        var missing = try pipeline.configuration()
        missing.inputTopic = "nowhere"
        pipeline.cluster.setError(ofTopic: "nowhere", to: .unknownTopicOrPartition)
        guard case .failure(let error) = try #require(RunningEngine(missing, log: pipeline.log).wait()) else {
            Issue.record("a missing topic was accepted")
            return
        }
        #expect(error.exitCode == 66)
        var unreachable = try pipeline.configuration()
        unreachable.properties = ClientProperties(
            common: [Property(key: "bootstrap.servers", value: "127.0.0.1:1")], consumer: [], producer: [])
        unreachable.connectTimeout = .seconds(1)
        guard case .failure(let other) = try #require(RunningEngine(unreachable, log: pipeline.log).wait()) else {
            Issue.record("an unreachable broker was accepted")
            return
        }
        #expect(other.exitCode == 69)
    }
}
