import Learning

extension Recipe {
    /// Every path through the learners of the folder. Short grace periods make the few events of a test split leaves.
    static let trees: [Recipe] = [
        Recipe("Hoeffding tree", .binary, type: "hoeffding_tree", eager),
        Recipe("Hoeffding tree, classes", .multiclass, type: "hoeffding_tree", eager),
        Recipe(
            "Hoeffding tree, majority", .binary, type: "hoeffding_tree",
            eager + [ParameterEntry("leaf", .text("majority"))]),
        Recipe(
            "Hoeffding tree, naive Bayes, scaled", .multiclass, type: "hoeffding_tree",
            eager + [ParameterEntry("leaf", .text("naive_bayes")), ParameterEntry("scale", .text("standard"))]),
        Recipe(
            "Hoeffding tree, small", .multiclass, type: "hoeffding_tree",
            // What fits into the memory depends on the number of slots.
            eager + [ParameterEntry("max_size", .number(0.01))], exempt: [.absentSlots]),
        Recipe(
            "extremely fast tree", .multiclass, type: "extremely_fast_decision_tree",
            eager + [ParameterEntry("revision_period", .number(10))]),
        Recipe("adaptive tree", .binary, type: "hoeffding_adaptive_tree", restless),
        Recipe("adaptive tree, classes", .multiclass, type: "hoeffding_adaptive_tree", restless),
        Recipe(
            "adaptive tree, small", .multiclass, type: "hoeffding_adaptive_tree",
            restless + [ParameterEntry("max_size", .number(0.03))], exempt: [.absentSlots]),
        Recipe("adaptive regression tree", .regression, type: "hoeffding_adaptive_tree", restless),
        Recipe("Hoeffding regression tree", .regression, type: "hoeffding_tree", eager),
        Recipe(
            "Hoeffding regression tree, means, scaled", .regression, type: "hoeffding_tree",
            eager + [ParameterEntry("leaf", .text("majority")), ParameterEntry("scale", .text("standard"))]),
    ]

    static let eager = [
        ParameterEntry("grace_period", .number(20)), ParameterEntry("delta", .number(0.3)),
        ParameterEntry("tau", .number(0.3)),
    ]

    /// Changes that are none start alternates, which soon decide.
    static let restless =
        eager + [ParameterEntry("drift_delta", .number(0.99)), ParameterEntry("drift_window", .number(5))]
}
