import Learning

/// One row of the table that helps a person choose a model.
struct ModelChoice {
    let problem: String
    let why: String
    private let names: [String]

    private init(_ problem: String, _ names: [String], _ why: String) {
        self.problem = problem
        self.names = names
        self.why = why
    }

    /// The models that fit and that this version has, the first choice first.
    var types: [ModelType] { names.compactMap(ModelType.named).filter(\.isBuilt) }

    /// The rows for which this version has a model.
    static let all = rows.filter { !$0.types.isEmpty }

    private static let rows = [
        ModelChoice("I do not want to choose", ["auto"], "it tries several at once and follows whichever is best now"),
        ModelChoice(
            "yes or no, as a probability, many events a second", ["logistic_regression"],
            "fast, small, honest probabilities; the features' effects add up"),
        ModelChoice(
            "yes or no, the truth moves from hour to hour, labels are clean", ["passive_aggressive", "perceptron"],
            "each mistake is corrected at once, as far as it takes"),
        ModelChoice(
            "one of several classes", ["softmax_regression", "gaussian_nb", "hoeffding_tree"],
            "linear, bell curves per class, or rules; classes may appear at any time"),
        ModelChoice(
            "fields matter in combination (if this and that, then …)",
            ["adaptive_random_forest", "streaming_random_patches", "leveraging_bagging", "hoeffding_tree"],
            "trees split where it tells most; many of them err less, and cost as many times more"),
        ModelChoice(
            "the truth changes at once, and I know not when",
            ["adaptive_random_forest", "hoeffding_adaptive_tree", "adwin_bagging"],
            "they watch their own errors and regrow; every model can, with `on_drift`"),
        ModelChoice(
            "a number", ["linear_regression", "hoeffding_tree_regressor", "adaptive_random_forest", "knn"],
            "the first for smooth effects, trees for steps and combinations"),
        ModelChoice(
            "words, tags or counts", ["multinomial_nb", "bernoulli_nb"], "counting is all they need; few events suffice"
        ),
        ModelChoice(
            "what happened in similar cases lately", ["knn"], "no shape is assumed; cost grows with the window"),
        ModelChoice(
            "users and items, clicks, ratings", ["factorization_machine", "matrix_factorization"],
            "they learn what each pair has in common"),
        ModelChoice(
            "no labels: which events are strange?", ["half_space_trees", "mahalanobis", "z_score"],
            "trees for any shape, distances for one cloud of points, single fields"),
        ModelChoice(
            "a series with trend and season", ["holt_winters", "snarimax"],
            "they follow level, trend and season; the second takes further fields"),
        ModelChoice(
            "choose an action and see only its reward", ["thompson", "linucb", "ucb1", "epsilon_greedy", "exp3"],
            "they try out as much as it takes and no more"),
        ModelChoice(
            "is learning worth anything here?", ["last_label", "majority", "running_mean"],
            "what does not beat these is useless; `eval` shows them anyway"),
    ]
}
