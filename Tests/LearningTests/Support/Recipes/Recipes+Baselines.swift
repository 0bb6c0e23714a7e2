import Learning

extension Recipe {
    /// The models that ignore the features.
    static let baselines: [Recipe] = [
        Recipe("last label", .binary, type: "last_label", exempt: [.weights]),
        Recipe("last value", .regression, type: "last_label", exempt: [.weights]),
        Recipe("last class", .multiclass, type: "last_label", exempt: [.weights]),
        Recipe(
            "last label of the key", .binary, type: "last_label", [ParameterEntry("by", .text("key"))],
            exempt: [.weights]),
        Recipe("label after label", .binary, type: "last_label", [ParameterEntry("fading", .number(0.001))]),
        Recipe("class after class", .multiclass, type: "last_label", [ParameterEntry("fading", .number(0.001))]),
        Recipe("majority", .binary, type: "majority"),
        Recipe("majority of classes", .multiclass, type: "majority"),
        Recipe("majority of late", .binary, type: "majority", [ParameterEntry("fading", .number(0.05))]),
        Recipe("running mean", .regression, type: "running_mean"),
        Recipe("fading mean", .regression, type: "running_mean", [ParameterEntry("fading", .number(0.01))]),
    ]
}
