extension Flag {
    static let help = Flag("help", .none, "explain the command")
    static let logLevel = Flag(
        "log-level", .choice(["debug", "info", "warning", "error"]), "least important log entry shown; info by default")
    static let logFormat = Flag(
        "log-format", .choice(["text", "json"]), "how log entries are written to standard error; text by default")

    /// The flags of every command.
    static let common = [help, logLevel, logFormat]

    static let json = Flag("json", .none, "print one JSON object to standard output")
    static let exitAtEnd = Flag(
        "exit-at-end", .none, "stop cleanly at the end that the input has at the start; otherwise go on until a signal")
    static let connectTimeout = Flag(
        "connect-timeout", .positiveNumber("SECONDS", maximum: 86_400),
        "how long the first contact with the broker may take; 60 by default, then exit 69")
    static let input = Flag(
        "input", .file("DATA"),
        "events: a .csv file with a header line, or .json or .jsonl with an event a line; .gz too")
    static let requiredInput = Flag(input.name, input.value, input.summary, isRequired: true)
}

extension Command.Operand {
    static let pipelineFile = Command.Operand(placeholder: "FILE", summary: "the pipeline file (YAML)")
}
