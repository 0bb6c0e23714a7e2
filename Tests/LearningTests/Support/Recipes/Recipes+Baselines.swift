import Learning

extension Recipe {
    /// The models that ignore the features.
    static let baselines: [Recipe] = [
        Recipe("last label", .binary, type: "last_label"),
        Recipe("last value", .regression, type: "last_label"),
        Recipe("majority", .binary, type: "majority"),
        Recipe("running mean", .regression, type: "running_mean"),
    ]
}
