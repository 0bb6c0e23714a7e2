extension ModelType {
    /// Anomaly detectors.
    static let anomaly: [ModelType] = [
        ModelType(planned: "half_space_trees", tasks: [.anomaly, .binary]),
        ModelType(planned: "z_score", tasks: [.anomaly, .binary]),
        ModelType(planned: "mahalanobis", tasks: [.anomaly, .binary]),
    ]
}
