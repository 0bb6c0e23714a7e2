/// Numbers as a person reads them in a terminal.
enum NumberText {
    /// `45,312`.
    static func grouped(_ value: Int) -> String {
        var digits: [Character] = []
        for (index, digit) in String(value.magnitude).reversed().enumerated() {
            if index > 0 && index % 3 == 0 { digits.append(",") }
            digits.append(digit)
        }
        return (value < 0 ? "-" : "") + String(digits.reversed())
    }

    /// `value` rounded to whole numbers and grouped; `–` when it is no number an `Int` can hold.
    static func grouped(_ value: Double) -> String {
        Int(exactly: value.rounded()).map { grouped($0) } ?? "–"
    }

    /// `value` with exactly `digits` decimals, rounded half away from zero; `–` when it is not finite or too large.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        guard value.isFinite, let scaled = Int(exactly: (value.magnitude * Double(scale)).rounded()) else { return "–" }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
    }

    /// A duration of `milliseconds` with a fitting unit: `0.42 ms`, `37 ms`, `1.2 s`, `3 min 05 s`.
    static func duration(milliseconds: Double) -> String {
        guard milliseconds.isFinite, milliseconds >= 0, milliseconds < 1e15 else { return "–" }
        if milliseconds < 10 { return fixed(milliseconds, 2) + " ms" }
        if milliseconds < 1_000 { return fixed(milliseconds, 0) + " ms" }
        if milliseconds < 60_000 { return fixed(milliseconds / 1_000, 1) + " s" }
        let seconds = Int(milliseconds / 1_000)
        let rest = seconds % 60
        return "\(seconds / 60) min \(rest < 10 ? "0" : "")\(rest) s"
    }

    /// `text` right-aligned in `width` columns.
    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// `text` left-aligned in `width` columns.
    static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
