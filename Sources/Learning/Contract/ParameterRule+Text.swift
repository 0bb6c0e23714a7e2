extension ParameterRule.Kind {
    /// What a value may be, for documentation: type and range in a few words.
    public var valuesText: String {
        switch self {
        case .number(let minimum, let maximum, let exclusiveMinimum):
            "number \(exclusiveMinimum ? "above" : "from") \(Self.shown(minimum)) to \(Self.shown(maximum))"
        case .integer(let minimum, let maximum):
            minimum == maximum ? "\(minimum)" : "whole number, \(minimum) to \(maximum)"
        case .flag: "true, false"
        case .choice(let words): words.joined(separator: ", ")
        case .schedule: "rate, {initial, decay} or {initial, power}"
        case .optimizer: "an optimiser's name, or a map with type"
        case .models(let minimum, let maximum): "list of \(minimum) to \(maximum) models, names or maps with type"
        case .duration(let minimum, let maximum):
            "duration, \(ParameterReader.durationText(minimum)) to \(ParameterReader.durationText(maximum))"
        }
    }

    /// Whole numbers without a fraction.
    private static func shown(_ number: Double) -> String {
        if abs(number) <= 1e15, let integer = Int(exactly: number) { "\(integer)" } else { "\(number)" }
    }
}
