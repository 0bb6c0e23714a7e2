public import Foundation
import Synchronization

/// Events as a user's producer writes them: nine fields with an id and a time, six numbers and a label.
public enum Events {
    /// How many different keys there are; event `i` has the key `k<i mod keyCount>`.
    public static let keyCount = 1_000

    /// The pipeline's `input.fields` for these events.
    public static let fields =
        "{period: number, nswprice: number, nswdemand: number, vicprice: number, vicdemand: number, "
        + "transfer: number, label: category}"

    // The part of each event after its id; the numbers come from a small generator with a fixed seed.
    private static let bodies: [[UInt8]] = {
        var state: UInt64 = 42
        func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 44) / Double(1 << 20)
        }
        return (0..<keyCount).map { index in
            let names = ["period", "nswprice", "nswdemand", "vicprice", "vicdemand", "transfer"]
            let values = names.map { _ in next() }
            let label = values[1] + values[2] > values[3] + values[4] ? 1 : 0
            let numbers = zip(names, values).map { "\"\($0)\":\($1)" }.joined(separator: ",")
            let time = "\"ts\":\"2024-05-\(10 + index % 20)T12:00:00Z\""
            return Array(",\(time),\(numbers),\"label\":\"\(label)\"}\n".utf8)
        }
    }()

    /// Appends the line `key TAB value` of event `index`, for `kcat -K '\t'`.
    public static func append(_ index: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "k\(index % keyCount)\t{\"id\":\(index)".utf8)
        bytes.append(contentsOf: bodies[index % keyCount])
    }

    /// Writes the lines of events `0..<count` to a file.
    public static func write(_ count: Int, to file: URL) throws {
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        var bytes: [UInt8] = []
        for index in 0..<count {
            append(index, to: &bytes)
            if bytes.count > 1 << 20 {
                try handle.write(contentsOf: Data(bytes))
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }
}

/// Writes events to a topic at a fixed rate, in a thread of its own, until it is stopped.
public final class PacedLoad: Sendable {
    /// How long in milliseconds a partition of four gets nothing while all goes well: two portions and the writer's linger.
    public static let usualPause: Int64 = 25

    private let writer: ChildProcess
    private let isStopped = Mutex(false)
    private let sent = Mutex(0)
    private let done = DispatchSemaphore(value: 0)

    /// Starts with event 0; a hundred portions a second.
    public init(_ kcat: Kcat, topic: String, perSecond rate: Int, in folder: URL) throws {
        writer = try kcat.writer(topic, in: folder)
        let thread = Thread { [self] in
            write(perSecond: rate)
            done.signal()
        }
        thread.name = "paced load"
        thread.start()
    }

    /// How many events were handed to the writer so far.
    public var count: Int { sent.withLock { $0 } }

    /// Ends the load and waits until everything written is in the topic; gives the number of events.
    public func stop() throws -> Int {
        isStopped.withLock { $0 = true }
        done.wait()
        guard writer.wait(within: .seconds(60)) == .code(0) else {
            writer.end()
            throw TestFailure("the load's writer failed: \(writer.errors.suffix(1000))")
        }
        return count
    }

    private func write(perSecond rate: Int) {
        let clock = ContinuousClock()
        let start = clock.now
        var index = 0
        var bytes: [UInt8] = []
        while !isStopped.withLock({ $0 }) {
            let due = Int((clock.now - start).seconds * Double(rate))
            bytes.removeAll(keepingCapacity: true)
            while index < due {
                Events.append(index, to: &bytes)
                index += 1
            }
            // A writer that has ended shows in `stop`.
            guard (try? writer.input?.write(contentsOf: Data(bytes))) != nil else { break }
            sent.withLock { $0 = index }
            Thread.sleep(forTimeInterval: 0.01)
        }
        try? writer.input?.close()
    }
}
