extension Command {
    static let demo = Command(
        name: "demo",
        summary: "the electricity example end to end, live, no broker needed",
        flags: [
            Flag(Flag.exitAtEnd.name, .none, "end when all the data is scored; otherwise stay until Ctrl-C"),
            DemoFlags.rate,
        ],
        notes: [
            "Starts an in-process Kafka cluster, loads 45,312 half-hours of an electricity market into a topic at a "
                + "speed one can watch, runs the example's pipeline file on it, and shows what happens: events and "
                + "latency, and how good each model is beside 'the same as the last label'. The predictions are read "
                + "back from the output topic into predictions.jsonl in the current folder, one a line.",
            "The example's folder is looked for as examples/electricity in the current folder, beside the program, and "
                + "in the folder that the environment variable MILLRACE_EXAMPLES names.",
        ],
        examples: [
            Example(explanation: "watch it, then look around", line: "millrace demo"),
            Example(explanation: "in a script", line: "millrace demo --exit-at-end && wc -l predictions.jsonl"),
        ],
        run: { arguments throws(CommandFailure) in try Demo(arguments).run() })
}

/// The flags of `millrace demo`.
enum DemoFlags {
    static let rate = Flag(
        "rate", .positiveNumber("N", maximum: 1e9), "events a second to load; 4,000 by default, for watching")
}
