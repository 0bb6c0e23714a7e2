/// One `--flag` of the command line: the single description from which parsing, `--help` and completion are made.
struct Flag: Sendable {
    /// What follows the flag.
    enum Value: Sendable {
        /// Nothing: the flag is present or not.
        case none
        /// Any text, shown as the placeholder.
        case text(String)
        /// A path; shells complete it as a file name.
        case file(String)
        /// A whole number within the range.
        case integer(String, ClosedRange<Int>)
        /// A number above 0, at most the maximum.
        case positiveNumber(String, maximum: Double)
        /// One of the words.
        case choice([String])
        /// A `KEY=VALUE` pair.
        case pair
    }

    /// The name without its dashes.
    let name: String
    let value: Value
    /// One sentence for `--help`, without a full stop.
    let summary: String
    var isRequired = false
    var isRepeatable = false

    init(_ name: String, _ value: Value, _ summary: String, isRequired: Bool = false, isRepeatable: Bool = false) {
        self.name = name
        self.value = value
        self.summary = summary
        self.isRequired = isRequired
        self.isRepeatable = isRepeatable
    }

    /// The flag as a person types it.
    var dashed: String { "--" + name }

    /// The word that stands for the value in usage lines; `nil` for a flag without one.
    var placeholder: String? {
        switch value {
        case .none: nil
        case .text(let name), .file(let name), .integer(let name, _), .positiveNumber(let name, _): name
        case .choice(let words): words.joined(separator: "|")
        case .pair: "KEY=VALUE"
        }
    }

    /// Why `text` is no value of this flag, or `nil` when it is one.
    func problem(with text: String) -> String? {
        switch value {
        case .none: "\(dashed) takes no value"
        case .text, .file: text.isEmpty ? "\(dashed) needs a value that is not empty" : nil
        case .integer(_, let range):
            Int(text).map(range.contains) == true
                ? nil : "\(dashed) needs a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'"
        case .positiveNumber(_, let maximum):
            Double(text).map { $0 > 0 && $0 <= maximum } == true
                ? nil : "\(dashed) needs a number above 0 and at most \(plain(maximum)), not '\(text)'"
        case .choice(let words):
            words.contains(text)
                ? nil
                : "\(dashed) is one of \(words.joined(separator: ", ")), not '\(text)'"
                    + nearestWord(to: text, among: words).map { "; did you mean '\($0)'?" }.orEmpty
        case .pair:
            (text.firstIndex(of: "=").map { $0 > text.startIndex } ?? false)
                ? nil : "\(dashed) needs KEY=VALUE, not '\(text)'"
        }
    }

    private func plain(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}

extension Optional<String> {
    /// The text, or an empty one.
    var orEmpty: String { self ?? "" }
}
