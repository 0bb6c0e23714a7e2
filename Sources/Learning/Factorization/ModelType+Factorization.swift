extension ModelType {
    /// Factorisation models.
    static let factorization: [ModelType] = [
        ModelType(planned: "factorization_machine", tasks: [.binary, .regression]),
        ModelType(planned: "matrix_factorization", tasks: [.regression]),
    ]
}
