import Foundation
import TestSupport
import Testing

extension BrokerTests {
    /// Goal: consumers that come and go lose nothing, and a partition that stays hardly notices them.
    @Suite(.enabled(if: BrokerAccess.isDistribution, "\(BrokerAccess.missingDistribution)"))
    struct Rebalance {
        /// What happened between two moments, for the partitions that stayed with one member.
        private struct Window {
            let start: Int64
            let end: Int64
            let staying: Set<Int>
        }

        /// How often two consumers join and leave at most. A machine that takes a core away for a tenth of a second makes a gap
        /// now and then, and librdkafka before 2.10 gives all partitions up when a commit happens to meet a rebalance that it
        /// has not told of yet; a rebalance that stops what stays does so each time.
        private static let attempts = 3

        @Test(.timeLimit(.minutes(10)))
        func `two consumers join and leave without a lost prediction or a long gap`() throws {
            for attempt in 1...Rebalance.attempts {
                let disturbances = try disturbancesAsTwoJoinAndLeave()
                if disturbances.isEmpty { return }
                print("attempt \(attempt):", disturbances.joined(separator: "; "))
                if attempt == Rebalance.attempts { for what in disturbances { Issue.record("\(what)") } }
            }
        }

        /// Checks that nothing is lost or moved, whatever happens, and tells what a partition that stays noticed.
        private func disturbancesAsTwoJoinAndLeave() throws -> [String] {
            let cluster = try BrokerTests.cluster.get()
            let kcat = Kcat(cluster.bootstrapServers)
            let service = try Service(cluster.bootstrapServers)
            try service.createTopics(on: cluster, inputProperties: Service.brokerTime)
            let load = try PacedLoad(kcat, topic: service.input, perSecond: 20_000, in: service.folder.url)
            let first = try service.start()
            try service.awaitOutputs(kcat, more: 20_000, within: .seconds(60))
            var (windows, disturbances) = try changes(beside: first, of: service, on: cluster)
            let written = try load.stop()
            try service.terminate(first)
            try service.runToEnd(within: .seconds(60))

            let ends = try kcat.ends(service.input, partitions: service.partitions)
            let predictions = try Predictions(
                kcat, topic: service.output, input: service.input, partitions: service.partitions)
            try predictions.checkPlaces()
            try predictions.checkStepsBackOnly(ends: ends)
            #expect(predictions.distinctCount == written)
            if first.errors.contains("kind=lost") {
                disturbances.append("the member that stayed gave all partitions up")
            }
            let hook = try #require(hookMilliseconds(first.errors).max(), "no rebalance was logged with hook_ms")
            let inputs = try kcat.times(service.input, partitions: service.partitions)
            for (index, window) in windows.enumerated() {
                if window.staying.isEmpty { disturbances.append("change \(index) moved every partition") }
                for partition in window.staying.sorted() {
                    let gap = longestGap(predictions.partitions[partition].map(\.time), window)
                    // What holds up the input as well, which the service has no part in, is the machine or the broker.
                    let pause = max(0, longestGap(inputs[partition], window) - PacedLoad.usualPause)
                    let what = "change \(index), partition \(partition): gap \(gap) ms, input \(pause), hook_ms \(hook)"
                    print(what)
                    if Double(gap - pause) > hook + 100 { disturbances.append(what) }
                }
            }
            return disturbances
        }

        /// Two consumers join, then leave, one after another; with what went otherwise.
        private func changes(
            beside first: ChildProcess, of service: Service, on cluster: KafkaCluster
        ) throws -> ([Window], [String]) {
            func assignment() throws -> [String: Set<Int>] {
                try cluster.assignment(group: service.name, topic: service.input)
            }
            let firstMember = try #require(try assignment().keys.first)
            var windows: [Window] = []
            var others: [ChildProcess] = []
            var disturbances: [String] = []
            // The windows hold no run of Kafka's tools: a starting Java takes a core for a second.
            for _ in 0..<2 {
                Thread.sleep(forTimeInterval: 1)
                let before = try assignment()[firstMember] ?? []
                let start = wallMilliseconds()
                others.append(try service.start())
                Thread.sleep(forTimeInterval: 6)
                let end = wallMilliseconds()
                let after = try assignment()
                if after.count != others.count + 1 { disturbances.append("a consumer has no partition: \(after)") }
                windows.append(Window(start: start, end: end, staying: before.intersection(after[firstMember] ?? [])))
            }
            for process in others {
                let before = try assignment()[firstMember] ?? []
                Thread.sleep(forTimeInterval: 1)
                let start = wallMilliseconds()
                try service.terminate(process)
                Thread.sleep(forTimeInterval: 4)
                let end = wallMilliseconds()
                let after = try assignment()[firstMember] ?? []
                windows.append(Window(start: start, end: end, staying: before.intersection(after)))
            }
            return (windows, disturbances)
        }

        /// The longest time in milliseconds without a record, by the times of one partition's records.
        private func longestGap(_ times: [Int64], _ window: Window) -> Int64 {
            var last = window.start
            var longest: Int64 = 0
            for time in times where time > window.start && time <= window.end {
                longest = max(longest, time - last)
                last = time
            }
            return max(longest, window.end - last)
        }

        private func hookMilliseconds(_ log: String) -> [Double] {
            log.split(separator: "hook_ms=").dropFirst().compactMap { rest in
                Double(rest.prefix { $0.isNumber || $0 == "." })
            }
        }
    }
}
