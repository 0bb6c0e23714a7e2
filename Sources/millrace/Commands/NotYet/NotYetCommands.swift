/// Commands whose names and flags are settled and whose work is not built yet: they parse, explain themselves and end
/// with exit 78, so that a script finds out at once.
extension Command {
    static let state = Command(
        name: "state",
        summary: "show the checkpoints of a pipeline (not yet)",
        operands: [.pipelineFile],
        flags: [.json],
        notes: [notYet],
        run: { _ throws(CommandFailure) in throw notYetFailure("state") })

    static let replay = Command(
        name: "replay",
        summary: "backtest a pipeline over its input topic (not yet)",
        operands: [.pipelineFile],
        flags: [.json],
        notes: [notYet],
        run: { _ throws(CommandFailure) in throw notYetFailure("replay") })

    private static let notYet = "Not built yet: the command ends with exit 78."

    private static func notYetFailure(_ name: String) -> CommandFailure {
        CommandFailure(.configuration, "millrace \(name): not yet, this version does not have it")
    }
}
