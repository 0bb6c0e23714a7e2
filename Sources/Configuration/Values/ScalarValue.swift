/// A single value after `${NAME}` was replaced.
struct ScalarValue {
    /// The value itself. Shown to nobody: it may hold a secret.
    var text: String
    /// The value as the file has it, which messages may show.
    var source: String
    var position: Position
    /// Without quotes, or made from the environment: `1` means a number and `true` a flag.
    var isPlain: Bool
    var replacements: [Substitution.Replacement] = []

    /// The value for a message: as the file has it, in one short line.
    var shown: String { quotable(source) }

    /// The finite number this is, or `nil`: YAML's decimal forms (`1`, `-0.5`, `1e-3`).
    var number: Double? {
        guard isPlain, !text.isEmpty, text.utf8.allSatisfy(Self.isNumberByte), let number = Double(text) else {
            return nil
        }
        return number.isFinite ? number : nil
    }

    /// The whole number this is, or `nil`; `1.0` and `1e3` are none.
    var integer: Int? { isPlain ? Int(text) : nil }

    /// `true` or `false` (YAML 1.2: `yes` and `on` are words).
    var flag: Bool? {
        guard isPlain else { return nil }
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return nil
        }
    }

    /// `message` with everything that came from the environment put back as the file has it.
    func redacting(_ message: String) -> String {
        guard !replacements.isEmpty else { return message }
        var message = Self.replace(text, by: source, in: message)
        for replacement in replacements {
            message = Self.replace(replacement.value, by: "${\(replacement.name)}", in: message)
        }
        return message
    }

    /// Replaces `value` in `message`; a value too short to be a secret only where it stands as a word of its own, so
    /// that a variable holding `1` does not take every digit along.
    private static func replace(_ value: String, by name: String, in message: String) -> String {
        guard !value.isEmpty else { return message }
        let isShort = value.count < 4
        var result = ""
        var rest = Substring(message)
        while !rest.isEmpty {
            let after = rest.hasPrefix(value) ? rest.dropFirst(value.count) : nil
            if let after, !isShort || !(isWordPart(result.last) || isWordPart(after.first)) {
                result += name
                rest = after
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }

    private static func isWordPart(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "." } ?? false
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
