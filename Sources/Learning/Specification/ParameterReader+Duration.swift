extension ParameterReader {
    /// A length of time with its unit.
    mutating func checkDuration(_ value: ParameterValue, _ key: String, _ minimum: Int64, _ maximum: Int64) {
        guard case .text(let text) = value, let length = Self.milliseconds(text), (minimum...maximum).contains(length)
        else {
            let range = "\(Self.durationText(minimum)) to \(Self.durationText(maximum))"
            return refuse(key, "takes a duration such as 5m, from \(range)")
        }
    }

    /// A length of time in milliseconds; the default when there is none or it was refused.
    mutating func duration(_ key: String, default fallback: Int64) -> Int64 {
        var read = fallback
        if case .text(let text)? = value(key) { read = Self.milliseconds(text) ?? fallback }
        note(key, "\(read)")
        return read
    }

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// What `text`, a number of digits and a unit, says in milliseconds; nil for anything else. A fraction of a
    /// millisecond is none.
    static func milliseconds(_ text: String) -> Int64? {
        let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." }
        guard let unit = units.first(where: { $0.name == text.dropFirst(digits.count) }) else { return nil }
        guard digits.first != ".", digits.last != ".", let number = Double(digits) else { return nil }
        return Int64(exactly: number * Double(unit.milliseconds))
    }

    /// `milliseconds` in the largest unit that says it in whole numbers.
    static func durationText(_ milliseconds: Int64) -> String {
        let unit = units.last { milliseconds % $0.milliseconds == 0 } ?? units[0]
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
