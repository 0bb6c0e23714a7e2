/// A parsed command line: every value has passed its flag's check.
struct Arguments: Sendable {
    /// The words that are not flags, in order; as many as the command's table row asks for.
    let operands: [String]
    private let values: [String: [String]]

    init(operands: [String], values: [String: [String]]) {
        self.operands = operands
        self.values = values
    }

    /// Whether the flag was given.
    func has(_ flag: Flag) -> Bool { values[flag.name] != nil }

    /// The flag's value; `nil` when it was not given.
    func text(_ flag: Flag) -> String? { values[flag.name]?.last }

    /// Every value of a repeatable flag, in order.
    func texts(_ flag: Flag) -> [String] { values[flag.name] ?? [] }

    /// The value of an integer flag.
    func integer(_ flag: Flag) -> Int? { text(flag).flatMap { Int($0) } }

    /// The value of a number flag.
    func number(_ flag: Flag) -> Double? { text(flag).flatMap { Double($0) } }
}
