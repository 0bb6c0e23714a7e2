extension Command {
    /// Every command, in the order in which `--help` shows them.
    static let table: [Command] = [
        .run, .demo, .evaluate, .check, .produce, .drift, .state, .replay, .bench, .completion,
    ]
}
