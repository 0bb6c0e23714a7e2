extension ModelType {
    /// The linear family.
    static let linear: [ModelType] = [
        logisticRegression, linearRegression, softmaxRegression, perceptron, passiveAggressive, svm,
    ]

    private static let logisticRegression = ModelType(
        name: "logistic_regression", tasks: [.binary], parameters: gradientRules, scaling: .within,
        documentation: ModelDocumentation(
            summary: "Probability of the positive class by gradient descent on the log loss.",
            formula: "z = b + Σ wᵢxᵢ;  p = 1/(1+exp(−z));  wᵢ −= lr·(p − y)·xᵢ",
            source: "Bottou, Large-scale machine learning with stochastic gradient descent, 2010",
            cost: "O(features)", stateSize: gradientStateSize,
            use:
                "The first choice for probabilities: fast, small, hard to break. Not for what no weighted sum can tell."
        )
    ) { reader, _ in maker(gradient(.logistic, &reader)) }

    private static let linearRegression = ModelType(
        name: "linear_regression", tasks: [.regression],
        parameters: [
            ParameterRule(
                "loss", .choice(["squared", "huber", "quantile", "absolute"]), default: "squared",
                "What an error costs: its square, its square up to `delta` and its size beyond, its size with a price "
                    + "for each side (which finds a quantile), or its size (the median)."),
            ParameterRule(
                "delta", .number(minimum: 0, maximum: 1e9, exclusiveMinimum: true), default: "1",
                "Of loss huber: the error from which on it counts by its size."),
            ParameterRule(
                "quantile", .number(minimum: 0.0001, maximum: 0.9999, exclusiveMinimum: false),
                default: "0.5",
                "Of loss quantile: which quantile of the label to predict."),
        ] + gradientRules, scaling: .within,
        documentation: ModelDocumentation(
            summary: "A number by gradient descent on the squared, Huber, quantile or absolute error.",
            formula: """
                ŷ = b + Σ wᵢxᵢ;  e = y − ŷ;  wᵢ −= lr·g·xᵢ
                squared: g = −2e;  huber: g = −min(max(e, −δ), δ);  quantile: g = −q for e > 0, 1 − q for e < 0;  \
                absolute: g = −sign(e)
                """,
            source:
                "Widrow and Hoff, Adaptive switching circuits, 1960; Huber, Robust estimation of a location "
                + "parameter, 1964; Koenker and Bassett, Regression quantiles, Econometrica 46, 1978",
            cost: "O(features)", stateSize: gradientStateSize,
            use:
                "Numbers that follow the features smoothly; huber or absolute where labels have outliers, quantile for a "
                + "bound that is broken with a given frequency.")
    ) { reader, _ in
        let loss = reader.text("loss", default: "squared")
        var parameters = gradient(losses[loss] ?? .squared, &reader)
        if parameters.rule == .huber {
            parameters.delta = reader.number("delta", default: parameters.delta)
        }
        if parameters.rule == .quantile {
            parameters.quantile = reader.number("quantile", default: parameters.quantile)
        }
        return maker(parameters)
    }

    private static let losses: [String: LinearParameters.Rule] = [
        "squared": .squared, "huber": .huber, "quantile": .quantile, "absolute": .absolute,
    ]

    private static let softmaxRegression = ModelType(
        name: "softmax_regression", tasks: [.multiclass], parameters: gradientRules, scaling: .within,
        documentation: ModelDocumentation(
            summary: "A probability for each of several classes by gradient descent on the log loss.",
            formula: "z_c = b_c + Σ w_cᵢxᵢ;  p_c = exp(z_c)/Σ exp(z);  w_cᵢ −= lr·(p_c − [y = c])·xᵢ",
            source: "Bishop, Pattern recognition and machine learning, 2006, section 4.3.4",
            cost: "O(features · classes)",
            stateSize:
                "24 bytes a numeric feature; for each class what logistic_regression has beside them",
            use: "Several classes with probabilities; classes may appear late.")
    ) { reader, _ in maker(gradient(.softmax, &reader)) }

    private static let svm = ModelType(
        name: "svm", tasks: [.binary], parameters: gradientRules, scaling: .within,
        documentation: ModelDocumentation(
            summary: "Linear support vector machine: gradient descent on the hinge loss.",
            formula: "loss = max(0, 1 − s·z), s = ±1;  wᵢ += lr·s·xᵢ while s·z < 1;  p = 1/(1+exp(−z))",
            source:
                "Shalev-Shwartz, Singer, Srebro: Pegasos, primal estimated sub-gradient solver for SVM, ICML 2007 "
                + "(with l2 and learning_rate {initial, power: 1} its update)",
            cost: "O(features)", stateSize: gradientStateSize,
            use:
                "A decision rather than a probability: p orders well and is not calibrated. Set l2 for a margin."
        )
    ) { reader, _ in maker(gradient(.hinge, &reader)) }

    private static let perceptron = ModelType(
        name: "perceptron", tasks: [.binary], parameters: sharedRules, scaling: .within,
        documentation: ModelDocumentation(
            summary: "The perceptron: each mistake moves the weights by the event.",
            formula: "s = ±1;  wᵢ += s·xᵢ, b += s where s·z ≤ 0;  p = 1/(1+exp(−z))",
            source: "Rosenblatt, The perceptron, Psychological Review 65, 1958", cost: "O(features)",
            stateSize: stepStateSize,
            use: "A baseline without parameters, for streams that move fast. Its p is not calibrated.")
    ) { reader, _ in maker(shared(.perceptron, &reader)) }

    private static let passiveAggressive = ModelType(
        name: "passive_aggressive", tasks: [.binary, .regression],
        parameters: [
            ParameterRule(
                "variant", .integer(minimum: 1, maximum: 2), default: "1",
                "Which of Crammer et al. 2006: 1 bounds each step by c, 2 shortens it the more the smaller c is."
            ),
            ParameterRule(
                "c", .number(minimum: 0, maximum: 1e6, exclusiveMinimum: true), default: "1",
                "Aggressiveness: how large a step one event may cause; smaller resists label noise."),
            ParameterRule(
                "epsilon", .number(minimum: 0, maximum: 1e9, exclusiveMinimum: false), default: "0.1",
                "Regression: an error up to this costs nothing. Without effect on classes."),
        ] + sharedRules, scaling: .within,
        documentation: ModelDocumentation(
            summary:
                "Passive-Aggressive I or II: each event moves the weights just as far as it asks, c limiting it.",
            formula: """
                classes: loss = max(0, 1 − s·z), s = ±1;  numbers: loss = max(0, |y − z| − ε), s = sign(y − z)
                I: τ = min(c, loss/Σxᵢ²);  II: τ = loss/(Σxᵢ² + 1/(2c));  wᵢ += τ·s·xᵢ, b += τ·s
                """,
            source: "Crammer et al., Online passive-aggressive algorithms, JMLR 7, 2006",
            cost: "O(features)",
            stateSize: stepStateSize, use: "Streams that move fast and have clean labels.")
    ) { reader, task in
        var parameters = shared(
            task == .binary ? .passiveAggressiveClassifier : .passiveAggressiveRegressor, &reader)
        parameters.isSoft = reader.integer("variant", default: 1) == 2
        parameters.aggressiveness = reader.number("c", default: parameters.aggressiveness)
        if task == .regression {
            parameters.epsilon = reader.number("epsilon", default: parameters.epsilon)
        }
        return maker(parameters)
    }
}

