extension Command {
    static let run = Command(
        name: "run",
        summary: "the service: score the input topic and learn from it",
        operands: [.pipelineFile],
        flags: [RunFlags.embedded, RunFlags.input, RunFlags.partitions, .exitAtEnd, .connectTimeout],
        notes: [
            "Joins the pipeline's consumer group, turns each event into features, predicts with every model, publishes "
                + "the first model's answer and learns from the labels. Offsets are committed only for what is delivered. "
                + "SIGTERM and SIGINT drain, commit and end with exit 0; a second one ends at once.",
            "--embedded starts an in-process Kafka cluster in place of the file's bootstrap.servers, creates the file's "
                + "topics in it, loads --input if given, and prints bootstrap.servers=HOST:PORT as the first line of "
                + "standard output, for kcat or millrace produce. It is for trying things: it keeps at most 5 MiB or "
                + "100,000 batches of a partition and everything is gone with the process.",
        ],
        examples: [
            Example(explanation: "the service", line: "millrace run pipeline.yaml"),
            Example(
                explanation: "score what is in the topic now, then stop",
                line: "millrace run pipeline.yaml --exit-at-end"),
            Example(
                explanation: "without a broker: a file through an in-process cluster",
                line: "millrace run pipeline.yaml --embedded --input events.csv --exit-at-end"),
        ],
        problem: { arguments in
            for flag in [RunFlags.input, RunFlags.partitions]
            where arguments.has(flag) && !arguments.has(RunFlags.embedded) {
                return "\(flag.dashed) needs --embedded"
            }
            let isEmpty = arguments.has(RunFlags.embedded) && !arguments.has(RunFlags.input)
            guard isEmpty, arguments.has(.exitAtEnd) else { return nil }
            return "--exit-at-end with --embedded needs --input: an empty cluster has no end to reach"
        },
        run: { arguments throws(CommandFailure) in try RunSession(arguments).run() })
}

/// The flags of `millrace run`.
enum RunFlags {
    static let embedded = Flag("embedded", .none, "run on an in-process cluster instead of bootstrap.servers")
    static let input = Flag(Flag.input.name, Flag.input.value, "load this file into the embedded cluster's input topic")
    static let partitions = Flag(
        "partitions", .integer("N", 1...10_000), "partitions of the embedded cluster's topics; 1 by default")
}
