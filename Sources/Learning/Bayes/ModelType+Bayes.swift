extension ModelType {
    /// Naive Bayes.
    static let bayes: [ModelType] = [
        ModelType(planned: "gaussian_nb", tasks: [.binary, .multiclass]),
        ModelType(planned: "bernoulli_nb", tasks: [.binary, .multiclass]),
        ModelType(planned: "multinomial_nb", tasks: [.binary, .multiclass]),
    ]
}
