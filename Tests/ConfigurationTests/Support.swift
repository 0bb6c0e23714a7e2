import Configuration
import Testing

/// A small valid pipeline; each top-level key is one block, so that a test can replace it.
let minimalBlocks: [(key: String, text: String)] = [
    ("name", "name: fraud"),
    ("kafka", "kafka: {bootstrap.servers: localhost:9092}"),
    (
        "input",
        """
        input:
          topic: payments
          fields: {amount: number, zone: category, isFraud: category}
        """
    ),
    ("label", "label: {field: isFraud, positive: \"1\"}"),
    ("models", "models: {champion: {type: logistic_regression}}"),
    ("output", "output: {topic: scores}"),
]

/// The minimal pipeline with blocks replaced by key (`nil`: left out) and others added at the end.
func file(_ changes: [String: String?] = [:], adding added: String = "") -> String {
    let blocks = minimalBlocks.compactMap { key, text -> String? in
        guard let change = changes[key] else { return text }
        return change
    }
    return (blocks + [added]).joined(separator: "\n") + "\n"
}

func parse(
    _ text: String, mode: Pipeline.Mode = .run, environment: [String: String] = [:]
) throws(ConfigurationError) -> Pipeline {
    try Pipeline.parse(text: text, file: "f.yaml", mode: mode, environment: environment)
}

func problems(
    _ text: String, mode: Pipeline.Mode = .run, environment: [String: String] = [:]
) -> [Problem] {
    do {
        _ = try parse(text, mode: mode, environment: environment)
        return []
    } catch .invalid(let problems) {
        return problems
    } catch {
        Issue.record("\(error)")
        return []
    }
}

/// `line:column: message`, one for each problem.
func findings(
    _ text: String, mode: Pipeline.Mode = .run, environment: [String: String] = [:]
) -> [String] {
    problems(text, mode: mode, environment: environment).map { "\($0.line):\($0.column): \($0.message)" }
}
