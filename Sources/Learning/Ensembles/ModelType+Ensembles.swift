extension ModelType {
    /// Ensembles of trees.
    static let ensembles: [ModelType] = [
        adaptiveRandomForest, streamingRandomPatches, adwinBagging, leveragingBagging, onlineBoosting,
    ]

    private static let adaptiveRandomForest = ensemble(
        "adaptive_random_forest",
        {
            var settings = EnsembleSettings(strategy: .adaptiveForest)
            settings.tree = TreeSettings(gracePeriod: 50, delta: 0.01, byteCountMax: 32 << 20)
            return settings
        }(), tasks: [.binary, .multiclass, .regression],
        ModelDocumentation(
            summary: "Many randomised Hoeffding trees that are replaced one by one when the stream changes.",
            formula: "each leaf looks at √features; each event weighs Poisson(6) a tree; ADWIN 0.01 on a tree's errors "
                + "starts a background tree, ADWIN 0.001 puts it in the tree's place;  p = Σ accuracyₘ·pₘ / Σ accuracyₘ; "
                + "regression: the trees' median",
            source: "Gomes et al., Adaptive random forests for evolving data stream classification, Machine Learning "
                + "106, 2017; regression: Gomes et al., Adaptive random forests for data stream regression, ESANN 2018",
            cost: "O(members · (depth + √features · classes))",
            stateSize: "a Hoeffding tree of √features a member, twice that in a change",
            use: "The strongest single learner on tabular streams that drift; ten times the cost of a tree."))

    private static let streamingRandomPatches = ensemble(
        "streaming_random_patches",
        {
            var settings = EnsembleSettings(strategy: .randomPatches)
            settings.tree = TreeSettings(gracePeriod: 50, delta: 0.01, byteCountMax: 32 << 20)
            settings.warning = ADWIN.Parameters(delta: 1e-4)
            settings.drift = ADWIN.Parameters(delta: 1e-5)
            return settings
        }(), tasks: [.binary, .multiclass],
        ModelDocumentation(
            summary:
                "Hoeffding trees that each see their own random 60 % of the features, replaced when the stream changes.",
            formula:
                "each tree looks at 0.6·features; each event weighs Poisson(6) a tree; warning ADWIN 10⁻⁴, drift ADWIN 10⁻⁵",
            source:
                "Gomes, Read and Bifet, Streaming random patches for evolving data stream classification, ICDM 2019",
            cost: "O(members · (depth + features · classes))", stateSize: "a Hoeffding tree of 0.6·features a member",
            use: "Like the adaptive random forest; often better with many weak or redundant features."))

    private static let adwinBagging = ensemble(
        "adwin_bagging",
        {
            var settings = EnsembleSettings(strategy: .adwinBagging)
            (settings.lambda, settings.drift) = (1, ADWIN.Parameters(delta: 0.002))
            return settings
        }(), tasks: [.binary, .multiclass],
        ModelDocumentation(
            summary: "Online bagging of Hoeffding trees; the worst tree starts again when a tree's error grows.",
            formula: "each event weighs Poisson(1) a tree; ADWIN 0.002 on each tree's errors;  p = Σ pₘ / members",
            source: "Bifet et al., New ensemble methods for evolving data streams, KDD 2009",
            cost: "O(members · (depth + features · classes))", stateSize: "a Hoeffding tree a member",
            use: "Steadier than one tree at moderate drift."))

    private static let leveragingBagging = ensemble(
        "leveraging_bagging",
        {
            var settings = EnsembleSettings(strategy: .leveragingBagging)
            settings.drift = ADWIN.Parameters(delta: 0.002)
            return settings
        }(), tasks: [.binary, .multiclass],
        ModelDocumentation(
            summary: "Bagging with heavier random weights: trees that learn faster and differ more.",
            formula: "each event weighs Poisson(6) a tree; ADWIN 0.002 on each tree's errors;  p = Σ pₘ / members",
            source: "Bifet, Holmes and Pfahringer, Leveraging bagging for evolving data streams, ECML PKDD 2010",
            cost: "O(members · (depth + features · classes))", stateSize: "a Hoeffding tree a member",
            use: "Often more accurate than ADWIN bagging, with larger trees."))

    private static let onlineBoosting = ensemble(
        "online_boosting", EnsembleSettings(strategy: .boosting, lambda: 1), tasks: [.binary, .multiclass],
        ModelDocumentation(
            summary: "Boosting of Hoeffding trees: each tree learns more of what the trees before it got wrong.",
            formula:
                "λ ← λ·n/(2·right) or λ·n/(2·wrong); each event weighs Poisson(λ);  p = Σ wₘ·pₘ, normalised;  wₘ = log((1−εₘ)/εₘ), 1 where εₘ > ½",
            source: "Oza and Russell, Online bagging and boosting, AISTATS 2001",
            cost: "O(members · (depth + features · classes)), twice a prediction",
            stateSize: "a Hoeffding tree a member",
            use: "Clean labels and little drift; label noise misleads it."))

    private static func ensemble(
        _ name: String, _ defaults: EnsembleSettings, tasks: [LearningTask], _ documentation: ModelDocumentation
    ) -> ModelType {
        ModelType(
            name: name, tasks: tasks, parameters: ensembleParameters + treeParameters(defaults.tree),
            scaling: .before(.none), documentation: documentation
        ) { reader, task in
            var settings = defaults
            settings.memberCount = max(1, min(1_000, reader.integer("members", default: 10)))
            settings.seed = UInt64(max(0, reader.integer("seed", default: 0)))
            settings.tree = reader.treeSettings(defaults.tree)
            let compiled = settings
            if task == .regression {
                reader.refuseBayesLeaves()
                return { shape, fingerprint in RegressionForest(compiled, shape: shape, fingerprint: fingerprint) }
            }
            return { shape, fingerprint in
                TreeEnsemble(compiled, task: task, shape: shape, fingerprint: fingerprint)
            }
        }
    }

    private static let ensembleParameters = [
        ParameterRule("members", .integer(minimum: 1, maximum: 1_000), default: "10", "How many trees."),
        ParameterRule(
            "seed", .integer(minimum: 0, maximum: 1 << 53), default: "0",
            "Where the random numbers begin; the same seed gives the same bits."),
    ]
}
