import Foundation
import TestSupport
import Testing

extension BrokerTests {
    /// Goal: partitions that topics get while the service runs are served at once, not when the producer looks next.
    @Suite(.enabled(if: BrokerAccess.isDistribution, "\(BrokerAccess.missingDistribution)"))
    struct Growth {
        @Test(.timeLimit(.minutes(3)))
        func `a partition that input and output get is served within seconds`() throws {
            let cluster = try BrokerTests.cluster.get()
            let kcat = Kcat(cluster.bootstrapServers)
            var options = Service.Options()
            options.partitions = 1
            // The consumer hears of the partition soon; the producer, as usual, would five minutes later.
            options.kafka = ["consumer: {topic.metadata.refresh.interval.ms: 500}"]
            let service = try Service(cluster.bootstrapServers, options)
            try service.createTopics(on: cluster)
            let events = service.folder.url.appending(path: "events")
            try Events.write(100, to: events)
            let process = try service.start()
            try kcat.write(service.input, lines: events.path)
            try eventually("100 outputs", within: .seconds(30)) {
                try kcat.ends(service.output, partitions: 1) == [100]
            }
            // The input last: the others have to have the partition when the consumer finds it.
            for topic in [service.output, service.deadLetters, service.input] {
                try cluster.run(.topics, ["--alter", "--topic", topic, "--partitions", "2"])
            }
            let file = try service.folder.write("event", "{\"id\":1,\"ts\":\"2024-05-10T12:00:00Z\",\"label\":\"1\"}")
            // A dead letter is produced alone, predictions in batches.
            let bad = try service.folder.write("bad", "{")
            for value in [bad, file, file, file] { try kcat.write(service.input, partition: 1, key: "k", value: value) }
            try eventually("3 outputs in the new partition", within: .seconds(30)) {
                try kcat.ends(service.output, partitions: 2) == [100, 3]
            }
            #expect(try kcat.ends(service.deadLetters, partitions: 2) == [0, 1])
            #expect(!process.errors.contains("is replaced"), "what other partitions have on its way is not given up")
            try service.terminate(process)
            #expect(try cluster.committed(group: service.name, topic: service.input) == [0: 100, 1: 4])
        }
    }
}
