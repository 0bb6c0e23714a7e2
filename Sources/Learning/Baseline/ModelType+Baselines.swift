extension ModelType {
    /// Models that ignore the features.
    static let baselines: [ModelType] = [
        baseline(
            "last_label", [.binary, .regression], .lastLabel, summary: "Repeats the label learned last.",
            formula: "ŷ = the label before",
            use: "The baseline of correlated streams: what does not beat it is useless."),
        baseline(
            "majority", [.binary], .majority, summary: "The share of positive labels so far.",
            formula: "p = positives / events", use: "The baseline of classification, and an honest prior."),
        baseline(
            "running_mean", [.regression], .runningMean, summary: "The mean of the labels so far.",
            formula: "ŷ = Σ y / n", use: "The baseline of regression."),
    ]

    private static func baseline(
        _ name: String, _ tasks: [LearningTask], _ rule: BaselineLearner.Rule, summary: String, formula: String,
        use: String
    ) -> ModelType {
        ModelType(
            name: name, tasks: tasks, parameters: [], scaling: .none,
            documentation: ModelDocumentation(
                summary: summary, formula: formula, source: "–", cost: "O(1)", stateSize: "32 bytes", use: use)
        ) { _, task in
            { _, fingerprint in BaselineLearner(rule: rule, task: task, fingerprint: fingerprint) }
        }
    }
}
