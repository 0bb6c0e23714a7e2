import Learning

extension Recipe {
    /// Every path through the linear learners.
    static let linear: [Recipe] = [
        Recipe("logistic", .binary, type: "logistic_regression"),
        Recipe(
            "logistic, penalties and decay", .binary, type: "logistic_regression",
            [
                Recipe.optimizer([
                    ParameterEntry(
                        "learning_rate",
                        .map([ParameterEntry("initial", .number(0.1)), ParameterEntry("decay", .number(0.01))])),
                    ParameterEntry("l1", .number(0.001)), ParameterEntry("l2", .number(0.01)),
                ])
            ]),
        Recipe(
            "logistic, unscaled, power law", .binary, type: "logistic_regression",
            [
                Recipe.optimizer([
                    ParameterEntry(
                        "learning_rate",
                        .map([ParameterEntry("initial", .number(0.1)), ParameterEntry("power", .number(0.5))])),
                    ParameterEntry("intercept_learning_rate", .number(0)),
                ]), ParameterEntry("scale", .text("none")),
            ]),
        Recipe("linear", .regression, type: "linear_regression"),
        Recipe(
            "linear, l1", .regression, type: "linear_regression",
            [Recipe.optimizer([ParameterEntry("l1", .number(0.01))])]),
        Recipe("passive-aggressive classes", .binary, type: "passive_aggressive"),
        Recipe(
            "passive-aggressive numbers", .regression, type: "passive_aggressive",
            [ParameterEntry("c", .number(0.5)), ParameterEntry("epsilon", .number(0.2))]),
        Recipe(
            "passive-aggressive numbers, unscaled", .regression, type: "passive_aggressive",
            [ParameterEntry("scale", .text("none"))]),
    ]
}
