import Learning

extension Recipe {
    /// Every way of learning less than each event at once, and every reaction to a drift.
    static let adaptation: [Recipe] = [
        Recipe("every 7", .binary, type: "logistic_regression", [update("every", .number(7))], exempt: [.learnsAtOnce]),
        Recipe(
            "interval", .regression, type: "linear_regression", [update("interval", .text("3s"))],
            exempt: [.learnsAtOnce]),
        Recipe(
            "every 3, missing labels", .anomaly, type: "z_score", [update("every", .number(3))],
            exempt: [.learnsAtOnce]),
        Recipe(
            "when inaccurate", .binary, type: "logistic_regression",
            [update("when", map([("metric", .text("accuracy")), ("below", .number(0.7))]))], exempt: [.learnsAtOnce]),
        Recipe(
            "when surprised", .multiclass, type: "gaussian_nb",
            [update("when", map([("metric", .text("log_loss")), ("above", .number(0.8))]))], exempt: [.learnsAtOnce]),
        Recipe(
            "when far off", .regression, type: "linear_regression",
            [update("when", map([("metric", .text("mae")), ("above", .number(1))]))], exempt: [.learnsAtOnce]),
        // Not the parameters of another recipe: a frozen model takes the state of the same model unfrozen.
        Recipe(
            "frozen", .binary, type: "logistic_regression",
            [
                optimizer([ParameterEntry("learning_rate", .number(0.123))]), ParameterEntry("scale", .text("min_max")),
                ParameterEntry("update", .text("frozen")),
            ],
            exempt: [.learnsAtOnce, .weights]),
        Recipe("drift, alert", .multiclass, type: "gaussian_nb", [onDrift(.text("hddm_a"), "alert")]),
        Recipe("drift, reset", .binary, type: "logistic_regression", [onDrift(nervous, "reset")]),
        Recipe("drift, replace", .regression, type: "linear_regression", [onDrift(nervous, "replace")]),
        Recipe("warning, replace", .binary, type: "passive_aggressive", [onDrift(.text("ddm"), "replace")]),
        Recipe(
            "every 5, drift, reset", .binary, type: "passive_aggressive",
            [update("every", .number(5)), onDrift(nervous, "reset")], exempt: [.learnsAtOnce]),
    ]

    static func map(_ entries: [(String, ParameterValue)]) -> ParameterValue {
        .map(entries.map { ParameterEntry($0.0, $0.1) })
    }

    static func update(_ key: String, _ value: ParameterValue) -> ParameterEntry {
        ParameterEntry("update", map([(key, value)]))
    }

    static func onDrift(_ detector: ParameterValue, _ action: String) -> ParameterEntry {
        let lasts = action == "boost" || action == "replace"
        return ParameterEntry(
            "on_drift",
            map([("detector", detector), ("action", .text(action))] + (lasts ? [("events", .number(150))] : [])))
    }

    /// A detector that signals a drift every few dozen events.
    static let nervous = map([
        ("type", .text("page_hinkley")), ("threshold", .number(3)), ("min_instances", .number(10)),
    ])
}
