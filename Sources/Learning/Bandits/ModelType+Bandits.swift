extension ModelType {
    /// Bandits, each as a classifier that learns only whether its own answer was right.
    static let bandits: [ModelType] = [epsilonGreedy, ucb1, thompson, linUCB, exp3]

    private static let epsilonGreedy = bandit(
        "epsilon_greedy",
        [
            ParameterRule(
                "epsilon", .number(minimum: 0, maximum: 1, exclusiveMinimum: false), default: "0.1",
                "Probability of trying any class."),
            ParameterRule(
                "decay", .number(minimum: 0, maximum: 1e6, exclusiveMinimum: false), default: "0",
                "The probability after t events is epsilon/(1 + decay·t)."),
            seed,
        ],
        ModelDocumentation(
            summary: "ε-greedy: the class right most often so far, and now and then any.",
            formula: "argmax x̄, or any class with probability ε/(1 + decay·t)",
            source: "Sutton and Barto, Reinforcement learning, 2nd edition, 2018", cost: "O(classes)",
            stateSize: "24 bytes a class", use: "The simplest choice with feedback on the own answer only.")
    ) { reader in
        .epsilonGreedy(
            epsilon: reader.number("epsilon", default: 0.1), decay: reader.number("decay", default: 0),
            seed: readSeed(&reader))
    }

    private static let ucb1 = bandit(
        "ucb1",
        [
            ParameterRule(
                "confidence", .number(minimum: 0, maximum: 1_000, exclusiveMinimum: false), default: "1",
                "How much the uncertainty of a class counts; 1 is the paper's.")
        ],
        ModelDocumentation(
            summary: "UCB1: the class whose reward may still be the largest.",
            formula: "argmax x̄ + confidence·√(2 ln t / n)",
            source: "Auer, Cesa-Bianchi and Fischer, Machine Learning 47, 2002", cost: "O(classes)",
            stateSize: "24 bytes a class", use: "Steady rewards; no randomness, a guarantee on regret.")
    ) { reader in .ucb1(confidence: reader.number("confidence", default: 1)) }

    private static let thompson = bandit(
        "thompson",
        [
            ParameterRule(
                "prior", .number(minimum: 1e-3, maximum: 1e6, exclusiveMinimum: false), default: "1",
                "Successes and failures assumed of a class before the first; 1 is a uniform prior."), seed,
        ],
        ModelDocumentation(
            summary: "Thompson sampling: a draw of each class's reward from what is believed of it; the largest wins.",
            formula: "argmax θ,  θ ~ Beta(prior + Σ r, prior + Σ (1 − r))",
            source: "Thompson, Biometrika 25, 1933; Agrawal and Goyal, COLT 2012",
            cost: "O(classes), two gamma draws each",
            stateSize: "24 bytes a class", use: "Mostly the least regret of those without features.")
    ) { reader in .thompson(prior: reader.number("prior", default: 1), seed: readSeed(&reader)) }

    private static let linUCB = bandit(
        "linucb",
        [
            ParameterRule(
                "alpha", .number(minimum: 0, maximum: 1_000, exclusiveMinimum: false), default: "1",
                "How much the uncertainty of a class counts."),
            ParameterRule(
                "ridge", .number(minimum: 1e-9, maximum: 1e9, exclusiveMinimum: false), default: "1",
                "Weight of the prior that no feature matters."),
        ], scaling: .before(.standard),
        ModelDocumentation(
            summary: "LinUCB: a linear model of each class's reward, with its uncertainty for this event.",
            formula: "argmax θᵀx + α√(xᵀA⁻¹x),  A = ridge·I + Σ xxᵀ,  θ = A⁻¹ Σ r·x",
            source: "Li, Chu, Langford and Schapire, WWW 2010", cost: "O(classes · features²)",
            stateSize: "8·(features + 1)·(features + 2) bytes a class", use: "When features tell which class will do.")
    ) { reader in
        .linUCB(alpha: reader.number("alpha", default: 1), ridge: reader.number("ridge", default: 1))
    }

    private static let exp3 = bandit(
        "exp3",
        [
            ParameterRule(
                "gamma", .number(minimum: 0, maximum: 1, exclusiveMinimum: true), default: "0.1",
                "Share of uniform exploration, and the learning rate."), seed,
        ],
        ModelDocumentation(
            summary: "EXP3: classes by exponential weights; holds against rewards chosen by an adversary.",
            formula: "p = (1 − γ)·w/Σw + γ/K;  w *= exp(γ·(r/p)/K)",
            source: "Auer, Cesa-Bianchi, Freund and Schapire, SIAM Journal on Computing 32, 2002", cost: "O(classes)",
            stateSize: "24 bytes a class",
            use: "Rewards that change or react; slower than the others where they do not.")
    ) { reader in .exp3(gamma: reader.number("gamma", default: 0.1), seed: readSeed(&reader)) }

    private static func bandit(
        _ name: String, _ parameters: [ParameterRule], scaling: Scaling = .none, _ documentation: ModelDocumentation,
        policy: @escaping @Sendable (inout ParameterReader) -> BanditPolicy
    ) -> ModelType {
        ModelType(
            name: name, tasks: [.binary, .multiclass], parameters: parameters + [classes], scaling: scaling,
            documentation: documentation
        ) { reader, task in
            let policy = policy(&reader)
            let armCountMax = reader.integer("classes", default: 64)
            return { shape, fingerprint in
                BanditLearner(
                    policy.makeBandit(denseCount: shape.denseCount), task: task, armCountMax: armCountMax,
                    fingerprint: fingerprint)
            }
        }
    }

    private static func readSeed(_ reader: inout ParameterReader) -> UInt64 {
        UInt64(clamping: reader.integer("seed", default: 42))
    }

    private static let seed = ParameterRule(
        "seed", .integer(minimum: 0, maximum: 1 << 53), default: "42", "Start of the random draws.")

    private static let classes = ParameterRule(
        "classes", .integer(minimum: 2, maximum: LearnableRange.classCountMax), default: "64",
        "Most classes; an event of a later one is not learned.")
}
