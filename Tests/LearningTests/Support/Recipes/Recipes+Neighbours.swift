import Learning

extension Recipe {
    /// Every path through the learners of the folder.
    static let neighbours: [Recipe] = [
        Recipe("neighbours", .binary, type: "knn", [ParameterEntry("window", .number(30))]),
        Recipe(
            "neighbours, several classes, unscaled", .multiclass, type: "knn",
            [ParameterEntry("window", .number(13)), ParameterEntry("scale", .text("none"))]),
        Recipe(
            "neighbours, numbers", .regression, type: "knn",
            [ParameterEntry("window", .number(25)), ParameterEntry("k", .number(3))]),
    ]
}
