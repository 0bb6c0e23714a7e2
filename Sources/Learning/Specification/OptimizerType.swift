/// An optimiser that a pipeline file can name under `optimizer:`.
public struct OptimizerType: Sendable, Equatable {
    /// What stands behind `optimizer:` or its `type:`.
    public let name: String
    /// The rules of its parameters, `type` itself left out; empty for one that is not built.
    public let parameters: [ParameterRule]
    /// Whether this version has it.
    public let isBuilt: Bool

    /// The same name means the same optimiser.
    public static func == (left: OptimizerType, right: OptimizerType) -> Bool { left.name == right.name }

    /// Every optimiser, built and planned.
    public static let all: [OptimizerType] =
        [OptimizerType(name: "sgd", parameters: gradientDescent, isBuilt: true)]
        + ["momentum", "adagrad", "rmsprop", "adam", "ftrl", "coin"].map {
            OptimizerType(name: $0, parameters: [], isBuilt: false)
        }

    private static let gradientDescent = [
        ParameterRule(
            "learning_rate", .schedule, default: "0.01",
            "Step per gradient: a number, {initial, decay} for initial/(1+decay·t), or {initial, power} for "
                + "initial/(t+1)^power; t counts the model's earlier updates."),
        ParameterRule(
            "intercept_learning_rate", .schedule, default: "0.01",
            "The same for the intercept; 0 keeps the intercept at 0."),
        ParameterRule(
            "l1", .number(minimum: 0, maximum: 1e6, exclusiveMinimum: false), default: "0",
            "Cumulative penalty that sets useless weights to 0; never on the intercept."),
        ParameterRule(
            "l2", .number(minimum: 0, maximum: 1e6, exclusiveMinimum: false), default: "0",
            "Adds l2·w to each gradient; never on the intercept."),
    ]
}
