/// An optimiser that a pipeline file can name under `optimizer:`.
public struct OptimizerType: Sendable, Equatable {
    /// What stands behind `optimizer:` or its `type:`.
    public let name: String
    /// The rules of its parameters, `type` itself left out.
    public let parameters: [ParameterRule]
    /// One line for a person who chooses.
    public let summary: String
    /// How it moves a weight w by the derivative g of the loss in it, plain text with Unicode signs.
    public let formula: String
    /// Where it was published.
    public let source: String

    /// The same name means the same optimiser.
    public static func == (left: OptimizerType, right: OptimizerType) -> Bool {
        left.name == right.name
    }

    /// Every optimiser.
    public static let all: [OptimizerType] = [
        OptimizerType(
            name: "sgd", parameters: rates("0.01") + penalties,
            summary: "Stochastic gradient descent: the fastest, and steady on scaled features.",
            formula: "w −= lr·g", source: "Robbins and Monro, A stochastic approximation method, 1951"),
        OptimizerType(
            name: "momentum",
            parameters: rates("0.001") + [share("momentum", "0.9", "How much of the last step goes on.")]
                + penalties,
            summary:
                "Gradient descent that keeps part of its last step; the whole way of a gradient is lr/(1 − momentum).",
            formula: "v = ρ·v + lr·g;  w −= v",
            source: "Polyak, Some methods of speeding up the convergence of iteration methods, 1964"),
        OptimizerType(
            name: "adagrad", parameters: rates("0.1") + [epsilon] + penalties,
            summary:
                "A rate for each weight that falls with its gradients: for rare features and streams that stay.",
            formula: "G += g²;  w −= lr·g/√(G + ε)",
            source: "Duchi, Hazan, Singer: Adaptive subgradient methods, JMLR 12, 2011"),
        OptimizerType(
            name: "rmsprop",
            parameters: rates("0.01")
                + [
                    share("memory", "0.9", "How much of the mean square of gradients is kept at each event."),
                    epsilon,
                ]
                + penalties,
            summary: "A rate for each weight by its recent gradients: adapts as long as the stream runs.",
            formula: "G = ρ·G + (1 − ρ)·g²;  w −= lr·g/√(G + ε)",
            source:
                "Tieleman and Hinton, RMSProp, Neural networks for machine learning, lecture 6.5, 2012"),
        OptimizerType(
            name: "adam",
            parameters: rates("0.1") + [
                share("beta1", "0.9", "How much of the mean gradient is kept at each event."),
                share("beta2", "0.999", "How much of the mean square of gradients is kept at each event."),
                epsilon,
            ] + penalties,
            summary: "RMSProp with momentum, both free of their start's bias.",
            formula: "m = β₁m + (1−β₁)g;  v = β₂v + (1−β₂)g²;  w −= lr·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε)",
            source: "Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015"),
        OptimizerType(
            name: "ftrl",
            parameters: [
                ParameterRule(
                    "alpha", .number(minimum: 0, maximum: 1e3, exclusiveMinimum: true), default: "0.05",
                    "How large the steps are."),
                ParameterRule(
                    "beta", .number(minimum: 0, maximum: 1e6, exclusiveMinimum: false), default: "1",
                    "Shortens the first steps, while a weight has had few gradients."),
                ParameterRule(
                    "lagged", .flag, default: "false",
                    "Weights one gradient behind, as River computes them; only to reproduce its figures."),
                interceptRate,
                penalty(
                    "l1", "0", "Weights whose evidence is smaller stay exactly 0; never on the intercept."),
                penalty("l2", "1", "Pulls every weight towards 0; never on the intercept."),
            ],
            summary:
                "FTRL-Proximal: a rate for each weight, and with l1 few weights that are not 0. For sparse features.",
            formula: "σ = (√(n+g²) − √n)/α;  z += g − σw;  n += g²;  "
                + "w = 0 if |z| ≤ l1, else −(z − sign(z)·l1)/((β + √n)/α + l2)",
            source: "McMahan et al., Ad click prediction: a view from the trenches, KDD 2013"),
        OptimizerType(
            name: "coin", parameters: [penalty("l2", "0", l2Summary)],
            summary:
                "Coin betting: no learning rate at all, the steps grow with what earlier ones have won.",
            formula: "c = −g;  L = max(L, |c|);  G += |c|;  R = max(R + c·w, 0);  θ += c;  "
                + "w = θ·(L + R)/(L·max(G + L, 100·L))",
            source:
                "Orabona and Tommasi, Training deep networks without learning rates through coin betting, NIPS 2017"
        ),
    ]

    private static func rates(_ rate: String) -> [ParameterRule] {
        [
            ParameterRule(
                "learning_rate", .schedule, default: rate,
                "Step per gradient: a number, {initial, decay} for initial/(1+decay·t), or {initial, power} for "
                    + "initial/(t+1)^power; t counts the model's earlier updates."), interceptRate,
        ]
    }

    private static let interceptRate = ParameterRule(
        "intercept_learning_rate", .schedule, default: "0.01",
        "The same for the intercept, which always goes by plain gradient descent; 0 keeps it at 0.")

    private static let penalties = [
        penalty(
            "l1", "0", "Cumulative penalty that sets useless weights to 0; never on the intercept."),
        penalty("l2", "0", l2Summary),
    ]
    private static let l2Summary = "Adds l2·w to each gradient; never on the intercept."

    private static func penalty(_ key: String, _ fallback: String, _ summary: String) -> ParameterRule {
        ParameterRule(
            key, .number(minimum: 0, maximum: 1e6, exclusiveMinimum: false), default: fallback, summary)
    }

    private static func share(_ key: String, _ fallback: String, _ summary: String) -> ParameterRule {
        ParameterRule(
            key, .number(minimum: 0, maximum: 0.999999, exclusiveMinimum: false), default: fallback,
            summary)
    }

    private static let epsilon = ParameterRule(
        "epsilon", .number(minimum: 0, maximum: 1, exclusiveMinimum: true), default: "1e-08",
        "Keeps the divisor above 0.")
}
