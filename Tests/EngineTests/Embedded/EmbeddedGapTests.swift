// Goal: a gap that the client makes after a rebalance is noticed, and what it passed over is read. Method: a control loop on the
// embedded cluster whose consumer is started some records behind the position of its task.

import Dispatch
import Kafka
import Synchronization
import Telemetry
import Testing

@testable import Engine

extension EmbeddedRunTests {
    /// Hands everything on to the loop, but lets the consumer skip records as librdkafka before 2.1 may.
    private final class SkippingDelegate: RebalanceDelegate {
        private let loop: ControlLoop
        private let skipped: Int64

        init(_ loop: ControlLoop, skipping skipped: Int64) {
            self.loop = loop
            self.skipped = skipped
        }

        func partitionsAssigned(
            _ partitions: [TopicPartition], in group: ConsumerGroup
        ) -> [TopicPartition: Int64] {
            let starts = loop.partitionsAssigned(partitions, in: group)
            for handle in loop.board.handles { handle.mayHaveSkipped.store(true, ordering: .relaxed) }
            return starts.mapValues { $0 + skipped }
        }

        func partitionsRevoked(_ partitions: [TopicPartition], in group: ConsumerGroup) {
            loop.partitionsRevoked(partitions, in: group)
        }

        func partitionsLost(_ partitions: [TopicPartition], in group: ConsumerGroup) {
            loop.partitionsLost(partitions, in: group)
        }

        func rebalanceFinished(hookMilliseconds: Double, kind: RebalanceKind, partitions: [TopicPartition]) {}
    }

    /// Five of seventeen records, and all of them: then the gap ends at the end of the partition.
    @Test(arguments: [Int64(5), 17]) func whatTheClientSkippedIsReadOnceMore(skipped: Int64) throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(Self.events(3))
        // The embedded cluster notices that a member left only by its session timeout.
        let quick = [Property(key: "session.timeout.ms", value: "6000")]
        let first = RunningEngine(try pipeline.configuration(consumer: quick), log: pipeline.log)
        _ = try #require(first.wait()).get()
        #expect(try pipeline.committed() == [0: 3])
        try pipeline.load(Self.events(17))

        let configuration = try pipeline.configuration()
        let stopper = StopSwitch()
        let cluster = try #require(try PreparedCluster(configuration, log: pipeline.log, stopper: stopper))
        let board = StatusBoard()
        let loop = ControlLoop(
            configuration: configuration, log: pipeline.log,
            meters: EngineMeters(MetricRegistry(), models: ["champion"]), board: board, cluster: cluster,
            workerCount: 1, keepsFreedMemory: false, stopper: stopper)
        let delegate = SkippingDelegate(loop, skipping: skipped)
        let group = try ConsumerGroup(
            properties: configuration.properties, settings: cluster.consumerSettings(configuration), log: pipeline.log,
            delegate: delegate)
        DispatchQueue.global().asyncAfter(deadline: .now() + 30) { stopper.stop() }
        let engine = Engine(configuration, log: pipeline.log, metrics: MetricRegistry())
        let summary = try withExtendedLifetime(delegate) { try loop.run(group) { engine.snapshot() } }

        #expect(summary.reachedEnd)
        #expect(pipeline.logged.text.contains("offsets are missing after a rebalance"))
        let sources = try pipeline.read("out").map { $0.text(of: "source") }
        #expect(sources == (0..<20).map { "in/0/\($0)" }, "each once, in order, what was passed over among them")
        #expect(try pipeline.committed() == [0: 20])
    }
}
