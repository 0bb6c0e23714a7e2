import Foundation
import TestSupport
import Testing

extension BrokerTests {
    /// Goal: brokers that die, come back or freeze under load cost time but no event, and hold up only what they lead.
    @Suite(.enabled(if: BrokerAccess.isDistribution, "\(BrokerAccess.missingDistribution)"))
    struct Faults {
        /// What a service may have resident while a broker is away: the budget of the performance page.
        private static let residentBytesMax = 160_000_000

        @Test(.timeLimit(.minutes(5)))
        func `a broker killed, restarted and frozen under load loses nothing`() throws {
            // A killed broker may come back once its old session is over.
            var options = KafkaCluster.Options()
            options.properties = ["broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"]
            let cluster = try KafkaCluster(options)
            let kcat = Kcat(cluster.bootstrapServers)
            let service = try Service(cluster.bootstrapServers)
            try service.createTopics(on: cluster)
            let load = try PacedLoad(kcat, topic: service.input, perSecond: 20_000, in: service.folder.url)
            let process = try service.start()
            try service.awaitOutputs(kcat, more: 20_000, within: .seconds(60))

            try cluster.kill(1)
            Thread.sleep(forTimeInterval: 3)
            try cluster.restart(1)
            try service.awaitOutputs(kcat, more: 20_000, within: .seconds(90))

            try cluster.pause(1)
            Thread.sleep(forTimeInterval: 8)
            try cluster.resume(1)
            try service.awaitOutputs(kcat, more: 20_000, within: .seconds(90))
            #expect(process.isRunning, "\(process.errors.suffix(2000))")

            _ = try load.stop()
            try service.terminate(process)
            try service.runToEnd(within: .seconds(90))
            try checkNothingIsMissing(kcat, service)
        }

        @Test(.timeLimit(.minutes(8)))
        func `a frozen leader of one output partition does not hold up the others`() throws {
            var options = KafkaCluster.Options()
            options.brokers = 3
            // The group's positions live on one broker, so that the frozen one is no part of their replication.
            options.properties = ["offsets.topic.replication.factor": "1"]
            let cluster = try KafkaCluster(options)
            let service = try Service(cluster.bootstrapServers)
            let (frozen, others) = try bystander(of: service, in: cluster)
            let safe = (0..<service.partitions).map { [others[$0 % 2]] }
            try service.createTopics(
                on: cluster, inputs: safe, outputs: [[frozen]] + safe.dropFirst(), deadLetters: safe)
            let kcat = Kcat(servers(others, of: cluster))
            let load = try PacedLoad(kcat, topic: service.input, perSecond: 20_000, in: service.folder.url)
            let process = try service.start()
            try service.awaitOutputs(Kcat(cluster.bootstrapServers), more: 60_000, within: .seconds(60))

            let start = wallMilliseconds()
            try cluster.pause(frozen)
            var resident = 0
            for _ in 0..<120 {
                Thread.sleep(forTimeInterval: 0.25)
                resident = max(resident, Service.residentBytes(of: process))
            }
            try cluster.resume(frozen)
            let end = wallMilliseconds()
            #expect(process.isRunning, "\(process.errors.suffix(2000))")
            #expect(resident <= Faults.residentBytesMax)
            let written = try load.stop()
            try service.terminate(process)
            try service.runToEnd(within: .seconds(90))

            let all = Kcat(cluster.bootstrapServers)
            let predictions = try checkNothingIsMissing(all, service)
            let seconds = Double(end - start) / 1000
            let expected = try shares(of: service, all)
            for partition in 1..<service.partitions {
                let rate = rate(of: predictions.partitions[partition], from: start, to: end)
                print("frozen \(seconds) s: partition \(partition) \(Int(rate))/s, resident \(resident / 1_000_000) MB")
                #expect(rate >= 0.8 * 20_000 * expected[partition], "partition \(partition)")
            }
            #expect(predictions.distinctCount >= written)
        }

