import Learning

extension Recipe {
    /// Every path through the learners of the folder.
    static let anomaly: [Recipe] = [LearningTask.anomaly, .binary].flatMap { task in
        [
            // Its cuts lie in features drawn from all slots there are.
            Recipe("half-space trees, \(task)", task, type: "half_space_trees", smallTrees, exempt: [.absentSlots]),
            Recipe("z-score, \(task)", task, type: "z_score"),
            Recipe("Mahalanobis, \(task)", task, type: "mahalanobis"),
        ]
    }

    private static let smallTrees = [
        ParameterEntry("trees", .number(3)), ParameterEntry("height", .number(4)),
        ParameterEntry("window", .number(30)),
    ]
}
