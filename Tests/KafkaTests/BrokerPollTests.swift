// Goal: a producer whose broker is slow to answer waits for it instead of asking all the time. Method: round trips of a third of a
// second, messages all the while, and the CPU time of librdkafka's broker threads as the kernel counts it.
import Foundation
import Glibc
import Kafka
import Synchronization
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
        // With at most a thousand unanswered this takes five round trips, and something always waits behind a request.
        var sent = 1
        while sender.reported < 4_001 {
            if sent - sender.reported < 1_000 {
                sender.sendTexts(10, first: sent)
                sent += 10
            }
            sender.drain()
            guard ContinuousClock.now - start < .seconds(60) else { break }
        }
        let elapsed = ContinuousClock.now - start
        let used = Self.brokerThreads().compactMap { thread, time in
            others.contains(thread) ? nil : before[thread].map { time - $0 }
        }.max()
        try cluster.setRoundTrip(.zero, ofBroker: 1)
        #expect(sender.awaitReports(sent))
        #expect(sender.runs.allSatisfy { $0.isDelivered })
        let share = try #require(used) / elapsed
        #expect(share < 0.2, "a broker thread was busy for \(share) of the time")
        #expect(sender.close())
    }

    /// Only broker threads pause; everybody else's polls return at once.
    @Test func othersPollAsEver() {
        var file = Self.emptyPipe()
        defer { file.close() }
        let start = ContinuousClock.now
        var readable: Int32 = 0
        for _ in 0..<5_000 { unsafe readable += poll(&file.reader, 1, 0) }
        #expect(.now - start < .seconds(3), "5,000 pauses would be 5 s")
        #expect(readable == 0)
    }

    @Test func aBrokerThreadPausesBrieflyAndWakesAtOnce() throws {
        let results = Mutex<(empty: Duration, full: Duration, readable: Int32)?>(nil)
        let hasEnded = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            // Foundation may not know the thread yet, and drop a name given through it.
            try? Data("rdk:broker9".utf8).write(to: URL(fileURLWithPath: "/proc/thread-self/comm"))
            var file = Self.emptyPipe()
            let start = ContinuousClock.now
            for _ in 0..<102 { unsafe _ = poll(&file.reader, 1, 0) }
            let empty = ContinuousClock.now - start
            file.fill()
            let second = ContinuousClock.now
            var readable: Int32 = 0
            for _ in 0..<1_000 { unsafe readable += poll(&file.reader, 1, 0) }
            let full = ContinuousClock.now - second
            results.withLock { $0 = (empty, full, readable) }
            file.close()
            hasEnded.signal()
        }
        hasEnded.wait()
        let (empty, full, readable) = try #require(results.withLock { $0 })
        #expect(empty >= .milliseconds(95), "a hundred of them pause")
        #expect(empty < .seconds(10), "for a millisecond each")
        #expect(readable == 1_000 && full < .milliseconds(900), "something to read is no reason to pause")
    }

    private struct Pipe {
        var reader: pollfd
        var writer: Int32

        func fill() {
            var byte: UInt8 = 1
            unsafe _ = write(writer, &byte, 1)
        }

        func close() {
            Glibc.close(reader.fd)
            Glibc.close(writer)
        }
    }

    private static func emptyPipe() -> Pipe {
        var ends: [Int32] = [0, 0]
        unsafe _ = pipe(&ends)
        return Pipe(reader: pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0), writer: ends[1])
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
