/// The experts that `auto` combines unless the file names others: fast and slow linear models, Bayes, trees and ensembles of
/// them, neighbours, and the trivial ones, which are hard to beat on correlated streams.
enum DefaultExperts {
    /// The default set of a task, as the file would write it.
    static func models(_ task: LearningTask) -> [ParameterValue] {
        switch task {
        case .binary, .anomaly: binary
        case .multiclass: multiclass
        case .regression: regression
        }
    }

    private static let binary =
        [
            logistic("sgd", rate: 0.01), logistic("sgd", rate: 0.1), logistic("adam", rate: 0.01),
            logistic("adagrad", rate: 0.1), .text("perceptron"), .text("passive_aggressive"),
        ] + classifiers + trivialClassifiers

    private static let multiclass = [.text("softmax_regression")] + classifiers + trivialClassifiers

    private static let classifiers: [ParameterValue] = [
        .text("gaussian_nb"), .text("hoeffding_tree"), .text("hoeffding_adaptive_tree"),
        .text("adaptive_random_forest"), .text("streaming_random_patches"), .text("online_boosting"), .text("knn"),
    ]

    private static let trivialClassifiers: [ParameterValue] = [
        .text("last_label"), model("last_label", [ParameterEntry("by", .text("key"))]), .text("majority"),
        model("majority", [ParameterEntry("fading", .number(0.05))]),
        model("last_label", [ParameterEntry("fading", .number(0.001))]),
    ]

    private static let regression: [ParameterValue] = [
        .text("linear_regression"),
        model(
            "linear_regression",
            [ParameterEntry("optimizer", .map([ParameterEntry("intercept_learning_rate", .number(0.1))]))]),
        .text("passive_aggressive"), scaled("hoeffding_tree"), scaled("hoeffding_adaptive_tree"),
        scaled("adaptive_random_forest"), .text("knn"), .text("last_label"),
        model("last_label", [ParameterEntry("by", .text("key"))]), .text("running_mean"),
        model("running_mean", [ParameterEntry("fading", .number(0.05))]),
    ]

    private static func model(_ type: String, _ entries: [ParameterEntry]) -> ParameterValue {
        .map([ParameterEntry("type", .text(type))] + entries)
    }

    private static func logistic(_ optimizer: String, rate: Double) -> ParameterValue {
        let map = [ParameterEntry("type", .text(optimizer)), ParameterEntry("learning_rate", .number(rate))]
        return model("logistic_regression", [ParameterEntry("optimizer", .map(map))])
    }

    private static func scaled(_ type: String) -> ParameterValue {
        model(type, [ParameterEntry("scale", .text("standard"))])
    }
}
