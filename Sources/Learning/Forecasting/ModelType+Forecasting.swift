extension ModelType {
    /// Time series.
    static let forecasting: [ModelType] = [
        ModelType(planned: "snarimax", tasks: [.regression]),
        ModelType(planned: "holt_winters", tasks: [.regression]),
    ]
}
