import Foundation
import TestSupport
import Testing

extension BrokerTests {
    /// Goal: what the other suites stand on works: a load arrives whole, a frozen or ended broker is noticed and comes back.
    @Suite(.enabled(if: BrokerAccess.isDistribution, "\(BrokerAccess.missingDistribution)"))
    struct Harness {
        @Test(.timeLimit(.minutes(3)))
        func `a paced load keeps its rate and arrives whole across a restart`() throws {
            // A killed broker may come back once its old session is over.
            var options = KafkaCluster.Options()
            options.properties = ["broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"]
            let cluster = try KafkaCluster(options)
            let kcat = Kcat(cluster.bootstrapServers)
            let folder = try TemporaryFolder()
            try cluster.createTopic("load")
            let load = try PacedLoad(kcat, topic: "load", perSecond: 10_000, in: folder.url)
            try eventually("20,000 events", within: .seconds(10)) {
                try kcat.ends("load", partitions: 4).reduce(0, +) >= 20_000
            }
            try cluster.kill(1)
            try cluster.restart(1)
            let before = load.count
            try cluster.pause(1)
            Thread.sleep(forTimeInterval: 1)
            try cluster.resume(1)
            #expect((5_000...40_000).contains(load.count - before))
            let written = try load.stop()
            #expect(try kcat.ends("load", partitions: 4).reduce(0, +) >= Int64(written))
            #expect(try kcat.leaders("load").count == 4)
        }
    }
}
