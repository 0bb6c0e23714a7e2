extension ModelType {
    /// Bandits.
    static let bandits: [ModelType] = [
        ModelType(planned: "epsilon_greedy", tasks: []),
        ModelType(planned: "ucb1", tasks: []),
        ModelType(planned: "thompson", tasks: []),
        ModelType(planned: "linucb", tasks: []),
        ModelType(planned: "exp3", tasks: []),
    ]
}
