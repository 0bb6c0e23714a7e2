/// One command of the command line: a row of the table that drives parsing, `--help` and completion.
struct Command: Sendable {
    /// A word that is not a flag.
    struct Operand: Sendable {
        let placeholder: String
        let summary: String
        /// The words allowed; empty: a file name.
        var words: [String] = []
        var isRequired = true
    }

    /// A line a person can copy, with what it does.
    struct Example: Sendable {
        let explanation: String
        let line: String
    }

    let name: String
    /// What it does, in one line.
    let summary: String
    var operands: [Operand] = []
    var flags: [Flag] = []
    /// What one has to know to use it well; a paragraph an entry.
    var notes: [String] = []
    var examples: [Example] = []
    /// Checks between flags that the table cannot say: the problem, or `nil`.
    var problem: @Sendable (Arguments) -> String? = { _ in nil }
    /// Does the work; the exit code of a normal end.
    let run: @Sendable (Arguments) throws(CommandFailure) -> ExitCode

    /// The flags of this command and those of every command.
    var allFlags: [Flag] { flags + Flag.common }

    /// `millrace name OPERANDS [flags]`.
    var usage: String {
        var words = ["millrace", name]
        for operand in operands {
            let shown = operand.words.isEmpty ? operand.placeholder : operand.words.joined(separator: "|")
            words.append(operand.isRequired ? shown : "[\(shown)]")
        }
        for flag in flags {
            let shown = flag.dashed + flag.placeholder.map { " " + $0 }.orEmpty
            words.append(flag.isRequired ? shown : "[\(shown)]" + (flag.isRepeatable ? "…" : ""))
        }
        return words.joined(separator: " ")
    }
}
