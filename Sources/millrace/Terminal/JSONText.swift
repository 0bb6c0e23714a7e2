/// A JSON value that prints itself on one line, keys in the order given. Numbers are shortest round-trip decimals;
/// those that JSON has no word for (NaN, infinity) become `null`.
indirect enum JSONText: CustomStringConvertible {
    case null
    case integer(Int)
    case number(Double)
    case text(String)
    case flag(Bool)
    case array([JSONText])
    case object([(String, JSONText)])

    var description: String {
        switch self {
        case .null: "null"
        case .integer(let value): "\(value)"
        case .number(let value): value.isFinite ? "\(value)" : "null"
        case .text(let value): Self.quoted(value)
        case .flag(let value): "\(value)"
        case .array(let values): "[" + values.map(\.description).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.0) + ":" + $0.1.description }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}
