extension ModelType {
    /// The linear family.
    static let linear: [ModelType] = [
        logisticRegression, linearRegression,
        ModelType(planned: "softmax_regression", tasks: [.multiclass]),
        ModelType(planned: "perceptron", tasks: [.binary]),
        passiveAggressive,
        ModelType(planned: "svm", tasks: [.binary]),
    ]

    private static let logisticRegression = ModelType(
        name: "logistic_regression", tasks: [.binary], parameters: [optimizer], scaling: .within,
        documentation: ModelDocumentation(
            summary: "Probability of the positive class by stochastic gradient descent on the log loss.",
            formula: "p = 1/(1+exp(−(b + Σ wᵢxᵢ)));  wᵢ −= lr·(p − y)·xᵢ",
            source: "Bottou, Large-scale machine learning with stochastic gradient descent, 2010",
            cost: "O(features)", stateSize: "40 bytes a numeric feature, 16 a category",
            use: "The first choice for probabilities: fast, small, hard to break.")
    ) { reader, _ in
        maker(LinearParameters(rule: .logistic, scaling: ownScaling(&reader), descent: reader.gradientDescent()))
    }

    private static let linearRegression = ModelType(
        name: "linear_regression", tasks: [.regression],
        parameters: [
            optimizer, ParameterRule("loss", .choice(["squared"]), default: "squared", "What an error costs."),
        ], scaling: .within,
        documentation: ModelDocumentation(
            summary: "A number by stochastic gradient descent on the squared error.",
            formula: "ŷ = b + Σ wᵢxᵢ;  wᵢ −= lr·2(ŷ − y)·xᵢ",
            source: "Widrow and Hoff, Adaptive switching circuits, 1960", cost: "O(features)",
            stateSize: "40 bytes a numeric feature, 16 a category", use: "Numbers that follow the features smoothly.")
    ) { reader, _ in
        maker(LinearParameters(rule: .squared, scaling: ownScaling(&reader), descent: reader.gradientDescent()))
    }

    private static let passiveAggressive = ModelType(
        name: "passive_aggressive", tasks: [.binary, .regression],
        parameters: [
            ParameterRule(
                "variant", .integer(minimum: 1, maximum: 1), default: "1",
                "Which of Crammer et al. 2006: 1 limits each step by c."),
            ParameterRule(
                "c", .number(minimum: 0, maximum: 1e6, exclusiveMinimum: true), default: "1",
                "Aggressiveness: the largest step one event may cause; smaller resists label noise."),
            ParameterRule(
                "epsilon", .number(minimum: 0, maximum: 1e9, exclusiveMinimum: false), default: "0.1",
                "Regression: an error up to this costs nothing. Without effect on classes."),
        ], scaling: .within,
        documentation: ModelDocumentation(
            summary: "Passive-Aggressive I: each event moves the weights just as far as it asks, at most by c.",
            formula: "loss = max(0, 1 − s·z);  τ = min(c, loss/Σxᵢ²);  wᵢ += τ·s·xᵢ",
            source: "Crammer et al., Online passive-aggressive algorithms, JMLR 7, 2006", cost: "O(features)",
            stateSize: "40 bytes a numeric feature, 16 a category",
            use: "Streams that move fast and have clean labels.")
    ) { reader, task in
        var parameters = LinearParameters(
            rule: task == .binary ? .passiveAggressiveClassifier : .passiveAggressiveRegressor,
            scaling: ownScaling(&reader), aggressiveness: reader.number("c", default: 1))
        if task == .regression { parameters.epsilon = reader.number("epsilon", default: 0.1) }
        return maker(parameters)
    }

    private static func maker(_ parameters: LinearParameters) -> LearnerMaker {
        { shape, fingerprint in LinearLearner(parameters: parameters, shape: shape, fingerprint: fingerprint) }
    }

    /// What the learner does itself; the other kinds of scaling stand before it, and then it does none.
    private static func ownScaling(_ reader: inout ParameterReader) -> FeatureScaling {
        reader.text("scale", default: "standard") == "standard" ? .standard : .none
    }

    private static let optimizer = ParameterRule(
        "optimizer", .optimizer, default: "sgd", "How gradients move the weights: a name, or a map with `type`.")
}
