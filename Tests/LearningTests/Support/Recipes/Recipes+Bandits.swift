import Learning

extension Recipe {
    /// Every path through the learners of the folder.
    static let bandits: [Recipe] = [LearningTask.binary, .multiclass].flatMap { task in
        [
            Recipe(
                "ε-greedy, \(task)", task, type: "epsilon_greedy", [ParameterEntry("decay", .number(0.01))]),
            Recipe("UCB1, \(task)", task, type: "ucb1"),
            Recipe("Thompson, \(task)", task, type: "thompson", [ParameterEntry("prior", .number(0.5))]),
            Recipe("LinUCB, \(task)", task, type: "linucb"),
            Recipe("EXP3, \(task)", task, type: "exp3"),
        ]
    }
}
