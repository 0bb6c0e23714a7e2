import Features

/// Makes events that a schema accepts, the same ones on every run: numbers in 0..<1 with six decimals, a handful of
/// categories, labels that follow the first number (so that there is something to learn), ids and times that count up.
struct EventGenerator {
    private let schema: Schema
    private let names: [String]
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var index = 0

    init(schema: Schema) {
        self.schema = schema
        var names = schema.format == .csv ? schema.columns : schema.fields.map(\.name)
        for extra in [schema.idField, schema.eventTimeField, schema.label?.field].compactMap(\.self)
        where !names.contains(extra) && schema.format == .json {
            names.append(extra)
        }
        self.names = names
    }

    /// The next event's bytes.
    mutating func next() -> [UInt8] {
        var signal: Double?
        var text = schema.format == .json ? "{" : ""
        for (position, name) in names.enumerated() {
            if position > 0 { text += "," }
            if schema.format == .json { text += JSONText.text(name).description + ":" }
            text += value(of: name, signal: &signal)
        }
        if schema.format == .json { text += "}" }
        index += 1
        return Array(text.utf8)
    }

    private mutating func value(of name: String, signal: inout Double?) -> String {
        if name == schema.idField { return quoted("e\(index)") }
        if name == schema.eventTimeField {
            // One event a second since 2026-01-01T00:00:00Z.
            let seconds = 1_767_225_600 + index
            return schema.eventTimeUnit == .seconds ? "\(seconds)" : "\(seconds * 1_000)"
        }
        if let label = schema.label, label.field == name {
            let isHigh = (signal ?? 0.5) + (uniform() - 0.5) / 4 > 0.5
            switch label.kind {
            case .binary(let positive): return quoted(isHigh ? positive : "not-" + positive)
            case .multiclass: return quoted(isHigh ? "a" : "b")
            case .regression: return decimal(uniform())
            }
        }
        guard schema.fields.first(where: { $0.name == name })?.kind == .category else {
            let number = uniform()
            if signal == nil { signal = number }
            return decimal(number)
        }
        return quoted("c\(Int(uniform() * 8))")
    }

    private func quoted(_ text: String) -> String {
        schema.format == .json ? JSONText.text(text).description : text
    }

    private func decimal(_ number: Double) -> String { NumberText.fixed(number, 6) }

    /// SplitMix64 (Steele, Lea, Flood 2014), the upper 53 bits as a fraction.
    private mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Double(mixed >> 11) * 0x1p-53
    }
}
