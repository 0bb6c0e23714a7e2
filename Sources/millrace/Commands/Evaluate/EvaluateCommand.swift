extension Command {
    static let evaluate = Command(
        name: "eval",
        summary: "how good would it be: the pipeline over a file, without Kafka",
        operands: [.pipelineFile],
        flags: [.requiredInput, .json, EvaluateFlags.predictions],
        notes: [
            "The same features and models as in the service go over the file in order, each event predicted first and "
                + "learned then, so the metrics are what the service would have had. The file's kafka: and output: are "
                + "ignored."
        ],
        examples: [
            Example(
                explanation: "a table of metrics",
                line: "millrace eval pipeline.yaml --input events.csv.gz"),
            Example(
                explanation: "one number for a script",
                line: "millrace eval pipeline.yaml --input events.csv.gz --json | jq .metrics.champion.accuracy"),
            Example(
                explanation: "every prediction, to look at or to plot",
                line: "millrace eval pipeline.yaml --input events.csv.gz --predictions out.csv"),
        ],
        run: { arguments throws(CommandFailure) in try EvaluateSession(arguments).run() })
}

/// The flags of `millrace eval`.
enum EvaluateFlags {
    static let predictions = Flag(
        "predictions", .file("OUT.csv"), "write index, label and each model's prediction, one line an event")
}
