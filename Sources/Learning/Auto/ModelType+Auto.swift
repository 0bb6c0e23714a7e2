extension ModelType {
    /// What we recommend to people who do not want to choose.
    static let auto: [ModelType] = [
        ModelType(planned: "auto", tasks: [.binary, .multiclass, .regression])
    ]
}
