// Goal: what is produced is consumed unchanged, with null, empty and absent kept apart, over partition queues alone.
// Method: one embedded cluster a test; records are copied out and compared.
import Kafka
import Telemetry
import Testing

@Suite(.serialized) struct RoundTripTests {
    let cluster: EmbeddedCluster
    let properties: ClientProperties

    init() throws {
        cluster = try EmbeddedCluster()
        properties = cluster.quickGroups
        try cluster.createTopic("in", partitions: 2)
        try cluster.createTopic("out", partitions: 2)
    }

    @Test func nullAndEmptyStayApart() throws {
        let sender = try Sender(properties)
        let cases: [([UInt8]?, [UInt8]?)] = [
            (nil, nil), ([], []), (nil, []), ([], nil), ([1, 0, 255], [0]), (nil, [7]), ([9], nil),
        ]
        for (index, item) in cases.enumerated() {
            #expect(sender.send(item.1, key: item.0, partition: 1, time: 1_000 + Int64(index)).isQueued)
        }
        #expect(sender.awaitReports(cases.count))
        #expect(sender.runs.allSatisfy { $0.isDelivered })

        let member = try Member(properties, ConsumerSettings(groupID: "g", partitionCount: 2))
        #expect(member.run { member.records.count == cases.count })
        #expect(member.records.map(\.key) == cases.map(\.0))
        #expect(member.records.map(\.value) == cases.map(\.1))
        #expect(member.records.map(\.timestamp) == cases.indices.map { 1_000 + Int64($0) })
        #expect(member.records.map(\.offset) == cases.indices.map(Int64.init))
        #expect(member.records.allSatisfy { $0.partition == 1 })
        #expect(member.rings.count > 0)
        #expect(member.errors.isEmpty)
        #expect(member.close())
        #expect(sender.close())
    }

