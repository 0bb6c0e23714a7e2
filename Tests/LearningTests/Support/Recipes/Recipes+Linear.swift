import Learning

extension Recipe {
    /// Every path through the linear learners.
    static let linear: [Recipe] = [
        logistic, optimizers, penalised, scaled, numbers, classes, passiveAggressive,
    ].flatMap { $0 }

    private static let penalties = [
        ParameterEntry("l1", .number(0.001)), ParameterEntry("l2", .number(0.01)),
    ]

    private static let logistic: [Recipe] =
        [
            Recipe("logistic", .binary, type: "logistic_regression"),
            Recipe(
                "logistic, penalties and decay", .binary, type: "logistic_regression",
                [
                    optimizer(
                        [
                            ParameterEntry(
                                "learning_rate",
                                .map([
                                    ParameterEntry("initial", .number(0.1)), ParameterEntry("decay", .number(0.01)),
                                ]))
                        ] + penalties)
                ]),
            Recipe(
                "logistic, unscaled, power law", .binary, type: "logistic_regression",
                [
                    optimizer([
                        ParameterEntry(
                            "learning_rate",
                            .map([ParameterEntry("initial", .number(0.1)), ParameterEntry("power", .number(0.5))])
                        ),
                        ParameterEntry("intercept_learning_rate", .number(0)),
                    ]), ParameterEntry("scale", .text("none")),
                ]),
            Recipe(
                "logistic, clipped and forgetting", .binary, type: "logistic_regression",
                [ParameterEntry("clip", .number(0.25)), ParameterEntry("forget", .number(0.99))],
                exempt: [.wholeCounts]),
            Recipe(
                "logistic, hashed", .binary, type: "logistic_regression",
                [ParameterEntry("hash_bits", .number(6)), optimizer("adagrad")]),
            Recipe(
                "logistic, lagged ftrl", .binary, type: "logistic_regression",
                [
                    optimizer(
                        "ftrl", [ParameterEntry("lagged", .flag(true)), ParameterEntry("l1", .number(0.3))])
                ]),
            Recipe(
                "logistic, ftrl without brakes", .binary, type: "logistic_regression",
                [optimizer("ftrl", [ParameterEntry("beta", .number(0)), ParameterEntry("l2", .number(0))])]),
            Recipe(
                "logistic, sparse ftrl", .binary, type: "logistic_regression",
                [
                    optimizer(
                        "ftrl", [ParameterEntry("l1", .number(0.3)), ParameterEntry("beta", .number(2))]),
                    ParameterEntry("forget", .number(0.98)),
                ], exempt: [.wholeCounts]),
        ]

    private static let optimizers: [Recipe] = [
        "momentum", "adagrad", "rmsprop", "adam", "ftrl", "coin",
    ].map { name in
        Recipe("logistic, \(name)", .binary, type: "logistic_regression", [optimizer(name)])
    }

    private static let penalised: [Recipe] = ["momentum", "adagrad", "rmsprop", "adam"].map { name in
        Recipe(
            "logistic, penalised \(name)", .binary, type: "logistic_regression",
            [optimizer(name, penalties), ParameterEntry("forget", .number(0.99))], exempt: [.wholeCounts])
    }

    private static let scaled: [Recipe] = ["min_max", "max_abs", "robust"].map { name in
        Recipe(
            "logistic, \(name)", .binary, type: "logistic_regression",
            [ParameterEntry("scale", .text(name))])
    }

    private static let numbers: [Recipe] = [
        Recipe("linear", .regression, type: "linear_regression"),
        Recipe(
            "linear, l1", .regression, type: "linear_regression",
            [optimizer([ParameterEntry("l1", .number(0.01))])]),
        Recipe(
            "linear, huber", .regression, type: "linear_regression",
            [ParameterEntry("loss", .text("huber")), ParameterEntry("delta", .number(0.7))]),
        Recipe(
            "linear, quantile", .regression, type: "linear_regression",
            [
                ParameterEntry("loss", .text("quantile")), ParameterEntry("quantile", .number(0.9)),
                optimizer("adam"),
            ]),
        Recipe(
            "linear, absolute", .regression, type: "linear_regression",
            [ParameterEntry("loss", .text("absolute")), optimizer("rmsprop")]),
        Recipe(
            "linear, coin and forgetting", .regression, type: "linear_regression",
            [
                optimizer("coin", [ParameterEntry("l2", .number(0.01))]),
                ParameterEntry("forget", .number(0.99)),
                ParameterEntry("clip", .number(5)),
            ], exempt: [.wholeCounts]),
    ]

    private static let classes: [Recipe] = [
        Recipe("softmax", .multiclass, type: "softmax_regression"),
        Recipe(
            "softmax, penalised adam, clipped", .multiclass, type: "softmax_regression",
            [
                optimizer("adam", penalties), ParameterEntry("clip", .number(0.3)),
                ParameterEntry("hash_bits", .number(5)),
            ]),
        Recipe("softmax, coin", .multiclass, type: "softmax_regression", [optimizer("coin")]),
        Recipe(
            "softmax, ftrl, robust", .multiclass, type: "softmax_regression",
            [optimizer("ftrl"), ParameterEntry("scale", .text("robust"))]),
        Recipe("svm", .binary, type: "svm"),
        Recipe(
            "svm, Pegasos", .binary, type: "svm",
            [
                optimizer([
                    ParameterEntry(
                        "learning_rate",
                        .map([ParameterEntry("initial", .number(1)), ParameterEntry("power", .number(1))])),
                    ParameterEntry("l2", .number(0.01)),
                ])
            ]),
        Recipe("perceptron", .binary, type: "perceptron"),
        Recipe(
            "perceptron, forgetting", .binary, type: "perceptron",
            [ParameterEntry("forget", .number(0.9))],
            exempt: [.wholeCounts]),
    ]

    private static let passiveAggressive: [Recipe] = [
        Recipe("passive-aggressive classes", .binary, type: "passive_aggressive"),
        Recipe(
            "passive-aggressive numbers", .regression, type: "passive_aggressive",
            [ParameterEntry("c", .number(0.5)), ParameterEntry("epsilon", .number(0.2))]),
        Recipe(
            "passive-aggressive numbers, unscaled", .regression, type: "passive_aggressive",
            [ParameterEntry("scale", .text("none"))]),
        Recipe(
            "passive-aggressive II classes", .binary, type: "passive_aggressive",
            [ParameterEntry("variant", .number(2)), ParameterEntry("c", .number(0.5))]),
        Recipe(
            "passive-aggressive II numbers", .regression, type: "passive_aggressive",
            [ParameterEntry("variant", .number(2)), ParameterEntry("forget", .number(0.99))],
            exempt: [.wholeCounts]),
    ]
}
