// Goal: messages that are handed over together arrive as if each had been produced alone: all of them, in order, with their own
// bytes and times; what cannot be handed over waits or is reported. Method: the embedded cluster, a full queue, a purge. What
// a batch writes past its room shows under the address sanitizer.
import Foundation
import Kafka
import Synchronization
import Telemetry
import Testing

@Suite(.serialized) struct ProduceBatchTests {
    let cluster: EmbeddedCluster
    let properties: ClientProperties

    init() throws {
        cluster = try EmbeddedCluster()
        properties = cluster.quickGroups
        try cluster.createTopic("in", partitions: 2)
    }

    /// The records of topic `in`, by partition.
    private func records(_ count: Int) throws -> [[Record]] {
        let member = try Member(properties, ConsumerSettings(groupID: "g", partitionCount: 2))
        #expect(member.run { member.records.count >= count })
        let all = member.records
        #expect(member.close())
        return (0..<2).map { partition in
            all.filter { $0.partition == partition }.sorted { $0.offset < $1.offset }
        }
    }

    /// Nothing arrives before the batch is sent, also where the messages have a time of their own: then the process' wall clock
    /// is what librdkafka reads.
    @Test(arguments: [0, 1_700_000_000_123]) func messagesAreHeldBackUntilTheBatchIsSent(time: Int64) throws {
        let sender = try Sender(properties)
        sender.sendTexts(1)
        #expect(sender.awaitReports(1))
        for token in 1...10 { #expect(sender.send([7], time: time, token: UInt64(token), isBatched: true).isQueued) }
        #expect(sender.producer.inFlightCount == 10)
        // Whatever was handed over would be there with what another producer sends later, one after the other.
        let later = try Sender(properties)
        for sent in 1...20 {
            later.sendTexts(1, partition: 1, first: sent)
            #expect(later.awaitReports(sent))
        }
        let input = TopicPartition(topic: "in", partition: 0)
        let admin = try Admin(properties: properties, log: Log(write: { _ in }))
        #expect(try admin.watermarks(input, timeout: .seconds(5)).high == 1)
        sender.producer.sendBatch()
        #expect(awaitCondition { (try? admin.watermarks(input, timeout: .seconds(5)).high) == 11 })
        #expect(sender.awaitReports(11))
        #expect(sender.producer.inFlightCount == 0)
        #expect(sender.close() && later.close() && admin.close(deadline: .now + .seconds(5)))
    }

    /// Runs of one time, of many, of none; switches of the partition; more than a batch holds, in messages and in bytes; nulls
    /// and empties; single messages in between.
    @Test func everyMessageArrivesInOrderWithItsOwnBytesAndTime() throws {
        let sender = try Sender(properties)
        let start = wallClock()
        var expected: [[(value: [UInt8]?, key: [UInt8]?, time: Int64)]] = [[], []]
        var token: UInt64 = 0
        func send(_ value: [UInt8]?, _ key: [UInt8]?, _ partition: Int32, _ time: Int64, isBatched: Bool = true) {
            #expect(
                sender.send(
                    value, key: key, partition: partition, time: time, token: token, isBatched: isBatched
                ).isQueued)
            token += 1
            expected[Int(partition)].append((value, key, time))
        }
        for index in 0..<200 { send(Array("a\(index)".utf8), Array("k\(index)".utf8), 0, 1_600_000_000_000) }
        for index in 0..<50 { send(Array("b\(index)".utf8), nil, 1, 1_600_000_000_000 + Int64(index / 7)) }
        for index in 0..<40 { send(Array("c\(index)".utf8), [1], Int32(index % 2), 1) }
        for index in 0..<40 { send(Array("d\(index)".utf8), [1], 0, index % 3 == 0 ? 0 : 4_000_000_000_000) }
        for size in [0, 1, 3_000, 4_090, 4_096, 4_097, 20_000, 300_000, 5] {
            send([UInt8](repeating: 65, count: size), [UInt8](repeating: 66, count: 6), 1, 1_650_000_000_000)
        }
        for index in 0..<20 { send([UInt8](repeating: UInt8(index), count: 4_000), nil, 1, 1_650_000_000_000) }
        for (value, key) in [(nil, nil), ([], []), (nil, []), ([], nil), ([0], [0])] as [([UInt8]?, [UInt8]?)] {
            send(value, key, 0, 1_500_000_000_000)
        }
        send([1], nil, 0, 5, isBatched: false)
        send([2], nil, 0, 6)
        sender.producer.sendBatch()
        let end = wallClock()
        #expect(end >= start && end - start < 100_000, "the clock goes on for everybody else")
        #expect(sender.awaitReports(Int(token)))
        #expect(sender.runs.allSatisfy { $0.isDelivered })
        let tokens = sender.runs.flatMap { run in (0..<UInt64(run.count)).map { run.firstToken + $0 } }
        #expect(tokens.sorted() == Array(0..<token), "each has one report")

        for (found, sent) in zip(try records(Int(token)), expected) {
            #expect(found.map(\.value) == sent.map(\.value))
            #expect(found.map(\.key) == sent.map(\.key))
            #expect(
                zip(found, sent).allSatisfy { record, message in
                    let time = record.timestamp ?? -1
                    return message.time == 0 ? time >= start && time <= end + 1_000 : time == message.time
                })
        }
        #expect(sender.close())
    }

    /// With the topic's partitions not known yet, and known.
    @Test(arguments: [false, true]) func aFullQueueHoldsBackAndLosesNothing(isKnown: Bool) throws {
        let sender = try Sender(properties, ProducerSettings(queueMessages: 50))
        let first: UInt64 = isKnown ? 1 : 0
        if isKnown {
            #expect(sender.send([0], token: 0).isQueued)
            #expect(sender.awaitReports(1))
        }
        try cluster.setBroker(1, isUp: false)
        var sent = first
        var isRefused = false
        while sent < 200, !isRefused {
            switch sender.send([UInt8(sent)], time: 9, token: sent, isBatched: true) {
            case .queued: sent += 1
            case .queueFull: isRefused = true
            case .failed(let error): Issue.record("\(error)")
            }
        }
        #expect(isRefused && sent == first + 64, "two batches, of which the queue took 50: \(sent)")
        #expect(!sender.producer.sendBatch())
        // What cannot join those that wait has to wait itself: another partition, time or size, or a call that takes no batch.
        #expect(sender.send([1], partition: 1, time: 9, isBatched: true).isQueueFull)
        #expect(sender.send([1], time: 8, isBatched: true).isQueueFull)
        #expect(sender.send([UInt8](repeating: 1, count: 5_000), time: 9, isBatched: true).isQueueFull)
        #expect(sender.send([1]).isQueueFull)
        sender.drain()
        #expect(sender.reported == Int(first))
        #expect(sender.producer.inFlightCount == 64)
        try cluster.setBroker(1, isUp: true)
        #expect(sender.awaitReports(Int(sent)), "draining hands over the rest")
        #expect(sender.runs.allSatisfy { $0.isDelivered })
        #expect(sender.send([UInt8(sent)], token: sent).isQueued)
        #expect(sender.awaitReports(Int(sent) + 1))
        let values = try records(Int(sent) + 1)[0].map { $0.value?.first }
        #expect(values == (0...sent).map { UInt8($0) })
        #expect(sender.close())
    }

    @Test func whatIsRefusedAtTheHandOverIsReported() throws {
        let sender = try Sender(properties)
        #expect(sender.send([1], token: 0).isQueued)
        #expect(sender.awaitReports(1))
        for token in 1...40 { #expect(sender.send([9], partition: 9, token: UInt64(token), isBatched: true).isQueued) }
        #expect(sender.send([2], token: 41, isBatched: true).isQueued)
        #expect(sender.producer.sendBatch())
        #expect(sender.awaitReports(42))
        #expect(sender.producer.inFlightCount == 0)
        let refused = sender.runs.filter { !$0.isDelivered }
        #expect(refused.flatMap { run in (0..<UInt64(run.count)).map { run.firstToken + $0 } } == Array(1...40))
        #expect(refused.count <= 2, "refusals of a batch join")
        #expect(refused.allSatisfy { $0.error?.isUnknownTopic == true && $0.error?.isUnknownPartition == true })
        #expect(try records(2)[0].map(\.value) == [[1], [2]])
        #expect(sender.close())
    }

    /// Whether it is too large for the client is known at once, as with a single message; the others are not held up.
    @Test func aMessageThatIsTooLargeIsRefusedAtOnce() throws {
        let sender = try Sender(properties, ProducerSettings(messageBytes: 1_000))
        #expect(sender.send([1], token: 0, isBatched: true).isQueued)
        for size in [1_000, 2_000, 10_000] {
            let tooLarge = sender.send([UInt8](repeating: 1, count: size), token: 1, isBatched: true)
            #expect(tooLarge.error?.isMessageTooLarge == true, "\(size) bytes")
        }
        #expect(sender.send([UInt8](repeating: 2, count: 900), token: 1, isBatched: true).isQueued)
        sender.producer.sendBatch()
        #expect(sender.awaitReports(2))
        #expect(sender.runs.allSatisfy { $0.isDelivered })
        #expect(sender.close())
    }

    @Test func topicsTakeTurns() throws {
        try cluster.createTopic("out", partitions: 1)
        let sender = try Sender(properties)
        let other = try sender.producer.topic("out")
        for index in 0..<20 {
            let value = [UInt8(index)]
            let topic = index % 3 == 0 ? other : sender.topic
            let result = unsafe sender.producer.produceBatched(
                topic, partition: 0, key: nil, value: value.span.bytes, timestampMilliseconds: 7, token: UInt64(index))
            #expect(result.isQueued)
        }
        sender.producer.sendBatch()
        #expect(sender.awaitReports(20))
        let member = try Member(properties, ConsumerSettings(groupID: "o"), topics: ["out"])
        #expect(member.run { member.records.count == 7 })
        #expect(member.records.map { $0.value?.first } == stride(from: 0, to: 20, by: 3).map { UInt8($0) })
        #expect(member.close() && sender.close())
    }

    /// Two threads send with a time of each; a third finds the wall clock going on.
    @Test func threadsDoNotSeeEachOthersTimes() throws {
        let start = wallClock()
        let results = Mutex<[Bool]>([])
        let times: [Int64] = [1_000_000, 2_000_000]
        let watcher = ClockWatcher()
        Thread.detachNewThread {
            while !watcher.isDone.load(ordering: .acquiring) {
                let now = wallClock()
                // The held times are of 1970; the clock itself may be set a little meanwhile.
                if abs(now - start) > 600_000 { watcher.oddReadings.add(1, ordering: .relaxed) }
            }
            watcher.hasEnded.signal()
        }
        DispatchQueue.concurrentPerform(iterations: 2) { number in
            guard let sender = try? Sender(properties) else { return }
            var allQueued = true
            for token in 0..<20_000 {
                let sent = sender.send(
                    [UInt8(number)], partition: Int32(number), time: times[number], token: UInt64(token),
                    isBatched: true)
                allQueued = allQueued && sent.isQueued
                if token % 16 == 0 { sender.producer.sendBatch() }
            }
            sender.producer.sendBatch()
            let isDelivered = sender.awaitReports(20_000)
            let isClosed = sender.close()
            results.withLock { $0.append(allQueued && isDelivered && isClosed) }
        }
        watcher.isDone.store(true, ordering: .releasing)
        watcher.hasEnded.wait()
        #expect(results.withLock { $0 } == [true, true])
        #expect(watcher.oddReadings.load(ordering: .relaxed) == 0)
        for (found, time) in zip(try records(40_000), times) {
            #expect(found.count == 20_000)
            #expect(found.allSatisfy { $0.timestamp == time })
        }
    }

    @Test func aPurgeReportsWhatIsHeldBack() throws {
        let sender = try Sender(properties)
        sender.sendTexts(1)
        #expect(sender.awaitReports(1))
        for token in 1...5 { #expect(sender.send([1], token: UInt64(token), isBatched: true).isQueued) }
        sender.producer.purge()
        #expect(sender.awaitReports(6))
        #expect(sender.runs.dropFirst().allSatisfy { $0.code == .purgedFromQueue })
        #expect(sender.send([1], token: 6, isBatched: true).isQueued)
        #expect(sender.close(), "and closing gives up what is held back")
        #expect(sender.send([1], isBatched: true).error?.code == .closed)
        sender.producer.sendBatch()
    }

    @Test func headersGoAlongInOrder() throws {
        let sender = try Sender(properties)
        let value: [UInt8] = [1]
        let headers = [Header(name: "a", text: "1"), Header(name: "a", value: nil)]
        let first = unsafe sender.producer.produce(
            sender.topic, partition: 1, key: nil, value: value.span.bytes, adding: headers, token: 0)
        #expect(first.isQueued && sender.send([2], partition: 1, token: 1).isQueued)
        #expect(sender.awaitReports(2))
        let member = try Member(properties, ConsumerSettings(groupID: "h", partitionCount: 2))
        let input = TopicPartition(topic: "in", partition: 1)
        #expect(member.run { member.records.count == 2 })
        try member.group.seek(input, to: 0, timeout: .seconds(5))
        var batch = MessageBatch(capacity: 2)
        #expect(
            awaitCondition {
                _ = member.readers[input]?.queue?.drain(into: &batch, upTo: 2)
                return batch.count == 2
            })
        // Without, with, without: the second goes alone and still between the others.
        for index in [1, 0, 1] {
            let message = batch[index]
            let sent = sender.producer.produceBatched(
                sender.topic, partition: 0, key: nil, value: message.value, headersOf: message, token: 2)
            #expect(sent.isQueued)
        }
        sender.producer.sendBatch()
        batch.releaseAll()
        #expect(sender.awaitReports(5))
        let copies = try records(5)[0]
        #expect(copies.map(\.value) == [[2], [1], [2]])
        #expect(copies.map(\.headers) == [[], headers, []])
        #expect(member.close() && sender.close())
    }
}

/// Milliseconds since 1970, from the function that the batches hold.
private func wallClock() -> Int64 {
    var time = timeval()
    unsafe gettimeofday(&time, nil)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_usec) / 1_000
}

/// What a thread that watches the wall clock shares with the others.
private final class ClockWatcher: Sendable {
    let isDone = Atomic<Bool>(false)
    let hasEnded = DispatchSemaphore(value: 0)
    let oddReadings = Atomic<Int>(0)
}
