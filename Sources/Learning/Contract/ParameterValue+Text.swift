extension ParameterValue {
    /// The value as the pipeline file would write it on one line.
    var text: String {
        switch self {
        case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
        case .text(let word): word
        case .flag(let flag): "\(flag)"
        case .map(let entries): "{" + entries.text + "}"
        case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        }
    }
}

extension [ParameterEntry] {
    /// The entries as the pipeline file would write them between braces.
    var text: String { map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") }
}
