// Goal: each choice of the pipeline file that changes what is read, sent or refused does exactly that. Method: whole runs of the
// engine on the embedded cluster, told apart by what the output holds and what is committed.

import Engine
import Foundation
import Kafka
import Telemetry
import Testing

extension EmbeddedRunTests {
    private static func sources(_ records: [TestRecord]) -> [String?] { records.map { $0.text(of: "source") } }

    @Test func aStartAtTheEndReadsOnlyWhatArrivesAfterwards() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(Self.events(10))
        var configuration = try pipeline.configuration(exitsAtEnd: false)
        configuration.start = .latest
        let running = RunningEngine(configuration, log: pipeline.log)
        #expect(running.wait { $0.partitions.first?.committedPosition == 10 }, "the end is committed at once")
        try pipeline.load(Self.events(3))
        #expect(running.wait { $0.deliveredCount >= 3 })
        running.engine.stop()
        _ = try #require(running.wait()).get()
        #expect(Self.sources(try pipeline.read("out")) == ["in/0/10", "in/0/11", "in/0/12"])
        #expect(try pipeline.committed() == [0: 13])
    }

    @Test func withLittleMemoryForManyPartitionsEveryEventIsPredictedOnce() throws {
        let pipeline = try EmbeddedPipeline(partitions: 8)
        try pipeline.load(Self.events(40_000))
        var configuration = try pipeline.configuration()
        // Half for what is prefetched: far less than a batch of the log for each partition.
        configuration.memoryBytes = 4 << 20
        let running = RunningEngine(configuration, log: pipeline.log)
        let summary = try #require(running.wait()).get()
        #expect(summary.reachedEnd)
        Self.check(try pipeline.read("out"), partitions: 8, count: 40_000)
        #expect(try pipeline.committed() == Dictionary(uniqueKeysWithValues: (0..<8).map { (Int32($0), 5_000) }))
    }

    @Test func skippedRecordsAreCountedAndPassed() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        let good = "{\"id\":1,\"x\":0.5,\"label\":1}"
        try pipeline.load([good, "{", good, nil])
        let running = RunningEngine(try pipeline.configuration(onBadRecord: .skip), log: pipeline.log)
        let summary = try #require(running.wait()).get()
        #expect(summary.reachedEnd)
        #expect(summary.snapshot.badCount == 2)
        #expect(summary.snapshot.predictedCount == 2)
        #expect(summary.snapshot.deliveredCount == 2, "nothing is sent for a record that is left out")
        #expect(Self.sources(try pipeline.read("out")) == ["in/0/0", "in/0/2"])
        #expect(try pipeline.read("dead").isEmpty)
        #expect(try pipeline.committed() == [0: 4], "a record that is left out last is passed as well")
    }

    @Test(arguments: [true, false]) func headersGoAlongUnlessTheyAreDropped(passes: Bool) throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(Self.events(2) + ["{"], headers: [Header(name: "trace", text: "abc")])
        var configuration = try pipeline.configuration()
        configuration.passesHeaders = passes
        _ = try #require(RunningEngine(configuration, log: pipeline.log).wait()).get()
        let expected = passes ? ["trace": "abc"] : [:]
        #expect(try pipeline.read("out").map(\.headers) == [expected, expected])
        #expect(try pipeline.read("dead").map { $0.headers["trace"] } == ["abc"], "a dead letter is the whole record")
    }

    @Test(arguments: [true, false]) func anOutputWithFewerPartitionsIsRefused(isOutput: Bool) throws {
        let pipeline = try EmbeddedPipeline(partitions: 2)
        try pipeline.cluster.createTopic("narrow", partitions: 1)
        var configuration = try pipeline.configuration(onBadRecord: .deadLetter(topic: isOutput ? "dead" : "narrow"))
        if isOutput { configuration.outputTopic = "narrow" }
        guard case .failure(let error) = try #require(RunningEngine(configuration, log: pipeline.log).wait()) else {
            Issue.record("predictions of partition 1 have nowhere to go")
            return
        }
        #expect(error.kind == .configuration)
        #expect(error.exitCode == 78)
        #expect(error.message.contains("topic narrow has 1 partitions, in has 2"))
        #expect(error.message.contains("--alter --topic narrow --partitions 2"))
    }

    private static let old: Int64 = 1_600_000_000_000

    /// A request of several is refused for one record's timestamp, and nobody says which: alone all are taken as they are.
    @Test func whoIsRefusedInCompanyKeepsItsTimestamp() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(Self.events(5), timestamp: Self.old)
        pipeline.cluster.failNext(.produce, with: [.invalidTimestamp])
        let running = RunningEngine(try pipeline.configuration(), log: pipeline.log)
        let summary = try #require(running.wait()).get()
        #expect(summary.reachedEnd)
        #expect(summary.snapshot.models[0].scored == 5)
        let outputs = try pipeline.read("out")
        #expect(Set(outputs.compactMap { $0.text(of: "source") }).count == 5)
        #expect(outputs.allSatisfy { $0.timestamp == Self.old })
        #expect(running.metrics.prometheusText().contains("millrace_timestamps_replaced_total 0\n"))
        #expect(try pipeline.committed() == [0: 5])
    }

    /// Refused for its timestamp again when it is alone: it is sent with the present time, and those behind it keep their own. It
    /// begins alone, as several may leave in one request or in two.
    @Test func aRecordWhoseTimestampIsRefusedIsSentWithThePresentTime() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(Self.events(1), timestamp: Self.old)
        pipeline.cluster.failNext(.produce, with: [.invalidTimestamp, .invalidTimestamp])
        let before = Int64(Date().timeIntervalSince1970 * 1000)
        let running = RunningEngine(try pipeline.configuration(exitsAtEnd: false), log: pipeline.log)
        #expect(running.wait { $0.partitions.first?.deliveredPosition == 1 })
        try pipeline.load(Self.events(4), timestamp: Self.old)
        #expect(running.wait { $0.partitions.first?.deliveredPosition == 5 })
        running.engine.stop()
        let summary = try #require(running.wait()).get()
        #expect(summary.snapshot.models[0].scored == 5)
        let outputs = try pipeline.read("out")
        let first = outputs.filter { $0.text(of: "source") == "in/0/0" }
        #expect(first.count == 1)
        #expect(first.allSatisfy { $0.timestamp >= before })
        #expect(outputs.filter { $0.timestamp == Self.old }.count == 4)
        #expect(outputs.count == 5)
        #expect(try pipeline.read("dead").isEmpty)
        #expect(running.metrics.prometheusText().contains("millrace_timestamps_replaced_total 1\n"))
        #expect(try pipeline.committed() == [0: 5])
    }
}
