import Learning

extension Recipe {
    /// Every path through the learners of the folder.
    static let bayes: [Recipe] = [
        Recipe("Gaussian", .binary, type: "gaussian_nb"),
        Recipe("Gaussian, several classes", .multiclass, type: "gaussian_nb", [ParameterEntry("alpha", .number(0.5))]),
        Recipe("Bernoulli", .binary, type: "bernoulli_nb", [ParameterEntry("threshold", .number(10))]),
        Recipe(
            "Bernoulli, several classes, scaled", .multiclass, type: "bernoulli_nb",
            [ParameterEntry("scale", .text("standard"))]),
        Recipe("multinomial", .binary, type: "multinomial_nb", [ParameterEntry("alpha", .number(0.1))]),
        Recipe("multinomial, several classes", .multiclass, type: "multinomial_nb"),
    ]
}
