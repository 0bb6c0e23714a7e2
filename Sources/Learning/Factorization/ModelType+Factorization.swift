extension ModelType {
    /// Factorisation models.
    static let factorization: [ModelType] = [factorizationMachine, matrixFactorization]

    private static let factorizationMachine = ModelType(
        name: "factorization_machine", tasks: [.binary, .regression],
        parameters: [
            factors, rate("learning_rate", "0.01", "Step of the weights and the intercept."),
            rate("factor_learning_rate", "0.01", "Step of the latent factors."),
            penalty("l2", "0", "Adds l2·w to the gradient of each weight; never on the intercept."),
            penalty("factor_l2", "0", "The same for the latent factors."), spread, seed,
        ], scaling: .before(.standard),
        documentation: ModelDocumentation(
            summary: "A linear model with an interaction of every pair of features, by latent factors.",
            formula:
                "z = b + Σ wᵢxᵢ + Σ_{i<j} ⟨vᵢ, vⱼ⟩·xᵢxⱼ;  w −= lr·g·x;  v_f −= lr·g·(x·Σ_f − v_f·x²);  for numbers g is shortened where the step would go beyond the label",
            source: "Rendle, Factorization machines, ICDM 2010", cost: "O(features × factors)",
            stateSize: "12 + 8·factors bytes a feature or category",
            use:
                "Many categories whose combinations matter (clicks, recommendations), even combinations never seen; for "
                + "a handful of numbers a linear model does as well.")
    ) { reader, task in
        let parameters = FactorizationParameters(
            factorCount: reader.integer("factors", default: 10),
            learningRate: reader.number("learning_rate", default: 0.01),
            factorLearningRate: reader.number("factor_learning_rate", default: 0.01),
            l2: reader.number("l2", default: 0), factorL2: reader.number("factor_l2", default: 0),
            spread: reader.number("spread", default: 0.1), seed: UInt64(clamping: reader.integer("seed", default: 42)))
        return { shape, fingerprint in
            FactorizationMachine(task: task, parameters: parameters, shape: shape, fingerprint: fingerprint)
        }
    }

    private static let matrixFactorization = ModelType(
        name: "matrix_factorization", tasks: [.regression],
        parameters: [
            factors, rate("learning_rate", "0.05", "Step of the biases."),
            rate("factor_learning_rate", "0.05", "Step of the latent factors."),
            penalty("l2", "0.02", "Shrinks the biases."), penalty("factor_l2", "0.02", "Shrinks the latent factors."),
            spread, seed,
        ], scaling: .none,
        documentation: ModelDocumentation(
            summary: "Ratings of items (second categorical field) by users (first) from biases and latent factors.",
            formula: "ŷ = μ + b_u + b_i + ⟨p_u, q_i⟩;  e = y − ŷ;  b += lr·(e − l2·b);  p_u += lr·(e·q_i − l2·p_u)",
            source:
                "Koren, Bell and Volinsky, Matrix factorization techniques for recommender systems, IEEE Computer 42, "
                + "2009",
            cost: "O(factors)", stateSize: "12 + 8·factors bytes a user and an item",
            use: "How much a user will like an item, from ratings alone; numeric features play no part.")
    ) { reader, _ in
        let parameters = FactorizationParameters(
            factorCount: reader.integer("factors", default: 10),
            learningRate: reader.number("learning_rate", default: 0.05),
            factorLearningRate: reader.number("factor_learning_rate", default: 0.05),
            l2: reader.number("l2", default: 0.02), factorL2: reader.number("factor_l2", default: 0.02),
            spread: reader.number("spread", default: 0.1), seed: UInt64(clamping: reader.integer("seed", default: 42)))
        return { _, fingerprint in MatrixFactorization(parameters: parameters, fingerprint: fingerprint) }
    }

    private static let factors = ParameterRule(
        "factors", .integer(minimum: 1, maximum: 256), default: "10",
        "Latent factors of a feature: the rank of what "
            + "interactions can express.")
    private static let spread = ParameterRule(
        "spread", .number(minimum: 0, maximum: 10, exclusiveMinimum: true), default: "0.1",
        "Standard deviation of a new latent factor.")
    private static let seed = ParameterRule(
        "seed", .integer(minimum: 0, maximum: 1 << 53), default: "42", "Where the random initial factors come from.")

    private static func rate(_ key: String, _ value: String, _ summary: String) -> ParameterRule {
        ParameterRule(key, .number(minimum: 0, maximum: 1e3, exclusiveMinimum: true), default: value, summary)
    }

    private static func penalty(_ key: String, _ value: String, _ summary: String) -> ParameterRule {
        ParameterRule(key, .number(minimum: 0, maximum: 1e6, exclusiveMinimum: false), default: value, summary)
    }
}