    @Test func headersPassThroughInOrderWithMoreAdded() throws {
        let sender = try Sender(properties)
        let headers = [
            Header(name: "traceparent", text: "00-a"), Header(name: "twice", text: "1"),
            Header(name: "none", value: nil),
            Header(name: "empty", value: []), Header(name: "twice", text: "2"),
        ]
        let value: [UInt8] = [1]
        let sent = unsafe sender.producer.produce(
            sender.topic, partition: 0, key: nil, value: value.span.bytes, adding: headers, token: 0)
        #expect(sent.isQueued)
        #expect(sender.send([2]).isQueued)
        #expect(sender.awaitReports(2))

        let member = try Member(properties, ConsumerSettings(groupID: "g"))
        #expect(member.run { member.records.count == 2 })
        #expect(member.records.map(\.headers) == [headers, []])

        let out = try sender.producer.topic("out")
        var batch = MessageBatch(capacity: 4)
        let input = TopicPartition(topic: "in", partition: 0)
        try member.group.seek(input, to: 0, timeout: .seconds(5))
        #expect(
            awaitCondition {
                _ = member.readers[input]?.queue?.drain(into: &batch, upTo: 4); return batch.count == 2
            })
        for index in 0..<batch.count {
            let message = batch[index]
            let plain = sender.producer.produce(
                out, partition: 0, key: message.key, value: message.value, headersOf: message, token: 0)
            #expect(plain.isQueued)
            let more = sender.producer.produce(
                out, partition: 1, key: message.key, value: message.value, headersOf: message,
                adding: [Header(name: "millrace-error", text: "empty")], token: 0)
            #expect(more.isQueued)
        }
        batch.releaseAll()
        #expect(sender.awaitReports(6))
        let reader = try Member(properties, ConsumerSettings(groupID: "r"), topics: ["out"])
        #expect(reader.run { reader.records.count == 4 })
        let added = Header(name: "millrace-error", text: "empty")
        #expect(reader.records.filter { $0.partition == 0 }.map(\.headers) == [headers, []])
        #expect(reader.records.filter { $0.partition == 1 }.map(\.headers) == [headers + [added], [added]])
        #expect(reader.close() && member.close() && sender.close())
    }

    @Test func largeRecordsGetThroughSmallThresholds() throws {
        let settings = ProducerSettings(messageBytes: 2 << 20)
        let sender = try Sender(properties, settings)
        let large = [UInt8](repeating: 65, count: 1_500_000)
        #expect(sender.send(large).isQueued && sender.send([1]).isQueued)
        #expect(sender.awaitReports(2))
        // 64 partitions in 4 MiB: 16 KiB a fetch.
        let member = try Member(
            properties, ConsumerSettings(groupID: "g", memoryBytes: 4 << 20, partitionCount: 64))
        #expect(member.run { member.records.count == 2 })
        #expect(member.records.map { $0.value?.count } == [1_500_000, 1])
        #expect(member.close() && sender.close())
    }

    @Test func endsWatermarksSeekAndCommits() throws {
        let sender = try Sender(properties)
        sender.sendTexts(10)
        #expect(sender.awaitReports(10))
        let input = TopicPartition(topic: "in", partition: 0)
        let other = TopicPartition(topic: "in", partition: 1)
        let member = try Member(properties, ConsumerSettings(groupID: "g", partitionEOF: true))
        #expect(member.run { member.ends.count == 2 })
        #expect(member.ends == [input: 10, other: 0])
        #expect(try member.group.queryWatermarks(input, timeout: .seconds(5)) == (0, 10))
        #expect(member.group.cachedWatermarks(input)?.high == 10)
        #expect(try member.group.committed([input, other], timeout: .seconds(5)) == [:])

        try member.group.seek(input, to: 7, timeout: .seconds(5))
        #expect(member.run { member.records.count == 13 })
        #expect(member.records.suffix(3).map(\.offset) == [7, 8, 9])

        try member.group.commit([input: 8])
        #expect(
            member.run {
                member.events.contains {
                    if case .commitFinished(nil, let offsets) = $0 { offsets == [input: 8] } else { false }
                }
            })
        try member.group.commitAndWait([input: 9, other: 0], timeout: .seconds(5))
        #expect(try member.group.committed([input, other], timeout: .seconds(5)) == [input: 9, other: 0])
        #expect(member.close())

        let next = try Member(properties, ConsumerSettings(groupID: "g"))
        #expect(next.run { !next.records.isEmpty })
        #expect(next.records.map(\.offset) == [9])
        #expect(next.close() && sender.close())
    }

    @Test func explicitStartsWinAndLatestSkips() throws {
        let sender = try Sender(properties)
        sender.sendTexts(10)
        sender.sendTexts(10, partition: 1, first: 10)
        #expect(sender.awaitReports(20))
        let latest = try Member(properties, ConsumerSettings(groupID: "g", start: .latest, partitionEOF: true))
        latest.starts = [TopicPartition(topic: "in", partition: 1): 4]
        #expect(latest.run { latest.records.count == 6 && latest.ends.count == 2 })
        #expect(latest.records.map(\.offset) == [4, 5, 6, 7, 8, 9])
        #expect(latest.close() && sender.close())
    }

    @Test func dataLossStopsThePartitionWhenAsked() throws {
        let sender = try Sender(properties)
        sender.sendTexts(5)
        #expect(sender.awaitReports(5))
        let input = TopicPartition(topic: "in", partition: 0)
        let first = try Member(properties, ConsumerSettings(groupID: "g", stopsOnDataLoss: true))
        #expect(first.run { first.records.count == 5 }, "without a commit it begins at the start")
        try first.group.commitAndWait([input: 999], timeout: .seconds(5))
        #expect(first.close())
        let second = try Member(properties, ConsumerSettings(groupID: "g", stopsOnDataLoss: true))
        #expect(second.run { !second.queueErrors.isEmpty || !second.errors.isEmpty })
        #expect((second.queueErrors + second.errors).contains { $0.code == .autoOffsetReset })
        #expect(second.records.isEmpty)
        #expect(second.close() && sender.close())
    }

    @Test func metadataTellsPartitionsAndUnknownTopics() throws {
        let admin = try Admin(properties: properties, log: Log(write: { _ in }))
        try admin.waitUntilReachable(deadline: .now + .seconds(10))
        let found = try admin.metadata(topic: "in", timeout: .seconds(5))
        #expect(found.partitions.map(\.id) == [0, 1])
        #expect(found.partitions.allSatisfy { $0.leader == 1 })
        #expect(admin.close(deadline: .now + .seconds(10)))
    }
}

func awaitCondition(seconds: Int = 20, _ condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !condition() { guard ContinuousClock.now < deadline else { return false } }
    return true
}
