extension Command {
    static let completion = Command(
        name: "completion",
        summary: "print a shell's completion script",
        operands: [Operand(placeholder: "SHELL", summary: "bash, zsh or fish", words: Completion.shells)],
        examples: [
            Example(explanation: "bash, in ~/.bashrc", line: "source <(millrace completion bash)"),
            Example(explanation: "zsh, in ~/.zshrc after compinit", line: "source <(millrace completion zsh)"),
            Example(
                explanation: "fish",
                line: "millrace completion fish > ~/.config/fish/completions/millrace.fish"),
        ],
        run: { arguments in
            StandardOutput.write(Completion(commands: Command.table).script(for: arguments.operands[0]))
            return .success
        })
}
