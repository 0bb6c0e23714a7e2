import Foundation
import TestSupport

/// One pipeline on one cluster: its topics, its file, and the `millrace run` processes that work on it.
final class Service {
    let name: String
    let input: String
    let output: String
    let deadLetters: String
    let folder: TemporaryFolder
    let file: String
    let partitions: Int
    private let environment: [String: String]
    private var starts = 0

    /// What differs from one test to the next.
    struct Options {
        var partitions = 4
        var fields = Events.fields
        /// Lines of the `kafka:` section besides the servers.
        var kafka: [String] = []
        /// Lines at the top level.
        var lines: [String] = []
        var environment: [String: String] = [:]
    }

    init(_ servers: String, _ options: Options = Options()) throws {
        name = "test-\(UUID().uuidString.prefix(8).lowercased())"
        (input, output, deadLetters) = ("\(name)-in", "\(name)-out", "\(name)-dead-letter")
        folder = try TemporaryFolder()
        partitions = options.partitions
        environment = options.environment
        let kafka = (["bootstrap.servers: \"\(servers)\""] + options.kafka).map { "  \($0)\n" }.joined()
        file = try folder.write(
            "pipeline.yaml",
            """
            name: \(name)
            kafka:
            \(kafka)input:
              topic: \(input)
              format: json
              start: earliest
              id: id
              event_time: ts
              fields: \(options.fields)
            label: {field: label, positive: "1"}
            features: ["*"]
            models:
              logistic_regression: {type: logistic_regression, optimizer: {type: sgd, learning_rate: 0.01}}
            output: {topic: \(output)}
            \(options.lines.joined(separator: "\n"))

            """)
    }

    /// Starts `millrace run`, on all CPUs or on one; its logs stay in the folder of this object, one file for each start.
    func start(_ arguments: [String] = [], onCPU cpu: String? = nil) throws -> ChildProcess {
        starts += 1
        let command = [MillraceBinary.path, "run", file] + arguments
        let pinned = cpu.map { ["taskset", "-c", $0] + command } ?? command
        return try ChildProcess(
            pinned[0], Array(pinned.dropFirst()), environment: environment, in: folder.url, name: "run-\(starts)")
    }

    /// Runs `millrace run` to the end of the input; throws when it does not end with 0 in time.
    @discardableResult
    func runToEnd(within limit: Duration) throws -> ChildProcess {
        let process = try start(["--exit-at-end"])
        let ending = process.wait(within: limit)
        guard ending == .code(0) else {
            process.end()
            let how = ending.map { "\($0)" } ?? "did not end within \(limit)"
            throw TestFailure("run --exit-at-end: \(how)\n\(process.errors.suffix(4000))")
        }
        return process
    }

    /// Ends a running service as an operator does; throws when it does not drain and end with 0.
    func terminate(_ process: ChildProcess) throws {
        process.send(signal: SIGTERM)
        let ending = process.wait(within: .seconds(60))
        guard ending == .code(0) else {
            process.end()
            let how = ending.map { "\($0)" } ?? "did not end"
            throw TestFailure("SIGTERM: \(how)\n\(process.errors.suffix(4000))")
        }
    }

    /// The property of a topic whose records carry the time at which the broker got them.
    static let brokerTime = ["message.timestamp.type": "LogAppendTime"]

    /// Makes the topics; outputs carry the broker's time, which the tests of gaps and repeats measure by.
    func createTopics(
        on cluster: KafkaCluster, inputs: [[Int]]? = nil, inputProperties: [String: String] = [:],
        outputs: [[Int]]? = nil, deadLetters placement: [[Int]]? = nil
    ) throws {
        try cluster.createTopic(input, partitions: partitions, placement: inputs, properties: inputProperties)
        try cluster.createTopic(
            output, partitions: partitions, placement: outputs, properties: Service.brokerTime)
        if let placement { try cluster.createTopic(deadLetters, placement: placement) }
    }

    /// Waits until the outputs have grown by `count` since now.
    func awaitOutputs(_ kcat: Kcat, more count: Int64, within limit: Duration) throws {
        let before = try kcat.ends(output, partitions: partitions).reduce(0, +)
        try eventually("\(count) more outputs of \(name)", within: limit) {
            try kcat.ends(output, partitions: partitions).reduce(0, +) >= before + count
        }
    }

    /// The resident memory of a process in bytes.
    static func residentBytes(of process: ChildProcess) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process.identifier)/statm", encoding: .utf8)) ?? ""
        let pages = status.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * 4096
    }
}

/// The time as brokers write it into records: milliseconds since 1970.
func wallMilliseconds() -> Int64 {
    Int64(Date().timeIntervalSince1970 * 1000)
}
