extension Command {
    static let evaluate = Command(
        name: "eval",
        summary: "how good would it be: the pipeline over a file, without Kafka",
        operands: [.pipelineFile],
        flags: [.requiredInput, .json, EvaluateFlags.predictions],
        notes: [
            "The same features and models as in the service go over the file in order, each event predicted first and "
                + "learned then, so the metrics are what the service would have had. The file's kafka: and output: are "
                + "ignored.",
            "Shown are all figures of the task, of all events and of the last 1,000 or so ('recent'), beside what trivial "
                + "models would have scored; for the first model, which is the published one, also how well its "
                + "probabilities hold (calibration) and which classes it confuses.",
            "--json has, by model, 'metrics' and 'recent' with every figure (null where it has no meaning), 'calibration' with "
                + "ten bins, and 'confusion': four counts, or 'classes' and a 'matrix' with a row for each true class; "
                + "'experts' with the weight of each in a model of type auto; and for all of them 'baselines', "
                + "'recent_baselines', 'events', 'seconds', 'events_per_second' and 'state_digest'.",
        ],
        examples: [
            Example(
                explanation: "a table of metrics",
                line: "millrace eval pipeline.yaml --input events.csv.gz"),
            Example(
                explanation: "one number for a script",
                line: "millrace eval pipeline.yaml --input events.csv.gz --json | jq .metrics.champion.accuracy"),
            Example(
                explanation: "which classes are confused",
                line: "millrace eval pipeline.yaml --input events.csv.gz --json | jq .confusion.champion"),
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
