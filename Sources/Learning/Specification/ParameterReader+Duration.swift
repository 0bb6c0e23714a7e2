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
    /// millisecond is none. In whole numbers: 1.1 hours are 3,960,000 ms, but the double nearest to 1.1 says a little more.
    static func milliseconds(_ text: String) -> Int64? {
        let number = text.prefix { ("0"..."9").contains($0) || $0 == "." }
        guard let unit = units.first(where: { $0.name == text.dropFirst(number.count) })?.milliseconds else {
            return nil
        }
        let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = Int64(first) else { return nil }
        let (total, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return total }
        // Nine digits of a day stay below 2^63.
        guard parts[1].count <= 9, let fraction = Int64(parts[1]) else { return nil }
        let denominator = (0..<parts[1].count).reduce(Int64(1)) { power, _ in power * 10 }
        let (part, remainder) = (fraction * unit).quotientAndRemainder(dividingBy: denominator)
        let (sum, isTooLong) = total.addingReportingOverflow(part)
        return remainder == 0 && !isTooLong ? sum : nil
    }

    /// `milliseconds` in the largest unit that says it in whole numbers.
    static func durationText(_ milliseconds: Int64) -> String {
        let unit = units.last { milliseconds % $0.milliseconds == 0 } ?? units[0]
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
