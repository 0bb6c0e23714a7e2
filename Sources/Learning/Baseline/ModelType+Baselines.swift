extension ModelType {
    /// Models that ignore the features.
    static let baselines: [ModelType] = [lastLabel, majority, runningMean]

    private static let lastLabel = ModelType(
        name: "last_label", tasks: [.binary, .multiclass, .regression],
        parameters: [
            ParameterRule(
                "by", .choice(["stream", "key"]), default: "stream",
                "Whose last label: that of the stream, or that of the event's key (65,536 keys are remembered)."),
            ParameterRule(
                "fading", .number(minimum: 0, maximum: 0.5, exclusiveMinimum: false), default: "0",
                "Above 0, for classes of the whole stream: answers how often each class followed the last one, every event "
                    + "taking this share from the older counts."),
        ], scaling: .none,
        documentation: ModelDocumentation(
            summary: "Repeats the label learned last.", formula: "ŷₜ = yₜ₋₁, or P(yₜ | yₜ₋₁) from fading counts",
            source: "The persistence forecast; the chain is Markov's of first order", cost: "O(1)",
            stateSize: "24 bytes, and 24 for each remembered key",
            use: "The baseline of correlated streams: what does not beat it is useless there.")
    ) { reader, task in
        let isByKey = reader.text("by", default: "stream") == "key"
        let fading = reader.number("fading", default: 0)
        return { _, fingerprint in
            if fading > 0, !isByKey, task != .regression {
                return TransitionLearner(task: task, fading: fading, fingerprint: fingerprint)
            }
            return LastLabelLearner(task: task, isByKey: isByKey, fingerprint: fingerprint)
        }
    }

    private static let majority = ModelType(
        name: "majority", tasks: [.binary, .multiclass],
        parameters: [fading], scaling: .none,
        documentation: ModelDocumentation(
            summary: "The share of each class so far.", formula: "p(c) = events of c / events",
            source: "The class prior", cost: "O(classes)", stateSize: "8 bytes a class",
            use: "The baseline of classification, and an honest prior.")
    ) { reader, task in
        let fading = reader.number("fading", default: 0)
        return { _, fingerprint in ClassShareLearner(task: task, fading: fading, fingerprint: fingerprint) }
    }

    private static let runningMean = ModelType(
        name: "running_mean", tasks: [.regression], parameters: [fading], scaling: .none,
        documentation: ModelDocumentation(
            summary: "The mean of the labels so far.", formula: "ŷ = Σ y / n, or m += fading·(y − m)",
            source: "The sample mean; exponential smoothing where it fades", cost: "O(1)", stateSize: "24 bytes",
            use: "The baseline of regression.")
    ) { reader, _ in
        let fading = reader.number("fading", default: 0)
        return { _, fingerprint in RunningMeanLearner(fading: fading, fingerprint: fingerprint) }
    }

    private static let fading = ParameterRule(
        "fading", .number(minimum: 0, maximum: 0.5, exclusiveMinimum: false), default: "0",
        "Above 0, every event takes this share from the older ones, so that the answer follows the stream.")
}
