import Learning

extension Recipe {
    /// Every path through the learners of the folder.
    static let factorization: [Recipe] = [
        Recipe("factorisation machine", .binary, type: "factorization_machine"),
        Recipe(
            "factorisation machine, numbers, odd and shrunk", .regression, type: "factorization_machine",
            [
                ParameterEntry("factors", .number(3)), ParameterEntry("l2", .number(0.01)),
                ParameterEntry("factor_l2", .number(0.02)), ParameterEntry("seed", .number(7)),
                ParameterEntry("learning_rate", .number(0.001)), ParameterEntry("factor_learning_rate", .number(0.001)),
            ]),
        Recipe(
            "factorisation machine, unscaled", .binary, type: "factorization_machine",
            [ParameterEntry("scale", .text("none")), ParameterEntry("spread", .number(0.2))]),
        Recipe("matrix factorisation", .regression, type: "matrix_factorization"),
        Recipe(
            "matrix factorisation, odd", .regression, type: "matrix_factorization",
            [ParameterEntry("factors", .number(5)), ParameterEntry("seed", .number(3))]),
    ]
}
