/// Completion scripts for bash, zsh and fish, made from the command table.
struct Completion {
    let commands: [Command]
    static let shells = ["bash", "zsh", "fish"]

    /// The script for one of `shells`; empty for any other name.
    func script(for shell: String) -> String {
        switch shell {
        case "bash": bash
        case "zsh": zsh
        case "fish": fish
        default: ""
        }
    }

    private var names: [String] { commands.map(\.name) + ["help"] }
    /// What `help` explains.
    private var topics: [String] { names + [Help.pipelineTopic, ModelHelp.topic] + ModelHelp.names }

    private var bash: String {
        var text = """
            # millrace completion for bash: source <(millrace completion bash)
            _millrace() {
                local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
                COMPREPLY=()
                if [[ $COMP_CWORD -eq 1 ]]; then
                    COMPREPLY=($(compgen -W "\(names.joined(separator: " ")) --help --version" -- "$word"))
                    return
                fi
                case "${COMP_WORDS[1]} $before" in

            """
        for command in commands {
            for flag in command.allFlags { text += bashValueCase(command, flag) }
        }
        text += "    esac\n    case \"${COMP_WORDS[1]}\" in\n"
        for command in commands {
            let flags = command.allFlags.map(\.dashed).joined(separator: " ")
            text += "        \(command.name))\n"
            text += "            if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"\(flags)\" -- \"$word\"))\n"
            let words = command.operands.flatMap(\.words)
            if !words.isEmpty {
                text += "            else COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\"))\n"
            } else if !command.operands.isEmpty {
                text += "            else COMPREPLY=($(compgen -f -- \"$word\"))\n"
            }
            text += "            fi;;\n"
        }
        text += "        help) COMPREPLY=($(compgen -W \"\(topics.joined(separator: " "))\" -- \"$word\"));;\n"
        return text + "    esac\n}\ncomplete -o filenames -F _millrace millrace\n"
    }

    private func bashValueCase(_ command: Command, _ flag: Flag) -> String {
        let head = "        \"\(command.name) \(flag.dashed)\") "
        switch flag.value {
        case .none: return ""
        case .choice(let words):
            return head + "COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\")); return;;\n"
        case .file: return head + "COMPREPLY=($(compgen -f -- \"$word\")); return;;\n"
        case .text, .integer, .positiveNumber, .pair: return head + "return;;\n"
        }
    }

    private var zsh: String {
        var text = """
            #compdef millrace
            # millrace completion for zsh: source <(millrace completion zsh)
            _millrace() {
                local -a commands
                commands=(

            """
        for command in commands { text += "        '\(command.name):\(quoted(command.summary))'\n" }
        text += "        'help:explain a command'\n    )\n"
        text += "    if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
        text += "    local name=$words[2]\n    shift words; (( CURRENT-- ))\n    case $name in\n"
        for command in commands {
            text += "        \(command.name)) _arguments \\\n"
            for flag in command.allFlags { text += "            \(zshFlag(flag)) \\\n" }
            for (index, operand) in command.operands.enumerated() {
                let action = operand.words.isEmpty ? "_files" : "(\(operand.words.joined(separator: " ")))"
                text += "            '\(index + 1):\(operand.placeholder):\(action)' \\\n"
            }
            text += "            ;;\n"
        }
        text +=
            "        help) _describe command commands; compadd \(topics.dropFirst(names.count).joined(separator: " "));;\n    esac\n}\n"
        return text + "compdef _millrace millrace\n"
    }

    private func zshFlag(_ flag: Flag) -> String {
        let repeats = flag.isRepeatable ? "*" : ""
        let summary = quoted(flag.summary)
        switch flag.value {
        case .none: return "'\(repeats)\(flag.dashed)[\(summary)]'"
        case .choice(let words):
            return "'\(repeats)\(flag.dashed)=[\(summary)]:value:(\(words.joined(separator: " ")))'"
        case .file(let name): return "'\(repeats)\(flag.dashed)=[\(summary)]:\(name):_files'"
        case .text, .integer, .positiveNumber, .pair:
            return "'\(repeats)\(flag.dashed)=[\(summary)]:\(flag.placeholder.orEmpty): '"
        }
    }

    /// Text that is safe inside single quotes and zsh's `[…]` and `:`.
    private func quoted(_ text: String) -> String {
        var safe = ""
        for character in text {
            switch character {
            case "'": safe += "’"
            case "[", "]", ":": safe += "\\\(character)"
            default: safe.append(character)
            }
        }
        return safe
    }

    private var fish: String {
        var text = "# millrace completion for fish: millrace completion fish | source\n"
        text += "complete -c millrace -f\n"
        for command in commands {
            text += "complete -c millrace -n __fish_use_subcommand -a \(command.name)"
            text += " -d '\(fishQuoted(command.summary))'\n"
        }
        text += "complete -c millrace -n __fish_use_subcommand -a help -d 'explain a command'\n"
        text += "complete -c millrace -n '__fish_seen_subcommand_from help' -a '\(topics.joined(separator: " "))'\n"
        for command in commands {
            let condition = "complete -c millrace -n '__fish_seen_subcommand_from \(command.name)'"
            for operand in command.operands {
                let words = operand.words.joined(separator: " ")
                text += operand.words.isEmpty ? "\(condition) -F\n" : "\(condition) -a '\(words)'\n"
            }
            for flag in command.allFlags {
                let line = "\(condition) -l \(flag.name) -d '\(fishQuoted(flag.summary))'"
                switch flag.value {
                case .none: text += line + "\n"
                case .choice(let words): text += "\(line) -x -a '\(words.joined(separator: " "))'\n"
                case .file: text += line + " -r -F\n"
                case .text, .integer, .positiveNumber, .pair: text += line + " -x\n"
                }
            }
        }
        return text
    }

    private func fishQuoted(_ text: String) -> String {
        String(text.map { $0 == "'" ? "’" : $0 })
    }
}
