// Goal: a producer whose broker is slow to answer waits for it instead of asking all the time. Method: round trips of a third of a
// second, messages all the while, and the CPU time of librdkafka's broker threads as the kernel counts it.
import Foundation
import Kafka
import Testing

@Suite struct BrokerPollTests {
    @Test func aProducerSleepsWhileItsRequestIsOnItsWay() throws {
        let cluster = try EmbeddedCluster()
        try cluster.createTopic("in", partitions: 1)
        let others = Set(Self.brokerThreads().keys)
        let sender = try Sender(ClientProperties(bootstrapServers: cluster.bootstrapServers))
        sender.sendTexts(1)
        #expect(sender.awaitReports(1))
        try cluster.setRoundTrip(.milliseconds(300), ofBroker: 1)
        let start = ContinuousClock.now
        let before = Self.brokerThreads()
        var sent = 1
        while ContinuousClock.now - start < .seconds(1.5) {
            sender.sendTexts(10, first: sent)
            sent += 10
            usleep(2_000)
        }
        let elapsed = ContinuousClock.now - start
        let used = Self.brokerThreads().filter { !others.contains($0.key) }
            .map { $0.value - (before[$0.key] ?? .zero) }.max()
        try cluster.setRoundTrip(.zero, ofBroker: 1)
        #expect(sender.awaitReports(sent))
        #expect(sender.runs.allSatisfy { $0.isDelivered })
        let share = try #require(used) / elapsed
        #expect(share < 0.2, "a broker thread was busy for \(share) of the time")
        #expect(sender.close())
    }

    /// The CPU time of each of this process' broker threads.
    private static func brokerThreads() -> [String: Duration] {
        let folder = "/proc/self/task"
        var times: [String: Duration] = [:]
        for thread in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let name = try? String(contentsOfFile: "\(folder)/\(thread)/comm", encoding: .utf8),
                name.hasPrefix("rdk:broker"),
                let line = try? String(contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8),
                let nanoseconds = line.split(separator: " ").first.flatMap({ Int64($0) })
            else { continue }
            times[thread] = .nanoseconds(nanoseconds)
        }
        return times
    }
}
