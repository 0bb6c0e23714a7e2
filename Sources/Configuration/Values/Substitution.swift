/// Replaces `${NAME}` in one value. It works on values that YAML has already delimited, so nothing that a variable
/// holds (quotes, colons, newlines) can become structure.
struct Substitution: Equatable {
    /// One variable that was put in.
    struct Replacement: Equatable {
        var name: String
        var value: String
    }

    /// The text with every variable replaced.
    var text = ""
    /// What was put in, in order.
    var replacements: [Replacement] = []
    /// Names without a value.
    var missing: [String] = []
    /// A `${` that is not followed by a name and `}`.
    var isMalformed = false

    /// Expands `source`. `$${` stands for a literal `${`; a `$` before anything else is itself. What a variable holds
    /// is not expanded again. Complexity: O(length).
    init(_ source: String, environment: Environment) {
        var rest = Substring(source)
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                text += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                rest = takeVariable(rest, environment: environment)
            } else {
                text += "$"
                rest = rest.dropFirst()
            }
        }
        text += rest
    }

    private mutating func takeVariable(_ rest: Substring, environment: Environment) -> Substring {
        let afterBrace = rest.dropFirst(2)
        let name = String(afterBrace.prefix(while: Self.isNameCharacter))
        let afterName = afterBrace.dropFirst(name.count)
        guard afterName.first == "}", let first = name.first, !("0"..."9").contains(first) else {
            isMalformed = true
            return afterName
        }
        if let value = environment.value(of: name) {
            text += value
            replacements.append(Replacement(name: name, value: value))
        } else {
            missing.append(name)
        }
        return afterName.dropFirst()
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        ("a"..."z").contains(character) || ("A"..."Z").contains(character) || ("0"..."9").contains(character)
            || character == "_"
    }
}
