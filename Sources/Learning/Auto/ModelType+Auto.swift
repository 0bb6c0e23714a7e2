extension ModelType {
    /// What we recommend to people who do not want to choose.
    static let auto: [ModelType] = [automatic]

    private static let automatic = ModelType(
        name: "auto", tasks: [.binary, .multiclass, .regression],
        parameters: [
            ParameterRule(
                "experts", .models(minimum: 2, maximum: 32),
                default: "a set of linear models, Bayes, trees and ensembles, neighbours and trivial ones",
                "The models to combine, a list of names or of maps with `type` and parameters; 2 to 32."),
            ParameterRule(
                "budget", .number(minimum: 0, maximum: 1e6, exclusiveMinimum: false), default: "0",
                "Microseconds an event may take, about; experts that matter little for what they cost are retired and come "
                    + "back on trial. 0 for no limit."),
        ], scaling: .none,
        documentation: ModelDocumentation(
            summary:
                "Many models as one, better than the best of them: experts, a mixture that tracks them, a stacker.",
            formula:
                "v ← v·exp(−½·loss), normalised and 10⁻⁴ of it shared out; the answer is Σ v·p over the experts and a "
                + "stacker on their logits, and the stacker's probability where both decide alike",
            source:
                "Herbster and Warmuth, Tracking the best expert, Machine Learning 32, 1998; McCormick, Raftery, Madigan, "
                + "Burd, Dynamic logistic regression, Biometrics 68, 2012",
            cost: "the experts' together, and O(experts²) for the combination",
            stateSize: "the experts' together, and 8·experts² bytes",
            use:
                "When you do not want to choose, and events come at up to some 20,000 a second and core (more with a budget)."
        )
    ) { reader, task in
        let budget = reader.number("budget", default: 0)
        let experts = reader.models("experts", task: task, default: DefaultExperts.models(task))
        return { shape, fingerprint in
            AutoLearner(
                task: task, experts: experts, budget: budget > 0 ? budget : .infinity, shape: shape,
                fingerprint: fingerprint)
        }
    }
}
