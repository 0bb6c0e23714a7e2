import Kafka
import Service
import Telemetry

/// One `millrace produce`, from the file to the last delivery report.
struct ProduceSession {
    private let arguments: Arguments
    private let log: Log
    private let topic: String
    private let properties: ClientProperties

    init(_ arguments: Arguments) throws(CommandFailure) {
        self.arguments = arguments
        log = arguments.log()
        topic = arguments.text(ProduceFlags.topic) ?? ""
        properties = try Self.properties(arguments)
    }

    func run() throws(CommandFailure) -> ExitCode {
        let file = try EventFile(arguments.text(.input) ?? "")
        let totalCount = StandardError.isTerminal ? try file.count() : nil
        try prepareTopic()
        let cancellation = Cancellation()
        _ = ShutdownSignals.install { _ in cancellation.cancel() }
        var producer = try EventProducer(properties: properties, topic: topic, log: log)
        var bar = ProgressBar()
        let started = ContinuousClock.now
        var loader = EventLoader(
            file: file, keyField: arguments.text(ProduceFlags.key),
            timestampField: arguments.text(ProduceFlags.timestamp),
            rate: arguments.number(ProduceFlags.rate), log: log, cancellation: cancellation)
        loader.onProgress = { producer in
            bar.update(
                fraction: totalCount.map { Double(producer.deliveredCount) / Double(max($0, 1)) },
                "\(NumberText.grouped(producer.deliveredCount)) of \(NumberText.grouped(totalCount ?? 0)) events")
        }
        let result = try loader.load(into: &producer)
        bar.clear()
        producer.close()
        return try report(producer, result, seconds: (ContinuousClock.now - started) / .seconds(1))
    }

    /// What the flags say to librdkafka.
    private static func properties(_ arguments: Arguments) throws(CommandFailure) -> ClientProperties {
        var properties = ClientProperties(
            bootstrapServers: arguments.text(ProduceFlags.bootstrap) ?? "localhost:9092")
        // Keys go where Java's default partitioner puts them.
        properties.producer.append(Property(key: "partitioner", value: "murmur2_random"))
        for pair in arguments.texts(ProduceFlags.property) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let property = Property(key: String(parts[0]), value: String(parts[1]))
            if let problem = ClientProperties.check(key: property.key, value: property.value, section: .producer) {
                let nearest = nearestWord(to: property.key, among: ClientProperties.knownKeys(in: .producer))
                let hint = problem.kind == .unknown ? nearest.map { "; did you mean '\($0)'?" }.orEmpty : ""
                throw CommandFailure(.configuration, "--property \(property.key): \(problem.message)\(hint)")
            }
            properties.common.removeAll { $0.key == property.key }
            properties.common.append(property)
        }
        return properties
    }

    /// Makes contact, and creates the topic if `--partitions` asks for it and it is not there.
    private func prepareTopic() throws(CommandFailure) {
        let seconds = arguments.number(.connectTimeout) ?? 60
        do throws(KafkaError) {
            let admin = try Admin(properties: properties, log: log)
            defer { _ = admin.close(deadline: .now + .seconds(5)) }
            try admin.waitUntilReachable(deadline: .now + .seconds(seconds))
            guard let count = arguments.integer(ProduceFlags.partitions) else { return }
            let failures = try admin.createTopics([NewTopic(name: topic, partitions: count)], timeout: .seconds(30))
            if let failure = failures[topic], failure.code != .topicExists { throw failure }
        } catch {
            throw CommandFailure(error, while: properties.bootstrapServers ?? "the brokers")
        }
    }

    private func report(
        _ producer: borrowing EventProducer, _ result: EventLoader.Result, seconds: Double
    ) throws(CommandFailure) -> ExitCode {
        let delivered = NumberText.grouped(producer.deliveredCount)
        let rate = NumberText.grouped(Double(producer.deliveredCount) / max(seconds, 1e-6))
        StandardOutput.write(
            "\(delivered) events in \(topic), \(NumberText.duration(milliseconds: seconds * 1e3)), \(rate) events/s\n")
        if result.isCancelled { StandardError.write("millrace: interrupted before the end of the file\n") }
        if let failure = producer.firstFailure {
            let error = CommandFailure(
                failure, while: "\(NumberText.grouped(producer.failedCount)) events not delivered")
            throw CommandFailure(error.code == .configuration ? .internalError : error.code, error.message)
        }
        if result.badCount > 0 {
            throw CommandFailure(.badData, "\(NumberText.grouped(result.badCount)) bad records were left out")
        }
        return .success
    }
}
