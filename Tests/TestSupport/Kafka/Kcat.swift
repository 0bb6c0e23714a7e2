public import Foundation

/// `kcat`, a reader and writer of Kafka that is not ours.
public struct Kcat: Sendable {
    private let servers: String
    private let properties: [String]

    /// - Parameter properties: librdkafka properties, `key=value`.
    public init(_ servers: String, properties: [String] = []) {
        self.servers = servers
        self.properties = properties
    }

    // The system's librdkafka, also where the tests put a newer one in front of it.
    private let environment = ["LD_LIBRARY_PATH": ""]

    private var common: [String] { ["-b", servers, "-q"] + properties.flatMap { ["-X", $0] } }

    /// Reads whole topic to a file, one line a record in this format (see `kcat -h`); the file's content.
    public func read(_ topic: String, format: String, within limit: Duration = .seconds(120)) throws -> Data {
        let folder = try TemporaryFolder()
        let child = try ChildProcess(
            "kcat", common + ["-C", "-e", "-o", "beginning", "-f", format, "-t", topic], environment: environment,
            in: folder.url, name: "read")
        guard child.wait(within: limit) == .code(0) else {
            throw TestFailure("reading \(topic): \(child.errors.suffix(1000))")
        }
        return try Data(contentsOf: child.outputFile)
    }

    /// The timestamps of a topic's records in milliseconds, for each partition in its order.
    public func times(_ topic: String, partitions: Int) throws -> [[Int64]] {
        var times = [[Int64]](repeating: [], count: partitions)
        for line in try read(topic, format: "%p %T\\n", within: .seconds(300)).split(separator: UInt8(ascii: "\n")) {
            let numbers = line.split(separator: UInt8(ascii: " ")).map { Int64(String(decoding: $0, as: UTF8.self)) }
            guard numbers.count == 2, let partition = numbers[0].flatMap(Int.init(exactly:)), let time = numbers[1],
                times.indices.contains(partition)
            else { throw TestFailure("not understood: \(String(decoding: line, as: UTF8.self))") }
            times[partition].append(time)
        }
        return times
    }

    /// The end offsets of the given partitions; asks again for a while where a leader has just changed.
    public func ends(_ topic: String, partitions: Int) throws -> [Int64] {
        let queries = (0..<partitions).flatMap { ["-t", "\(topic):\($0):-1"] }
        var result = (ending: ChildProcess.Ending.code(1), output: "", errors: "")
        try eventually("offsets of \(topic)", within: .seconds(30), every: .milliseconds(250)) {
            result = try ChildProcess.run(
                "kcat", common + ["-Q"] + queries, environment: environment, within: .seconds(30))
            return result.ending == .code(0)
        }
        var ends = [Int64](repeating: 0, count: partitions)
        for line in result.output.split(separator: "\n") {  // `topic [0] offset 12`
            let columns = line.split(separator: " ")
            guard columns.count == 4, let partition = Int(columns[1].dropFirst().dropLast()),
                ends.indices.contains(partition), let offset = Int64(columns[3])
            else { throw TestFailure("not understood: \(line)") }
            ends[partition] = offset
        }
        return ends
    }

    /// The leader of each partition, by what one of the brokers knows; -1 where there is none.
    public func leaders(_ topic: String) throws -> [Int: Int] {
        let result = try ChildProcess.run(
            "kcat", common + ["-L", "-J", "-m", "10", "-t", topic], environment: environment, within: .seconds(30))
        guard result.ending == .code(0) else { throw TestFailure("metadata of \(topic): \(result.errors)") }
        let metadata = try JSONDecoder().decode(Metadata.self, from: Data(result.output.utf8))
        var leaders: [Int: Int] = [:]
        for partition in metadata.topics.first?.partitions ?? [] { leaders[partition.partition] = partition.leader }
        return leaders
    }

    private struct Metadata: Decodable {
        struct Topic: Decodable {
            struct Partition: Decodable {
                let partition: Int
                let leader: Int
            }
            let partitions: [Partition]
        }
        let topics: [Topic]
    }

    /// Writes lines `key TAB value` of a file; keys are partitioned as Java does.
    public func write(_ topic: String, lines file: String, within limit: Duration = .seconds(120)) throws {
        let result = try ChildProcess.run(
            "kcat", common + ["-P", "-X", "topic.partitioner=murmur2_random", "-t", topic, "-K", "\t", "-l", file],
            environment: environment, within: limit)
        guard result.ending == .code(0) else { throw TestFailure("writing \(topic): \(result.errors)") }
    }

    /// Writes one record whose value is a file's content.
    public func write(
        _ topic: String, partition: Int, key: String, value file: String, headers: [String] = []
    ) throws {
        try write(topic, partition, headers, ["-k", key, "-X", "message.max.bytes=20000000", file])
    }

    /// Writes one record with an empty value, or, as a tombstone, with none. (`kcat` skips empty files.)
    public func writeEmpty(
        _ topic: String, partition: Int, key: String, headers: [String] = [], isTombstone: Bool
    ) throws {
        let folder = try TemporaryFolder()
        let line = try folder.write("line", "\(key)\t\n")
        try write(topic, partition, headers, ["-K", "\t"] + (isTombstone ? ["-Z"] : []) + ["-l", line])
    }

    private func write(_ topic: String, _ partition: Int, _ headers: [String], _ rest: [String]) throws {
        let arguments = ["-P", "-t", topic, "-p", "\(partition)"] + headers.flatMap { ["-H", $0] } + rest
        let result = try ChildProcess.run("kcat", common + arguments, environment: environment, within: .seconds(60))
        guard result.ending == .code(0) else { throw TestFailure("writing \(topic): \(result.errors)") }
    }

    /// A `kcat` that writes the lines `key TAB value` that its `input` gets, until that is closed, errors or not.
    public func writer(_ topic: String, in folder: URL) throws -> ChildProcess {
        // Back soon after a broker was away, and with room for what comes meanwhile.
        let properties = [
            "topic.partitioner=murmur2_random", "linger.ms=2", "queue.buffering.max.messages=1000000",
            "reconnect.backoff.ms=50", "reconnect.backoff.max.ms=200", "retry.backoff.ms=50",
        ]
        return try ChildProcess(
            "kcat", common + properties.flatMap { ["-X", $0] } + ["-P", "-E", "-t", topic, "-K", "\t"],
            environment: environment, in: folder, name: "writer", feeds: true)
    }
}
