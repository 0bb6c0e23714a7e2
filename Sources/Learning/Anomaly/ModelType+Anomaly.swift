extension ModelType {
    /// Anomaly detectors.
    static let anomaly: [ModelType] = [halfSpaceTrees, zScore, mahalanobis]

    private static let halfSpaceTrees = ModelType(
        name: "half_space_trees", tasks: [.anomaly, .binary],
        parameters: [
            ParameterRule("trees", .integer(minimum: 1, maximum: 200), default: "10", "How many trees."),
            ParameterRule(
                "height", .integer(minimum: 1, maximum: 12), default: "8",
                "Cuts on the way from a root to a leaf; each more doubles the memory."),
            ParameterRule(
                "window", .integer(minimum: 2, maximum: 1_000_000), default: "250",
                "Events whose masses the next ones are scored by; the score is 0 before the first is full."),
            ParameterRule(
                "seed", .integer(minimum: 0, maximum: 1 << 53), default: "42", "Start of the random draws."),
        ], scaling: .before(.minMax),
        documentation: ModelDocumentation(
            summary: "Half-space trees: random halvings of the space, and how many recent events fell into each part.",
            formula:
                "score = 1 − Σ_trees Σ_path r·2^depth / (trees·window·(2^(height+1) − 1)), paths ending at r < window/10",
            source: "Tan, Ting and Liu, Fast anomaly detection for streaming data, IJCAI 2011",
            cost: "O(trees · height)", stateSize: "8 bytes a node in a checkpoint, 16 in memory: 80 KiB as it comes",
            use: "Rare, scattered anomalies, without labels, in streams that change; not for anomalies that come in "
                + "bursts as long as the window.")
    ) { reader, task in
        let parameters = HalfSpaceTrees.Parameters(
            treeCount: reader.integer("trees", default: 10), height: reader.integer("height", default: 8),
            window: reader.integer("window", default: 250),
            seed: UInt64(clamping: reader.integer("seed", default: 42)))
        return { shape, fingerprint in
            HalfSpaceTrees(task: task, parameters: parameters, shape: shape, fingerprint: fingerprint)
        }
    }

    private static let zScore = ModelType(
        name: "z_score", tasks: [.anomaly, .binary], parameters: [tail], scaling: .none,
        documentation: ModelDocumentation(
            summary: "How many standard deviations the strangest feature is from its mean.",
            formula: "m = max |xᵢ − mᵢ|/σᵢ;  s = −ln min(1, 2d·(1 − Φ(m)));  score = s / (s − ln tail)",
            source: "Welford, Technometrics 4, 1962; Dunn, Multiple comparisons among means, JASA 56, 1961",
            cost: "O(features)", stateSize: "24 bytes a feature",
            use: "Single values out of range, explained at a glance; blind to strange combinations.")
    ) { reader, task in
        let tail = reader.number("tail", default: 0.001)
        return { shape, fingerprint in
            ZScoreLearner(task: task, tail: tail, shape: shape, fingerprint: fingerprint)
        }
    }

    private static let mahalanobis = ModelType(
        name: "mahalanobis", tasks: [.anomaly, .binary],
        parameters: [
            tail,
            ParameterRule(
                "ridge", .number(minimum: 1e-12, maximum: 1e12, exclusiveMinimum: false), default: "1e-06",
                "Added to each feature's sum of squares, in its squared unit, so that the covariance can be inverted."),
        ], scaling: .none,
        documentation: ModelDocumentation(
            summary: "The distance from the running mean under the running covariance of all features.",
            formula: "D² = (x − m)ᵀ C⁻¹ (x − m);  s = −ln P(χ²_d > D²);  score = s / (s − ln tail)",
            source: "Mahalanobis, On the generalised distance in statistics, 1936; Wilson and Hilferty, PNAS 17, 1931; "
                + "Gill et al., Methods for modifying matrix factorizations, 1974",
            cost: "O(features²)", stateSize: "16 bytes a feature and 4 a pair of features",
            use: "Strange combinations of up to a few hundred correlated features; one cloud of normal events.")
    ) { reader, task in
        let tail = reader.number("tail", default: 0.001)
        let ridge = reader.number("ridge", default: 1e-6)
        return { shape, fingerprint in
            MahalanobisLearner(task: task, tail: tail, ridge: ridge, shape: shape, fingerprint: fingerprint)
        }
    }

    private static let tail = ParameterRule(
        "tail", .number(minimum: 1e-12, maximum: 0.5, exclusiveMinimum: false), default: "0.001",
        "The probability, for a normal event, below which the score passes 0.5.")
}
