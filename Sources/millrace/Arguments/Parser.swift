/// What a command line asks for.
enum Request {
    /// Run a command.
    case run(Command, Arguments)
    /// Explain one command, or all of them.
    case help(Command?)
    /// Print a page of help that is ready.
    case page(String)
    /// Print the version.
    case version
}

/// Reads a command line by the table `commands`. It knows no command by itself.
struct Parser {
    let commands: [Command]

    /// The request in `words` (without the program's name), or the usage failure (exit 64) with the nearest word named.
    func parse(_ words: [String]) throws(CommandFailure) -> Request {
        guard let first = words.first else {
            throw CommandFailure(.usage, "no command given\n\n" + Help(commands: commands).overview)
        }
        if ["--help", "-h"].contains(first) { return .help(nil) }
        if ["--version", "-V"].contains(first) { return .version }
        if first == "help" { return try help(Array(words.dropFirst())) }
        if first.hasPrefix("-") {
            let known = ["--help", "--version"]
            throw CommandFailure(
                .usage,
                "the command comes first; '\(first)' is not one\(suggestion(first, known))\n"
                    + "try 'millrace --help'")
        }
        return try parse(command(named: first), Array(words.dropFirst()))
    }

    private func command(named name: String) throws(CommandFailure) -> Command {
        if let command = commands.first(where: { $0.name == name }) { return command }
        let names = commands.map(\.name) + ["help"]
        throw CommandFailure(
            .usage, "unknown command '\(name)'\(suggestion(name, names))\ntry 'millrace --help'")
    }

    private func help(_ words: [String]) throws(CommandFailure) -> Request {
        guard let topic = words.first(where: { !$0.hasPrefix("-") }) else { return .help(nil) }
        if topic == Help.pipelineTopic { return .page(Help.pipelineFile) }
        if topic == ModelHelp.topic {
            return .page(words.contains("--markdown") ? ModelHelp.markdown : ModelHelp().overview)
        }
        if let page = ModelHelp().page(named: topic) { return .page(page) }
        if let command = commands.first(where: { $0.name == topic }) { return .help(command) }
        let topics = commands.map(\.name) + [Help.pipelineTopic, ModelHelp.topic] + ModelHelp.names
        throw CommandFailure(
            .usage, "no help on '\(topic)'\(suggestion(topic, topics))\ntry 'millrace --help' or 'millrace help models'"
        )
    }

    private func parse(_ command: Command, _ words: [String]) throws(CommandFailure) -> Request {
        var operands: [String] = []
        var values: [String: [String]] = [:]
        var index = 0
        var flagsEnded = false
        while index < words.count {
            let word = words[index]
            index += 1
            if flagsEnded || !word.hasPrefix("-") || word == "-" {
                operands.append(word)
                continue
            }
            if word == "--" {
                flagsEnded = true
                continue
            }
            if word == "-h" || word == "--help" { return .help(command) }
            let (flag, attached) = try self.flag(word, of: command)
            let value: String
            if case .none = flag.value {
                guard attached == nil else { throw failure(command, "\(flag.dashed) takes no value") }
                value = ""
            } else if let attached {
                value = attached
            } else if index < words.count, !words[index].hasPrefix("--") {
                value = words[index]
                index += 1
            } else {
                throw failure(command, "\(flag.dashed) needs a value: \(flag.dashed) \(flag.placeholder.orEmpty)")
            }
            if flag.placeholder != nil, let problem = flag.problem(with: value) { throw failure(command, problem) }
            if values[flag.name] != nil, !flag.isRepeatable {
                throw failure(command, "\(flag.dashed) is given twice")
            }
            values[flag.name, default: []].append(value)
        }
        let arguments = Arguments(operands: operands, values: values)
        try check(command, arguments)
        return .run(command, arguments)
    }

    /// The flag `word` names, and the value attached to it by `=`.
    private func flag(_ word: String, of command: Command) throws(CommandFailure) -> (Flag, String?) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let dashed = String(parts[0])
        guard let flag = command.allFlags.first(where: { $0.dashed == dashed }) else {
            let known = command.allFlags.map(\.dashed)
            throw failure(command, "unknown flag '\(dashed)'\(suggestion(dashed, known))")
        }
        return (flag, parts.count == 2 ? String(parts[1]) : nil)
    }

    private func check(_ command: Command, _ arguments: Arguments) throws(CommandFailure) {
        let required = command.operands.filter(\.isRequired)
        if arguments.operands.count < required.count {
            throw failure(command, "\(required[arguments.operands.count].placeholder) is missing")
        }
        if arguments.operands.count > command.operands.count {
            throw failure(command, "unexpected word '\(arguments.operands[command.operands.count])'")
        }
        for (operand, value) in zip(command.operands, arguments.operands) {
            guard !operand.words.isEmpty, !operand.words.contains(value) else { continue }
            let words = operand.words.joined(separator: ", ")
            throw failure(
                command,
                "\(operand.placeholder) is one of \(words), not '\(value)'\(suggestion(value, operand.words))")
        }
        for flag in command.flags where flag.isRequired && !arguments.has(flag) {
            throw failure(command, "\(flag.dashed) \(flag.placeholder.orEmpty) is missing")
        }
        if let problem = command.problem(arguments) { throw failure(command, problem) }
    }

    private func failure(_ command: Command, _ message: String) -> CommandFailure {
        CommandFailure(
            .usage, "\(message)\nusage: \(command.usage)\ntry 'millrace \(command.name) --help'")
    }

    private func suggestion(_ word: String, _ known: [String]) -> String {
        nearestWord(to: word, among: known).map { "; did you mean '\($0)'?" }.orEmpty
    }
}
