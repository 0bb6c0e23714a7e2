extension ModelType {
    /// Single decision trees.
    static let trees: [ModelType] = [
        ModelType(planned: "hoeffding_tree", tasks: [.binary, .multiclass, .regression]),
        ModelType(planned: "hoeffding_adaptive_tree", tasks: [.binary, .multiclass, .regression]),
        ModelType(planned: "extremely_fast_decision_tree", tasks: [.binary, .multiclass]),
    ]
}
