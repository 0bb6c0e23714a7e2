extension ModelType {
    /// Naive Bayes.
    static let bayes: [ModelType] = [
        gaussianBayes, bernoulliBayes, multinomialBayes,
    ]

    private static let gaussianBayes = ModelType(
        name: "gaussian_nb", tasks: [.binary, .multiclass],
        parameters: [alpha("categories; numbers need none")], scaling: .before(.none),
        documentation: ModelDocumentation(
            summary: "Naive Bayes with a normal distribution for each class and numeric feature.",
            formula: "p(c) ∝ n_c/N · Π (1e-9 + N(xᵢ; mean, variance)) · Π (n_cv + α)/(n_c + α·K);  p = p(c) / Σ p",
            source: "John and Langley, Estimating continuous distributions in Bayesian classifiers, UAI 1995; "
                + "variances by Welford, Technometrics 4, 1962",
            cost: "O(features × classes) to predict, O(features) to learn",
            stateSize: "24 bytes a numeric feature and class, 18 a category and class",
            use:
                "A first model within a few dozen events, nothing to tune, states that merge; its probabilities are too "
                + "sure of themselves where features depend on each other.")
    ) { reader, task in
        let alpha = reader.number("alpha", default: 1)
        return { shape, fingerprint in
            GaussianBayes(task: task, alpha: alpha, shape: shape, fingerprint: fingerprint)
        }
    }

    private static let bernoulliBayes = ModelType(
        name: "bernoulli_nb", tasks: [.binary, .multiclass],
        parameters: [
            ParameterRule(
                "threshold", .number(minimum: -1e150, maximum: 1e150, exclusiveMinimum: false), default: "0",
                "A numeric value above it is a yes, any other a no."),
            alpha("yes and no, and of categories"),
        ], scaling: .before(.none),
        documentation: ModelDocumentation(
            summary: "Naive Bayes over yes-or-no features: a numeric value is a yes above the threshold.",
            formula: "p(c) ∝ n_c/N · Π P(xᵢ > threshold or not | c);  P(yes | c) = (yes_ci + α)/(n_ci + 2α)",
            source: "McCallum and Nigam, A comparison of event models for naive Bayes text classification, AAAI 1998",
            cost: "O(features × classes) to predict, O(features) to learn",
            stateSize: "16 bytes a numeric feature and class, 18 a category and class",
            use: "Flags and indicators; where what is not there speaks too.")
    ) { reader, task in
        let alpha = reader.number("alpha", default: 1)
        let threshold = reader.number("threshold", default: 0)
        return { shape, fingerprint in
            BernoulliBayes(task: task, alpha: alpha, threshold: threshold, shape: shape, fingerprint: fingerprint)
        }
    }

    private static let multinomialBayes = ModelType(
        name: "multinomial_nb", tasks: [.binary, .multiclass], parameters: [alpha("each feature's count")],
        scaling: .before(.none),
        documentation: ModelDocumentation(
            summary: "Naive Bayes over counts: an event is a bag of words or items. Values not above 0 count nothing.",
            formula: "log p(c) = log(n_c/N) + Σ xᵢ·log((T_ci + α)/(T_c + α·V)) + const",
            source: "McCallum and Nigam, A comparison of event models for naive Bayes text classification, AAAI 1998",
            cost: "O(features × classes) to predict, O(features) to learn",
            stateSize: "8 bytes a numeric feature and class, 18 a category and class",
            use: "Counts and text; not for features that can be negative.")
    ) { reader, task in
        let alpha = reader.number("alpha", default: 1)
        return { shape, fingerprint in
            MultinomialBayes(task: task, alpha: alpha, shape: shape, fingerprint: fingerprint)
        }
    }

    private static func alpha(_ subject: String) -> ParameterRule {
        ParameterRule(
            "alpha", .number(minimum: 1e-9, maximum: 1e6, exclusiveMinimum: false), default: "1",
            "Laplace smoothing of \(subject): how often each value counts as seen beforehand.")
    }
}