// MARK: - What they share

extension ModelType {
    private static let stepStateSize = "32 bytes a numeric feature (8 without scaling), 8 a category"
    private static let gradientStateSize =
        stepStateSize
        + "; for either 8 more with momentum, adagrad, rmsprop, 16 with adam and ftrl, 32 with coin, 8 with l1"

    private static let sharedRules = [
        ParameterRule(
            "forget", .number(minimum: 0, maximum: 1, exclusiveMinimum: true), default: "1",
            "Forgetting factor: what is left of a feature's weight and of its running sums (scaling, squares of gradients) "
                + "at each event that has it; 1 forgets nothing. The intercept never forgets."),
        ParameterRule(
            "hash_bits", .integer(minimum: 0, maximum: 22), default: "0",
            "Categories beyond the first 2^b share that many weights by hashing; 0 leaves those beyond 262,144 (less with "
                + "more than four classes: 1,048,576 / classes) out. Classes beyond the first 2^(24 − b) are not learned then."
        ),
    ]

    private static let gradientRules =
        [
            ParameterRule(
                "optimizer", .optimizer, default: "sgd",
                "How gradients move the weights: a name, or a map with `type`."),
            ParameterRule(
                "clip", .number(minimum: 0, maximum: 1e12, exclusiveMinimum: false), default: "0",
                "Gradient clipping: largest size of the loss's derivative in the score; 0 clips nothing."),
        ] + sharedRules

    /// What all linear learners read.
    private static func shared(_ rule: LinearParameters.Rule, _ reader: inout ParameterReader)
        -> LinearParameters
    {
        var parameters = LinearParameters(rule: rule)
        // The other kinds of scaling stand before the learner, which then does none.
        parameters.scaling = reader.text("scale", default: "standard") == "standard" ? .standard : .none
        parameters.keep = reader.number("forget", default: parameters.keep)
        parameters.hashBits = reader.integer("hash_bits", default: parameters.hashBits)
        return parameters
    }

    /// What all linear learners with an optimiser read.
    private static func gradient(_ rule: LinearParameters.Rule, _ reader: inout ParameterReader)
        -> LinearParameters
    {
        var parameters = shared(rule, &reader)
        parameters.optimizer = reader.linearOptimizer()
        let clip = reader.number("clip", default: 0)
        parameters.clip = clip > 0 ? clip : .infinity
        return parameters
    }

    private static func maker(_ parameters: LinearParameters) -> LearnerMaker {
        { shape, fingerprint in
            if parameters.rule == .softmax {
                return SoftmaxLearner(parameters: parameters, shape: shape, fingerprint: fingerprint)
            }
            return LinearLearner(parameters: parameters, shape: shape, fingerprint: fingerprint)
        }
    }
}