        @Test(.timeLimit(.minutes(8)))
        func `with three replicas the full rate is back soon after the frozen leader is fenced`() throws {
            var options = KafkaCluster.Options()
            options.brokers = 3
            let cluster = try KafkaCluster(options)
            let service = try Service(cluster.bootstrapServers)
            let (frozen, others) = try bystander(of: service, in: cluster)
            let elsewhere = (0..<service.partitions).map { [others[$0 % 2], others[($0 + 1) % 2], frozen] }
            try service.createTopics(
                on: cluster, inputs: elsewhere, outputs: [[frozen] + others] + elsewhere.dropFirst(),
                deadLetters: elsewhere)
            let kcat = Kcat(servers(others, of: cluster))
            let load = try PacedLoad(kcat, topic: service.input, perSecond: 20_000, in: service.folder.url)
            let process = try service.start()
            try service.awaitOutputs(kcat, more: 60_000, within: .seconds(60))

            try cluster.pause(frozen)
            try eventually("the frozen leader is fenced", within: .seconds(40), every: .milliseconds(250)) {
                try (kcat.leaders(service.output)[0] ?? frozen) != frozen
            }
            let fenced = wallMilliseconds()
            Thread.sleep(forTimeInterval: 20)
            try cluster.resume(frozen)
            let resident = Service.residentBytes(of: process)
            #expect(process.isRunning, "\(process.errors.suffix(2000))")
            #expect(resident <= Faults.residentBytesMax)
            Thread.sleep(forTimeInterval: 3)
            _ = try load.stop()
            try service.terminate(process)
            try service.runToEnd(within: .seconds(90))

            let all = Kcat(cluster.bootstrapServers)
            let predictions = try checkNothingIsMissing(all, service)
            let expected = try shares(of: service, all)
            for (partition, records) in predictions.partitions.enumerated() {
                let rate = rate(of: records, from: fenced + 15_000, to: fenced + 19_000)
                print(
                    "15 s after the fencing: partition \(partition) \(Int(rate))/s, resident \(resident / 1_000_000) MB"
                )
                #expect(rate >= 0.9 * 20_000 * expected[partition], "partition \(partition)")
            }
        }

        /// A broker that is neither the active controller nor the group's coordinator, and the two others.
        private func bystander(of service: Service, in cluster: KafkaCluster) throws -> (Int, [Int]) {
            // The coordinator exists once the group's internal topic does: somebody has to have asked.
            try cluster.createTopic("\(service.name)-probe", partitions: 1)
            _ = try? ChildProcess.run(
                "kcat",
                ["-b", cluster.bootstrapServers, "-q", "-e", "-G", service.name, "\(service.name)-probe"],
                environment: ["LD_LIBRARY_PATH": ""], within: .seconds(20))
            let busy: Set<Int> = [try cluster.activeController(), try cluster.coordinator(group: service.name)]
            guard let chosen = (1...3).first(where: { !busy.contains($0) }) else { throw TestFailure("all are busy") }
            return (chosen, (1...3).filter { $0 != chosen })
        }

        private func servers(_ brokers: [Int], of cluster: KafkaCluster) -> String {
            let all = cluster.bootstrapServers.split(separator: ",").map(String.init)
            return brokers.map { all[$0 - 1] }.joined(separator: ",")
        }

        /// The share of the load that each partition gets; keys are not spread quite evenly.
        private func shares(of service: Service, _ kcat: Kcat) throws -> [Double] {
            let ends = try kcat.ends(service.input, partitions: service.partitions)
            let sum = Double(ends.reduce(0, +))
            return ends.map { Double($0) / sum }
        }

        private func rate(of records: [Predictions.Record], from start: Int64, to end: Int64) -> Double {
            Double(records.count { $0.time >= start && $0.time < end }) / (Double(end - start) / 1000)
        }

        @discardableResult
        private func checkNothingIsMissing(_ kcat: Kcat, _ service: Service) throws -> Predictions {
            let ends = try kcat.ends(service.input, partitions: service.partitions)
            let predictions = try Predictions(
                kcat, topic: service.output, input: service.input, partitions: service.partitions)
            try predictions.checkPlaces()
            try predictions.checkStepsBackOnly(ends: ends)
            #expect(predictions.distinctCount == Int(ends.reduce(0, +)))
            return predictions
        }
    }
}
