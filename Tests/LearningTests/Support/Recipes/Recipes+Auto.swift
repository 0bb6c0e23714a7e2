import Learning

extension Recipe {
    /// Every path through `auto`: a combination for each task, and retirement under a budget.
    static let auto: [Recipe] = [
        Recipe("auto", .binary, type: "auto", exempt: [.absentSlots]),
        Recipe("auto, classes", .multiclass, type: "auto", exempt: [.absentSlots]),
        Recipe("auto, numbers", .regression, type: "auto", exempt: [.absentSlots]),
        Recipe(
            "auto, few experts", .binary, type: "auto",
            [
                ParameterEntry(
                    "experts", .list([.text("logistic_regression"), .text("passive_aggressive"), .text("last_label")])),
                ParameterEntry("budget", .number(0.05)),
            ]),
    ]
}
