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

        @Test(.timeLimit(.minutes(10)))
        func `two consumers join and leave without a lost prediction or a long gap`() throws {
            let cluster = try BrokerTests.cluster.get()
            let kcat = Kcat(cluster.bootstrapServers)
            let service = try Service(cluster.bootstrapServers)
            try service.createTopics(on: cluster)
            let load = try PacedLoad(kcat, topic: service.input, perSecond: 20_000, in: service.folder.url)
            let first = try service.start()
            try service.awaitOutputs(kcat, more: 20_000, within: .seconds(60))
            func assignment() throws -> [String: Set<Int>] {
                try cluster.assignment(group: service.name, topic: service.input)
            }
            let firstMember = try #require(try assignment().keys.first)
            var windows: [Window] = []
            var others: [ChildProcess] = []
            // The windows hold no run of Kafka's tools: a starting Java takes a core for a second.
            for _ in 0..<2 {
                Thread.sleep(forTimeInterval: 1)
                let before = try assignment()[firstMember] ?? []
                let start = wallMilliseconds()
                others.append(try service.start())
                Thread.sleep(forTimeInterval: 6)
                let end = wallMilliseconds()
                let after = try assignment()
                #expect(after.count == others.count + 1, "the new consumer has no partition: \(after)")
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
            let written = try load.stop()
            try service.terminate(first)
            try service.runToEnd(within: .seconds(60))

            let ends = try kcat.ends(service.input, partitions: service.partitions)
            let predictions = try Predictions(
                kcat, topic: service.output, input: service.input, partitions: service.partitions)
            try predictions.checkPlaces()
            try predictions.checkStepsBackOnly(ends: ends)
            #expect(predictions.distinctCount == written)
            let hook = try #require(hookMilliseconds(first.errors).max(), "no rebalance was logged with hook_ms")
            for (index, window) in windows.enumerated() {
                #expect(!window.staying.isEmpty, "change \(index) moved every partition")
                for partition in window.staying.sorted() {
                    let gap = longestGap(predictions.partitions[partition], window)
                    print("change \(index), partition \(partition): gap \(gap) ms, hook_ms \(hook)")
                    #expect(Double(gap) <= hook + 100, "change \(index), partition \(partition)")
                }
            }
        }

        private func longestGap(_ records: [Predictions.Record], _ window: Window) -> Int64 {
            var last = window.start
            var longest: Int64 = 0
            for record in records where record.time > window.start && record.time <= window.end {
                longest = max(longest, record.time - last)
                last = record.time
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
