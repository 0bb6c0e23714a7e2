/// Reads one map of parameters against its rules and collects every problem.
///
/// Checking and reading are apart: `check(rules:)` reports, the typed reads afterwards fall back to the default for what is
/// missing or was reported. What is read is remembered with its effective value: two maps that read the same make the same
/// model, and the state of one fits the other.
struct ParameterReader {
    private(set) var problems: [ParameterProblem] = []
    /// Every value read so far, the defaults among them, as `path=value`.
    private(set) var effective: [String] = []
    private let entries: [ParameterEntry]
    let path: [String]

    init(entries: [ParameterEntry], path: [String]) {
        self.entries = entries
        self.path = path
        for (position, entry) in entries.enumerated() {
            guard entries[..<position].contains(where: { $0.key == entry.key }) else { continue }
            problems.append(
                ParameterProblem(path: path + [entry.key], message: "`\(entry.key)` comes twice"))
        }
    }

    mutating func report(_ problem: ParameterProblem) { problems.append(problem) }

    func value(_ key: String) -> ParameterValue? { entries.first { $0.key == key }?.value }

    /// The value of `key` unless it was reported: a refused value may be anything, and nothing is built from it.
    func accepted(_ key: String) -> ParameterValue? {
        problems.contains { $0.path.starts(with: path + [key]) } ? nil : value(key)
    }

    mutating func number(_ key: String, default fallback: Double) -> Double {
        let read = if case .number(let number)? = accepted(key) { number } else { fallback }
        note(key, "\(read)")
        return read
    }

    /// A whole number; a value that is none was reported, and the default stands in.
    mutating func integer(_ key: String, default fallback: Int) -> Int {
        var read = fallback
        if case .number(let number)? = accepted(key) { read = Int(exactly: number) ?? fallback }
        note(key, "\(read)")
        return read
    }

    mutating func text(_ key: String, default fallback: String) -> String {
        let read = if case .text(let text)? = accepted(key) { text } else { fallback }
        note(key, read)
        return read
    }

    mutating func flag(_ key: String, default fallback: Bool) -> Bool {
        let read = if case .flag(let flag)? = accepted(key) { flag } else { fallback }
        note(key, "\(read)")
        return read
    }

    /// Remembers that `key` was read as `value`.
    mutating func note(_ key: String, _ value: String) {
        effective.append((path + [key]).joined(separator: ".") + "=" + value)
    }

    /// Remembers what a nested reader read.
    mutating func note(readsOf nested: ParameterReader) { effective += nested.effective }

    /// Reports every entry that has no rule or breaks it. `also` are keys read elsewhere, `planned` those of the design that
    /// this version does not have.
    mutating func check(rules: [ParameterRule], also: [String], planned: [String]) {
        for entry in entries where !also.contains(entry.key) {
            if let rule = rules.first(where: { $0.key == entry.key }) {
                check(entry.value, rule)
            } else if planned.contains(entry.key) {
                problems.append(
                    ParameterProblem(
                        path: path + [entry.key], message: "`\(entry.key)` is not yet built", isNotYet: true))
            } else {
                reportUnknown(entry.key, rules: rules, also: also)
            }
        }
    }

    /// Keys that the design gives every model and that make sense for some families only.
    private static let familyKeys = ["clip", "forget"]

    private mutating func reportUnknown(_ key: String, rules: [ParameterRule], also: [String]) {
        if path.isEmpty, Self.familyKeys.contains(key) {
            let takers = ModelType.all.filter { $0.parameters.contains { $0.key == key } }.map(\.name)
            return refuse(
                key, "does not apply to this model type; these take it: \(takers.joined(separator: ", "))")
        }
        let belongsToOptimizer =
            rules.contains { $0.kind == .optimizer }
            && OptimizerType.all.contains { $0.parameters.contains { $0.key == key } }
        let hint = belongsToOptimizer ? "; it belongs under `optimizer:`" : ""
        problems.append(
            ParameterProblem(
                path: path + [key], message: "unknown key `\(key)`\(hint)", isUnknownKey: true,
                allowed: also + rules.map(\.key)))
    }

    private mutating func check(_ value: ParameterValue, _ rule: ParameterRule) {
        switch rule.kind {
        case .number(let minimum, let maximum, let exclusiveMinimum):
            guard case .number(let number) = value, number <= maximum,
                exclusiveMinimum ? number > minimum : number >= minimum
            else {
                let lower = exclusiveMinimum ? "above \(shown(minimum))" : "from \(shown(minimum))"
                return refuse(rule.key, "takes a number \(lower) to \(shown(maximum))")
            }
        case .integer(let minimum, let maximum):
            checkInteger(value, rule.key, minimum, maximum)
        case .flag:
            guard case .flag = value else { return refuse(rule.key, "takes true or false") }
        case .choice(let words):
            checkChoice(value, rule.key, words)
        case .schedule:
            checkSchedule(value, rule.key)
        case .optimizer:
            checkOptimizer(value, rule.key)
        case .models(let minimum, let maximum):
            checkModels(value, rule.key, minimum, maximum)
        case .duration(let minimum, let maximum):
            checkDuration(value, rule.key, minimum, maximum)
        }
    }

    private mutating func checkInteger(
        _ value: ParameterValue, _ key: String, _ minimum: Int, _ maximum: Int
    ) {
        guard case .number(let number) = value, let integer = Int(exactly: number) else {
            return refuse(key, "takes a whole number")
        }
        guard (minimum...maximum).contains(integer) else {
            return refuse(key, minimum == maximum ? "takes \(minimum)" : "takes \(minimum) to \(maximum)")
        }
    }

    private mutating func checkChoice(_ value: ParameterValue, _ key: String, _ words: [String]) {
        let list = words.joined(separator: ", ")
        guard case .text(let word) = value else {
            return refuse(key, "takes one of: \(list)", allowed: words)
        }
        guard words.contains(word) else {
            problems.append(
                ParameterProblem(
                    path: path + [key], message: "unknown value `\(word)` of `\(key)`; one of: \(list)",
                    isUnknownKey: true, allowed: words))
            return
        }
    }

    mutating func refuse(_ key: String, _ message: String, allowed: [String] = []) {
        problems.append(
            ParameterProblem(path: path + [key], message: "`\(key)` \(message)", allowed: allowed))
    }

    /// Adds what the reader of a nested map found.
    mutating func take(problemsOf nested: ParameterReader) { problems += nested.problems }

    func nested(_ entries: [ParameterEntry], under key: String) -> ParameterReader {
        ParameterReader(entries: entries, path: path + [key])
    }

    private func shown(_ number: Double) -> String {
        if let integer = Int(exactly: number) { "\(integer)" } else { "\(number)" }
    }
}
