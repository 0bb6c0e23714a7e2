import Foundation
import TestSupport
import Testing

extension BrokerTests {
    /// Goal (I1, I2, I3): every event has exactly its prediction in an undisturbed run, and none is missing after kills.
    @Suite struct Delivery {
        let cluster: KafkaCluster
        let kcat: Kcat

        init() throws {
            cluster = try BrokerTests.cluster.get()
            kcat = Kcat(cluster.bootstrapServers)
        }

        @Test(.timeLimit(.minutes(15)))
        func `each event of four partitions gets one prediction, in order`() throws {
            let count = BrokerTests.setting("MILLRACE_EVENTS", default: 100_000)
            let service = try Service(cluster.bootstrapServers)
            if BrokerAccess.isDistribution { try cluster.createTopic(service.input) }
            let events = service.folder.url.appending(path: "events")
            try Events.write(count, to: events)
            try kcat.write(service.input, lines: events.path, within: .seconds(300))
            try FileManager.default.removeItem(at: events)
            let ends = try kcat.ends(service.input, partitions: service.partitions)
            try #require(ends.reduce(0, +) == Int64(count))
            #expect(ends.allSatisfy { $0 > 0 })

            try service.runToEnd(within: .seconds(300))

            let predictions = try Predictions(
                kcat, topic: service.output, input: service.input, partitions: service.partitions)
            #expect(predictions.count == count)
            try predictions.checkPlaces()
            // Exactly 0, 1, 2 … in each partition, which is stronger than the order of each key.
            try predictions.checkExactOrder()
            if BrokerAccess.isDistribution {
                let committed = try cluster.committed(group: service.name, topic: service.input)
                #expect((0..<service.partitions).map { committed[$0] } == ends)
            }
            // A second run finds nothing to do.
            try service.runToEnd(within: .seconds(60))
            #expect(try kcat.ends(service.output, partitions: service.partitions).reduce(0, +) == Int64(count))
        }

        @Test(
            .timeLimit(.minutes(15)), .enabled(if: BrokerAccess.isDistribution, "\(BrokerAccess.missingDistribution)"))
        func `nothing is missing after kill -9 under load, repeats are few and carry their source`() throws {
            let kills = BrokerTests.setting("MILLRACE_KILLS", default: 3)
            let rate = BrokerTests.setting("MILLRACE_KILL_RATE", default: 20_000)
            var options = Service.Options()
            options.kafka = ["session.timeout.ms: 6000"]
            let service = try Service(cluster.bootstrapServers, options)
            try service.createTopics(on: cluster)
            var moments: [Int64] = []
            let load = try PacedLoad(kcat, topic: service.input, perSecond: rate, in: service.folder.url)
            var process = try service.start()
            for kill in 0..<kills {
                try service.awaitOutputs(kcat, more: 1_000, within: .seconds(60))
                // Another moment of the commit interval each time, so that something delivered is not committed yet.
                Thread.sleep(forTimeInterval: 0.4 + 1.3 * Double(kill % 7) / 7)
                process.send(signal: SIGKILL)
                moments.append(wallMilliseconds())
                #expect(process.wait(within: .seconds(20)) == .signal(SIGKILL))
                process = try service.start()
            }
            try service.awaitOutputs(kcat, more: 1_000, within: .seconds(60))
            let written = try load.stop()
            try service.terminate(process)
            try service.runToEnd(within: .seconds(120))

            let ends = try kcat.ends(service.input, partitions: service.partitions)
            #expect(ends.reduce(0, +) == Int64(written))
            let predictions = try Predictions(
                kcat, topic: service.output, input: service.input, partitions: service.partitions)
            try predictions.checkPlaces()
            let repeats = try predictions.checkStepsBackOnly(ends: ends)
            #expect(predictions.distinctCount == written)
            #expect(repeats > 0, "no kill came between a delivery and its commit: the run proves little")
            print("\(kills) kills at \(rate)/s: \(written) events, \(repeats) repeats")
            for (partition, records) in predictions.partitions.enumerated() {
                checkRepeats(records, after: moments, partition: partition)
            }
        }

        /// For each kill: what was repeated after it is at most what was written in the two seconds before it.
        private func checkRepeats(_ records: [Predictions.Record], after moments: [Int64], partition: Int) {
            var seen = Set<Int64>()
            var repeats = [Int](repeating: 0, count: moments.count)
            for record in records where !seen.insert(record.sourceOffset).inserted {
                guard let kill = moments.lastIndex(where: { $0 <= record.time }) else {
                    Issue.record("partition \(partition): \(record) repeats an output before any kill")
                    return
                }
                repeats[kill] += 1
            }
            for (kill, moment) in moments.enumerated() {
                let before = records.count { $0.time > moment - 2_000 && $0.time <= moment }
                #expect(repeats[kill] <= before, "partition \(partition), kill \(kill)")
            }
        }
    }
}
