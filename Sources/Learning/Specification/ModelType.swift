/// A model type that a pipeline file can name: built in this version or planned by the design.
public struct ModelType: Sendable, Equatable {
    /// What stands behind `type:`.
    public let name: String
    /// The tasks it can do; empty for a planned type that is no predictor of labels (a bandit).
    public let tasks: [LearningTask]
    /// The rules of its parameters, `type` itself left out; empty for a type that is not built.
    public let parameters: [ParameterRule]
    /// Whether this version has it. Naming another is a problem with ``ParameterProblem/isNotYet``.
    public let isBuilt: Bool
    /// One line for a person who chooses a model.
    public let summary: String

    /// The same type name means the same type.
    public static func == (left: ModelType, right: ModelType) -> Bool { left.name == right.name }

    /// Every type, in the order of the documentation, built and planned.
    public static let all: [ModelType] = built + planned

    /// The type of that name, if the design has one.
    public static func named(_ name: String) -> ModelType? { all.first { $0.name == name } }

    private static let built = [
        ModelType(
            name: "logistic_regression", tasks: [.binary],
            parameters: [optimizer, scale], isBuilt: true,
            summary: "Probability of the positive class by stochastic gradient descent on the log loss."),
        ModelType(
            name: "linear_regression", tasks: [.regression],
            parameters: [optimizer, loss, scale], isBuilt: true,
            summary: "A number by stochastic gradient descent on the squared error."),
        ModelType(
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
                scale,
            ], isBuilt: true,
            summary: "Passive-Aggressive I: each event moves the weights just as far as it asks, at most by c."),
        ModelType(
            name: "last_label", tasks: [.binary, .regression], parameters: [], isBuilt: true,
            summary: "Repeats the label learned last; the baseline of correlated streams."),
        ModelType(
            name: "majority", tasks: [.binary], parameters: [], isBuilt: true,
            summary: "The share of positive labels so far."),
        ModelType(
            name: "running_mean", tasks: [.regression], parameters: [], isBuilt: true,
            summary: "The mean of the labels so far."),
    ]

    private static let optimizer = ParameterRule(
        "optimizer", .optimizer, default: "sgd", "How gradients move the weights: a name, or a map with `type`.")
    private static let scale = ParameterRule(
        "scale", .choice(["none", "standard"]), default: "standard",
        "Scaling of the numeric features, learned as the stream goes; one-hot features are never scaled.")
    private static let loss = ParameterRule(
        "loss", .choice(["squared"]), default: "squared", "What an error costs.")

    private static let planned: [ModelType] =
        plan(["softmax_regression"], [.multiclass])
        + plan(["perceptron", "svm"], [.binary])
        + plan(["gaussian_nb", "bernoulli_nb", "multinomial_nb"], [.binary, .multiclass])
        + plan(
            ["hoeffding_tree", "hoeffding_adaptive_tree", "extremely_fast_decision_tree"],
            [.binary, .multiclass, .regression])
        + plan(
            [
                "adaptive_random_forest", "streaming_random_patches", "adwin_bagging", "leveraging_bagging",
                "online_boosting",
            ], [.binary, .multiclass, .regression])
        + plan(["knn", "factorization_machine"], [.binary, .regression])
        + plan(["matrix_factorization", "snarimax", "holt_winters"], [.regression])
        + plan(["half_space_trees", "z_score", "mahalanobis"], [.binary])
        + plan(["epsilon_greedy", "ucb1", "thompson", "linucb", "exp3"], [])
        + plan(["auto"], [.binary, .regression])

    private static func plan(_ names: [String], _ tasks: [LearningTask]) -> [ModelType] {
        names.map { ModelType(name: $0, tasks: tasks, parameters: [], isBuilt: false, summary: "") }
    }
}
