// Goal: the service is ready while it does its work, and says which partition stands when one does. Method: an engine that does
// not run, with a board as a run would have left it; the tasks' last progress lies in the past.

import Features
import Kafka
import Learning
import Synchronization
import Telemetry
import Testing

@testable import Engine

@Suite struct ReadinessTests {
    private let engine: Engine
    private let partition = TopicPartition(topic: "in", partition: 3)

    init() throws {
        let (model, _) = ModelSpecification.parse(
            name: "champion", entries: [ParameterEntry("type", .text("logistic_regression"))], task: .binary)
        let schema = Schema(
            fields: [.init(name: "x", kind: .number)], idField: nil,
            label: .init(field: "label", kind: .binary(positive: "1")))
        var configuration = EngineConfiguration(
            groupID: "g", properties: ClientProperties(), inputTopic: "in", schema: schema, features: [.allNumbers],
            models: [try #require(model)], outputTopic: "out", onBadRecord: .skip)
        configuration.stuckAfter = .seconds(30)
        engine = Engine(configuration, log: Log { _ in }, metrics: MetricRegistry())
        engine.board.isSubscribed = true
    }

    /// A task that made its last progress so many seconds ago.
    private func add(idle seconds: Int64, _ change: (inout PartitionProgress) -> Void = { _ in }) {
        let handle = PartitionHandle(partition: partition, now: MonotonicClock.now - seconds * 1_000_000_000)
        handle.update(change)
        engine.board.add(handle)
    }

    @Test func aTaskWithInputAndNoProgressIsStuck() {
        engine.board.setHighWatermark(100, of: partition)
        add(idle: 40) { $0.deliveredPosition = 60 }
        #expect(!engine.readiness.isReady)
        #expect(engine.readiness.reason.contains("in/3 has input and made no progress for 40 s"))
    }

    @Test func outputsThatAreNotAnsweredAreStuckWhateverTheEnd() {
        add(idle: 40) {
            $0.deliveredPosition = 60
            $0.inFlight = 1
        }
        #expect(!engine.readiness.isReady)
    }

    @Test func aTaskThatWasNeverReadIsStuckWhenThereIsInput() {
        add(idle: 40)
        #expect(engine.readiness.isReady, "nobody knows of any input")
        engine.board.setHighWatermark(1, of: partition)
        #expect(!engine.readiness.isReady)
    }

    @Test func patienceIsNotOverEarly() {
        engine.board.setHighWatermark(100, of: partition)
        add(idle: 20) {
            $0.deliveredPosition = 60
            $0.inFlight = 5
        }
        #expect(engine.readiness.isReady)
        #expect(engine.readiness.reason == "ok")
    }

    @Test func aTaskAtTheEndMayRest() {
        engine.board.setHighWatermark(100, of: partition)
        add(idle: 4000) { $0.deliveredPosition = 100 }
        #expect(engine.readiness.isReady)
        // Committed by the last owner; or the end is a transaction's marker, which is never delivered.
        add(idle: 4000) { $0.committedPosition = 100 }
        #expect(engine.readiness.isReady)
        add(idle: 4000) {
            $0.deliveredPosition = 99
            $0.endOfPartition = 100
        }
        #expect(engine.readiness.isReady)
    }

    @Test func anEngineThatStartsStopsOrStandsStillIsNotReady() {
        #expect(engine.readiness.isReady)
        engine.board.controlHeartbeat.store(MonotonicClock.now - 40_000_000_000, ordering: .relaxed)
        #expect(engine.readiness.reason == "the control thread does not turn")
        #expect(!engine.readiness.isReady)
        engine.board.isDraining = true
        #expect(engine.readiness.reason == "stopping")
        #expect(!engine.readiness.isReady)
        engine.board.isDraining = false
        engine.board.isSubscribed = false
        #expect(engine.readiness.reason == "starting")
        #expect(!engine.readiness.isReady)
    }
}
