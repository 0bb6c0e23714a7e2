extension ModelType {
    /// Ensembles of trees.
    static let ensembles: [ModelType] = [
        ModelType(planned: "adaptive_random_forest", tasks: [.binary, .multiclass, .regression]),
        ModelType(planned: "streaming_random_patches", tasks: [.binary, .multiclass, .regression]),
        ModelType(planned: "adwin_bagging", tasks: [.binary, .multiclass]),
        ModelType(planned: "leveraging_bagging", tasks: [.binary, .multiclass]),
        ModelType(planned: "online_boosting", tasks: [.binary, .multiclass]),
    ]
}
