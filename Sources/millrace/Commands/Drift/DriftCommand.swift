import Learning

extension Command {
    static let drift = Command(
        name: "drift",
        summary: "when did a stream change: a drift detector over a numeric column",
        flags: [DriftFlags.detector, .requiredInput, DriftFlags.column, DriftFlags.set, .json],
        notes: [
            "A detector reads the column value by value, as the service would, and says at which row it sees a change and "
                + "where a warning of one begins. Rows count from 0, the header line apart. After a drift it starts again "
                + "with the next row. With --json the result is {\"drift\":[…],\"warning_start\":[…]}.",
            "A row without a value counts, and the detector does not see it. A value that is no number, or that the "
                + "detector does not take, ends the command with exit 65; a parameter that is unknown or out of range "
                + "with 78.",
        ] + DetectorType.all.map(note),
        examples: [
            Example(
                explanation: "where did the price change its level?",
                line: "millrace drift --detector adwin --input prices.csv.gz --column price"),
            Example(
                explanation: "a parameter, and an answer for a script",
                line: "millrace drift --detector ddm --set drift_threshold=4 --input errors.csv --column error --json"),
            Example(
                explanation: "how many drifts in a JSON-lines file",
                line: "millrace drift --detector kswin --input e.jsonl --column v --json | jq '.drift | length'"),
        ],
        problem: { arguments in
            guard let name = arguments.text(DriftFlags.detector), DetectorType.named(name) == nil else { return nil }
            let names = DetectorType.all.map(\.name)
            return "\(DriftFlags.detector.dashed) is one of \(names.joined(separator: ", ")), not '\(name)'"
                + nearestWord(to: name, among: names).map { "; did you mean '\($0)'?" }.orEmpty
        },
        run: { arguments throws(CommandFailure) in try DriftSession(arguments).run() })

    /// What a page of help says of one detector.
    private static func note(of type: DetectorType) -> String {
        let parameters = type.parameters.map { "\($0.key)=\($0.defaultText)" }.joined(separator: ", ")
        let values = type.acceptedValues == 0...1 ? "Numbers from 0 to 1. " : ""
        return "\(type.name): \(type.summary) \(values)\(type.documentation.use) Parameters: \(parameters)."
    }
}

/// The flags of `millrace drift`.
enum DriftFlags {
    static let detector = Flag(
        "detector", .text("NAME"), DetectorType.all.map(\.name).joined(separator: ", "), isRequired: true)
    static let column = Flag("column", .text("C"), "the numeric column or JSON field", isRequired: true)
    static let set = Flag("set", .pair, "a parameter of the detector", isRepeatable: true)
}
