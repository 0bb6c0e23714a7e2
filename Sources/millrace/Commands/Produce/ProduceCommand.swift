extension Command {
    static let produce = Command(
        name: "produce",
        summary: "load a file into a topic",
        flags: [
            .requiredInput, ProduceFlags.topic, ProduceFlags.bootstrap, ProduceFlags.property, ProduceFlags.rate,
            ProduceFlags.key, ProduceFlags.partitions, ProduceFlags.timestamp, .connectTimeout,
        ],
        notes: [
            "Rows of a CSV file become JSON objects, number-like fields as numbers; the lines of a JSON file go as they "
                + "are. Keys are partitioned as Java's client does (murmur2_random). With --rate the plan is open loop: "
                + "a slow moment is made up for. Every delivery is awaited; one that fails makes the exit code 70.",
            "With --partitions the topic is created if it does not exist; without it that is the broker's affair.",
        ],
        examples: [
            Example(
                explanation: "a file into a local broker",
                line: "millrace produce --input events.csv.gz --topic events --partitions 4"),
            Example(
                explanation: "keyed, at 2,000 events a second",
                line: "millrace produce --input events.csv --topic events --key user --rate 2000"),
            Example(
                explanation: "a secured cluster",
                line: "millrace produce --input e.csv --topic e --bootstrap k1:9093 "
                    + "--property security.protocol=SASL_SSL …"),
        ],
        run: { arguments throws(CommandFailure) in try ProduceSession(arguments).run() })
}

/// The flags of `millrace produce`.
enum ProduceFlags {
    static let topic = Flag("topic", .text("T"), "the topic to write to", isRequired: true)
    static let bootstrap = Flag("bootstrap", .text("HOSTS"), "bootstrap.servers; localhost:9092 by default")
    static let property = Flag("property", .pair, "a librdkafka property", isRepeatable: true)
    static let rate = Flag(
        "rate", .positiveNumber("N", maximum: 1e9), "events a second; as fast as the broker takes them by default")
    static let key = Flag("key", .text("FIELD"), "the field whose text is the record's key; no key by default")
    static let partitions = Flag(
        "partitions", .integer("N", 1...10_000), "create the topic with so many partitions if it does not exist")
    static let timestamp = Flag(
        "timestamp", .text("FIELD"),
        "the field that is the record's timestamp: ISO 8601 or epoch milliseconds; the present time by default")
}
