/// Reads a pipeline's tree and collects every problem on the way. A part that has a problem yields `nil` or its
/// default, and reading goes on; what was read counts only when no problem was found at the end.
struct PipelineReader {
    let mode: Pipeline.Mode
    let environment: Environment
    var problems: ProblemList
    /// Keys that an unknown key was probably meant to be, by path: they are not missing as well.
    private var suggestedPaths: Set<String> = []

    init(mode: Pipeline.Mode, environment: Environment, problems: ProblemList) {
        self.mode = mode
        self.environment = environment
        self.problems = problems
    }

    /// Whether `kafka`, `output` and `route` matter.
    var isServing: Bool { mode != .eval }
}

// MARK: - Maps

extension PipelineReader {
    /// The map in `field`, its keys checked against those documented for `section` (`field`'s own path by default).
    mutating func section(_ field: Field, documentedAs section: String? = nil) -> Section? {
        guard case .mapping(let entries) = field.node.content else {
            refuseKind(field, expected: "a map")
            return nil
        }
        let result = Section(path: field.path, position: field.keyPosition, entries: entries)
        checkKeys(of: result, documentedAs: section ?? field.path)
        return result
    }

    /// Reports the keys of a map that the documentation does not have, or has as not yet built.
    mutating func checkKeys(of section: Section, documentedAs name: String, reportsNotYet: Bool = true) {
        let known = KeyDocumentation.keys(of: name)
        guard !known.contains(where: { $0.key == "*" }) else { return }
        for (key, field) in zip(section.keys, section.fields) {
            if let documentation = known.first(where: { $0.key == key }) {
                if documentation.isNotYet, reportsNotYet { refuseNotYet("'\(field.path)'", at: field.keyPosition) }
            } else {
                refuseUnknownKey(key, in: section, at: field.keyPosition, known: known.map(\.key))
            }
        }
    }

    mutating func refuseUnknownKey(_ key: String, in section: Section, at position: Position, known: [String]) {
        guard !problems.isFull else { return problems.add("unknown key", at: position) }
        let place = section.path.isEmpty ? "" : " in '\(section.path)'"
        let near = suggestion(for: key, in: section, among: known)
        let list = near.isEmpty && known.count <= 8 ? "; it takes \(Self.list(known))" : near
        problems.add("unknown key '\(quotable(key))'\(place)\(list)", at: position)
    }

    /// `; did you mean 'x'?` for a key of `section`, or nothing; remembers what was meant.
    mutating func suggestion(for key: String, in section: Section, among known: [String]) -> String {
        guard let nearest = Suggestion.nearest(to: key, among: known) else { return "" }
        suggestedPaths.insert(section.path(of: nearest))
        return "; did you mean '\(nearest)'?"
    }

    /// The field of `key`; reports it as missing when it is not there.
    mutating func required(_ key: String, in section: Section, because reason: String = "") -> Field? {
        if let field = section[key] { return field }
        reportMissing(key, in: section, because: reason)
        return nil
    }

    mutating func reportMissing(_ key: String, in section: Section, because reason: String = "") {
        let path = section.path(of: key)
        if !suggestedPaths.contains(path) { problems.add("missing key '\(path)'\(reason)", at: section.position) }
    }
}

// MARK: - Single values

extension PipelineReader {
    /// The single value in `field` with its variables replaced; reports anything else, nothing included.
    mutating func scalar(_ field: Field, expected: String = "a single value") -> ScalarValue? {
        guard case .scalar(let scalar) = field.node.content, !field.node.isNull else {
            refuseKind(field, expected: expected)
            return nil
        }
        return expand(scalar, in: field)
    }

    private mutating func expand(_ scalar: Node.Scalar, in field: Field) -> ScalarValue? {
        let substitution = Substitution(scalar.text, environment: environment)
        for name in substitution.missing {
            problems.add("environment variable '\(name)' is not set (in '\(field.path)')", at: field.position)
        }
        if substitution.isMalformed {
            problems.add(
                "'${' in '\(field.path)' must be followed by a variable's name and '}'; write '$${' for the characters",
                at: field.position)
        }
        guard substitution.missing.isEmpty, !substitution.isMalformed else { return nil }
        return ScalarValue(
            text: substitution.text, source: scalar.text, position: field.position,
            isPlain: scalar.isPlain || !substitution.replacements.isEmpty, replacements: substitution.replacements)
    }

