// Goal: partitions move between two members in order, under both protocols, and nothing that ends badly hangs.
// Method: two members on one thread; the embedded cluster coordinates (a rebalance takes it some seconds).
import Kafka
import Telemetry
import Testing

@Suite(.serialized) struct RebalanceTests {
    let cluster: EmbeddedCluster
    let properties: ClientProperties

    init() throws {
        cluster = try EmbeddedCluster()
        properties = cluster.quickGroups
        try cluster.createTopic("in", partitions: 4)
    }

    /// Both members make progress until the condition holds.
    func run(_ members: [Member], seconds: Int = 40, until condition: () -> Bool) -> Bool {
        awaitCondition(seconds: seconds) {
            for member in members { member.step() }
            return condition()
        }
    }

    @Test(arguments: ["cooperative-sticky", "range"]) func partitionsMoveInOrder(strategy: String) throws {
        var properties = properties
        properties.consumer.append(Property(key: "partition.assignment.strategy", value: strategy))
        let settings = ConsumerSettings(groupID: "g", partitionCount: 4)
        let sender = try Sender(properties)
        for partition in 0..<4 { sender.sendTexts(50, partition: Int32(partition), first: partition * 1000) }
        #expect(sender.awaitReports(200))

        let first = try Member(properties, settings)
        first.commitsOnRevoke = true
        #expect(run([first]) { first.records.count == 200 })
        #expect(first.changes == [.init(kind: .assigned, partitions: [0, 1, 2, 3])])
        #expect(first.group.assignment.count == 4)
        // Committed here, because the embedded coordinator, unlike Kafka's, may refuse commits while members rejoin.
        try first.group.commitAndWait(first.nextOffsets(of: first.readers.keys), timeout: .seconds(5))

        let second = try Member(properties, settings)
        second.commitsOnRevoke = true
        #expect(run([first, second]) { first.assigned.count == 2 && second.assigned.count == 2 })
        #expect(first.assigned.union(second.assigned) == [0, 1, 2, 3])
        let revoked = first.changes.dropFirst().first
        #expect(revoked?.kind == .revoked)
        #expect(
            revoked?.partitions.count == (strategy == "range" ? 4 : 2), "eager gives up all, cooperative what moves")
        #expect(first.changes == first.finished)
        #expect((first.commitErrors + second.commitErrors).allSatisfy { $0.code == .rebalanceInProgress })

        for partition in 0..<4 { sender.sendTexts(50, partition: Int32(partition), first: 10_000 + partition * 1000) }
        #expect(sender.awaitReports(400))
        #expect(run([first, second]) { first.records.count + second.records.count == 400 })
        #expect(Set((first.records + second.records).map { "\($0.partition)/\($0.offset)" }).count == 400)
        #expect(first.errors.isEmpty && second.errors.isEmpty, "nothing leaks into the group's own queue")
        #expect(first.queueErrors.isEmpty && second.queueErrors.isEmpty)

