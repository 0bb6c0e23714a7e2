import Configuration

/// The text of `--help`, made from the command table.
struct Help {
    /// What `millrace help` explains beside the commands: the pipeline file.
    static let pipelineTopic = "pipeline"

    let commands: [Command]
    private static let width = 100

    /// `millrace --help`: what it is, every command, where to begin.
    var overview: String {
        var text = "Millrace learns from Kafka topics while it scores them.\n\n"
        text += "Usage: millrace COMMAND [arguments]\n\nCommands:\n"
        let rows = commands.map { ($0.name, $0.summary) }
        text += table(
            rows + [("help", "explain a command, the file, or models: millrace help COMMAND|pipeline|models|NAME")])
        text += "\n" + section("Flags of every command", Flag.common.map(row) + [("--version", "print the version")])
        text += "\nBegin with:\n"
        text += "  $ millrace demo                              # the electricity example, no broker needed\n"
        text += "  $ millrace check pipeline.yaml               # is my file right?\n"
        text += "  $ millrace eval pipeline.yaml --input d.csv  # how good would it be?\n"
        text += "  $ millrace run pipeline.yaml                 # score the topic\n\n"
        return text + exitCodes
    }

    /// `millrace COMMAND --help`.
    func page(of command: Command) -> String {
        var text = "millrace \(command.name): \(command.summary)\n\n"
        text += wrapped("Usage: " + command.usage, indent: "", hanging: "         ")
        if !command.operands.isEmpty {
            text += "\n" + section("Arguments", command.operands.map { ($0.placeholder, $0.summary) })
        }
        if !command.flags.isEmpty { text += "\n" + section("Flags", command.flags.map(row)) }
        text += "\n" + section("Flags of every command", Flag.common.map(row))
        for note in command.notes { text += "\n" + wrapped(note, indent: "", hanging: "") }
        if !command.examples.isEmpty {
            text += "\nExamples:\n"
            for example in command.examples { text += "  # \(example.explanation)\n  $ \(example.line)\n" }
        }
        return text + "\n" + exitCodes
    }

    /// `millrace help pipeline`: every key of the file.
    static var pipelineFile: String {
        "The pipeline file is YAML. Its keys, * standing for a name of your choice:\n\n\(KeyDocumentation.listing)\n"
            + "\n'millrace check FILE' says whether a file is right.\n"
    }

    private var exitCodes: String {
        section("Exit codes", ExitCode.allCases.map { ("\($0.rawValue)", $0.summary) })
    }

    private func row(_ flag: Flag) -> (String, String) {
        let name = flag.dashed + flag.placeholder.map { " " + $0 }.orEmpty
        let marks = [flag.isRequired ? "required" : nil, flag.isRepeatable ? "repeatable" : nil].compactMap(\.self)
        return (name, flag.summary + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"))
    }

    func section(_ title: String, _ rows: [(String, String)]) -> String { title + ":\n" + table(rows) }

    /// Two columns; a left part wider than its column puts the right part on the next line.
    func table(_ rows: [(String, String)]) -> String {
        let column = min(rows.map(\.0.count).max() ?? 0, 26)
        let hanging = String(repeating: " ", count: column + 4)
        var text = ""
        for (left, right) in rows {
            if left.count > column {
                text += "  \(left)\n" + wrapped(right, indent: hanging, hanging: hanging)
            } else {
                let padding = String(repeating: " ", count: column - left.count + 2)
                text += wrapped(right, indent: "  \(left)\(padding)", hanging: hanging)
            }
        }
        return text
    }

    /// Words in lines of at most `width` characters, the first after `indent`, the others after `hanging`.
    func wrapped(_ text: String, indent: String, hanging: String) -> String {
        var lines: [String] = []
        var line = indent
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > Self.width {
                lines.append(line)
                line = hanging
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        lines.append(line)
        return lines.joined(separator: "\n") + "\n"
    }
}
