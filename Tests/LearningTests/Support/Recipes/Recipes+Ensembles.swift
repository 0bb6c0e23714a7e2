import Learning

extension Recipe {
    /// Every path through the learners of the folder. Which features are drawn depends on how many there are.
    static let ensembles: [Recipe] = [
        Recipe("adaptive forest", .binary, type: "adaptive_random_forest", three, exempt: [.absentSlots]),
        Recipe("adaptive forest, classes", .multiclass, type: "adaptive_random_forest", three, exempt: [.absentSlots]),
        Recipe("adaptive forest, numbers", .regression, type: "adaptive_random_forest", three, exempt: [.absentSlots]),
        Recipe("random patches", .multiclass, type: "streaming_random_patches", three, exempt: [.absentSlots]),
        Recipe("ADWIN bagging", .multiclass, type: "adwin_bagging", three),
        Recipe("leveraging bagging", .binary, type: "leveraging_bagging", three),
        Recipe("boosting", .multiclass, type: "online_boosting", three),
    ]

    private static let three = [
        ParameterEntry("members", .number(3)), ParameterEntry("seed", .number(5)),
        ParameterEntry("grace_period", .number(20)), ParameterEntry("tau", .number(0.3)),
    ]
}