    /// Text that is not empty; numbers and flags count as the text they are written as.
    mutating func text(_ field: Field) -> ScalarValue? {
        guard let value = scalar(field, expected: "text") else { return nil }
        if value.text.isEmpty {
            let cause = value.source.isEmpty ? "" : " ('\(value.shown)' is)"
            problems.add("'\(field.path)' cannot be empty\(cause)", at: value.position)
            return nil
        }
        if value.text.unicodeScalars.contains("\0") {
            problems.add("'\(field.path)' cannot hold a null character", at: value.position)
            return nil
        }
        return value
    }

    mutating func integer(_ field: Field, in range: ClosedRange<Int>) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let value = scalar(field, expected: expected) else { return nil }
        guard let integer = value.integer, range.contains(integer) else {
            refuse(value, in: field, expected: expected)
            return nil
        }
        return integer
    }

    mutating func duration(_ field: Field, in range: ClosedRange<Duration>) -> Duration? {
        let limits = "\(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
        guard let value = scalar(field, expected: "a duration such as 1s, 250ms or 7d") else { return nil }
        guard let duration = Quantity.duration(value.text) else {
            refuse(value, in: field, expected: "a duration such as 1s, 250ms or 7d")
            return nil
        }
        guard range.contains(duration) else {
            refuse(value, in: field, expected: "a duration from \(limits)")
            return nil
        }
        return duration
    }

    mutating func size(_ field: Field, in range: ClosedRange<Int>) -> Int? {
        let limits = "\(Quantity.text(bytes: range.lowerBound)) to \(Quantity.text(bytes: range.upperBound))"
        guard let value = scalar(field, expected: "a size such as 128MiB, 64KB or plain bytes") else { return nil }
        guard let bytes = Quantity.bytes(value.text) else {
            refuse(value, in: field, expected: "a size such as 128MiB, 64KB or plain bytes")
            return nil
        }
        guard range.contains(bytes) else {
            refuse(value, in: field, expected: "a size from \(limits)")
            return nil
        }
        return bytes
    }

    /// One of the words of `type`; a word of `notYet` is reported as such.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ field: Field, _ type: Word.Type, notYet: [String] = []
    ) -> Word? where Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue)
        guard let value = scalar(field, expected: Self.alternatives(words)) else { return nil }
        if let word = Word(rawValue: value.text) { return word }
        if notYet.contains(value.text) {
            refuseNotYet("'\(field.path): \(value.shown)'", at: value.position)
        } else {
            refuse(value, in: field, expected: Self.alternatives(words), near: words + notYet)
        }
        return nil
    }
}

// MARK: - Messages

extension PipelineReader {
    mutating func refuseNotYet(_ what: String, at position: Position) {
        problems.add("not yet: \(what)", at: position, isNotYet: true)
    }

    /// A value of the right kind that is not allowed. What came from the environment is neither shown nor compared.
    mutating func refuse(_ value: ScalarValue, in field: Field, expected: String, near words: [String] = []) {
        let near =
            value.replacements.isEmpty && !problems.isFull ? Suggestion.phrase(for: value.text, among: words) : ""
        let quotes = value.isPlain ? "'\(value.shown)'" : "the text '\(value.shown)'"
        problems.add("'\(field.path)' must be \(expected), not \(quotes)\(near)", at: value.position)
    }

    mutating func refuseKind(_ field: Field, expected: String) {
        let message =
            field.node.isNull
            ? "'\(field.path)' has no value; it must be \(expected)"
            : "'\(field.path)' must be \(expected), not \(field.node.kindName)"
        problems.add(message, at: field.position)
    }

    /// `a, b or c`.
    static func alternatives(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    static func list(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: ", ") }
}
