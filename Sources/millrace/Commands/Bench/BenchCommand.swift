extension Command {
    static let bench = Command(
        name: "bench",
        summary: "how fast is it here: the pipeline beside a bare pass-through on your brokers",
        operands: [.pipelineFile],
        flags: [BenchFlags.events],
        notes: [
            "Makes topics of its own on the file's brokers, fills one with events made after the file's fields, and runs "
                + "the pipeline and a bare consume-and-produce loop over it in turns; then both at a modest rate, for the "
                + "latency. The ratio is what Millrace's work costs. The topics are deleted afterwards; no other topic "
                + "or group is touched."
        ],
        examples: [
            Example(explanation: "one million events", line: "millrace bench pipeline.yaml"),
            Example(explanation: "a quick look", line: "millrace bench pipeline.yaml --events 100000"),
        ],
        run: { arguments throws(CommandFailure) in try Bench(arguments).run() })
}

/// The flags of `millrace bench`.
enum BenchFlags {
    static let events = Flag("events", .integer("N", 1_000...1_000_000_000), "events in a round; 1,000,000 by default")
}