        #expect(second.close())
        #expect(second.changes.last == .init(kind: .revoked, partitions: Set(second.changes.last?.partitions ?? [])))
        #expect(second.assigned.isEmpty)
        #expect(run([first]) { first.assigned.count == 4 })
        #expect(first.close() && sender.close())
    }

    @Test func aMemberThatWasThrownOutLosesItsPartitions() throws {
        let member = try Member(properties, ConsumerSettings(groupID: "g", partitionCount: 4))
        #expect(run([member]) { member.assigned.count == 4 })
        cluster.failNext(.heartbeat, with: [.unknownMember])
        #expect(run([member]) { member.changes.contains { $0.kind == .lost } })
        #expect(member.changes.prefix(2).map(\.kind) == [.assigned, .lost])
        #expect(run([member]) { member.changes.count == 3 })
        #expect(member.changes.last == .init(kind: .assigned, partitions: [0, 1, 2, 3]), "it joins again")
        #expect(member.close())
    }

    @Test func staleCommitsAreRefused() throws {
        let member = try Member(properties, ConsumerSettings(groupID: "g", partitionCount: 4))
        #expect(run([member]) { member.assigned.count == 4 })
        cluster.failNext(.offsetCommit, with: [.illegalGeneration])
        let error = #expect(throws: KafkaError.self) {
            try member.group.commitAndWait([TopicPartition(topic: "in", partition: 0): 1], timeout: .seconds(5))
        }
        #expect(error?.isStaleMember == true)
        #expect(member.close())
    }

    @Test func aRefusedGroupIsNamed() throws {
        cluster.failNext(.joinGroup, with: [.groupAuthorizationFailed])
        let member = try Member(properties, ConsumerSettings(groupID: "g"))
        #expect(run([member]) { member.errors.contains { $0.isAuthorization } })
        #expect(member.close())
    }

    @Test func closeKeepsItsDeadlineWithoutABroker() throws {
        let member = try Member(properties, ConsumerSettings(groupID: "g", partitionCount: 4))
        #expect(run([member]) { member.assigned.count == 4 })
        try cluster.setBroker(1, isUp: false)
        let start = ContinuousClock.now
        _ = member.close(seconds: 3)
        #expect(.now - start < .seconds(5))
    }

    @Test func closeKeepsItsDeadlineWithAnOpenQueueAndNeverHangs() throws {
        let member = try Member(properties, ConsumerSettings(groupID: "g", partitionCount: 4))
        #expect(run([member]) { member.assigned.count == 4 })
        member.keepsQueuesOpen = true
        let start = ContinuousClock.now
        #expect(!member.close(seconds: 3), "an open queue is told, not waited for")
        #expect(.now - start < .seconds(6))
        member.closeQueues()
    }

    @Test func closeKeepsItsDeadlineWithAHeldRecord() throws {
        let sender = try Sender(properties)
        sender.sendTexts(1)
        #expect(sender.awaitReports(1))
        let member = try Member(properties, ConsumerSettings(groupID: "g", partitionCount: 4))
        var batch = MessageBatch(capacity: 1)
        let input = TopicPartition(topic: "in", partition: 0)
        #expect(
            awaitCondition(seconds: 30) {
                member.step(readsQueues: false)
                return member.readers[input]?.queue?.drain(into: &batch, upTo: 1) == 1
            })
        #expect(!member.close(seconds: 3))
        batch.releaseAll()
        #expect(sender.close())
    }

    @Test func unkeptQueuesWakeNobodyWhenQuiet() throws {
        let sender = try Sender(properties)
        sender.sendTexts(100)
        #expect(sender.awaitReports(100))
        let member = try Member(properties, ConsumerSettings(groupID: "g", partitionCount: 4))
        #expect(run([member]) { member.records.count == 100 })
        #expect(member.group.wakeUpCount == 0, "too few records for a broker thread to have gone to sleep")
        #expect(member.close() && sender.close())
    }

    @Test func aFullQueueIsRefilledAtOnce() throws {
        // One fetch fills the queue's threshold many times over; without the wake-up each refill takes up to a second. One
        // partition, because a broker thread sleeps only when all its partitions are full.
        var properties = properties
        properties.consumer += [
            Property(key: "queued.min.messages", value: "100"),
            Property(key: "fetch.message.max.bytes", value: "16384"),
        ]
        try cluster.createTopic("one", partitions: 1)
        let sender = try Sender(properties, topic: "one")
        sender.sendTexts(40_000)
        #expect(sender.awaitReports(40_000))
        let member = try Member(properties, ConsumerSettings(groupID: "g"), topics: ["one"])
        #expect(run([member]) { !member.records.isEmpty })
        let start = ContinuousClock.now
        #expect(run([member]) { member.records.count == 40_000 })
        let elapsed = ContinuousClock.now - start
        #expect(elapsed < .seconds(4), "\(elapsed), \(member.group.wakeUpCount) wake-ups")
        #expect(member.records.map(\.offset) == Array(0..<40_000))
        #expect(member.close() && sender.close())
    }
}
