extension ModelType {
    /// Learners that remember events.
    static let neighbours: [ModelType] = [
        ModelType(planned: "knn", tasks: [.binary, .multiclass, .regression])
    ]
}
