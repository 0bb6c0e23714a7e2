extension ModelType {
    /// Learners that remember events.
    static let neighbours: [ModelType] = [nearestNeighbours]

    private static let nearestNeighbours = ModelType(
        name: "knn", tasks: [.binary, .multiclass, .regression],
        parameters: [
            ParameterRule(
                "k", .integer(minimum: 1, maximum: 1_000), default: "5", "How many of the nearest events answer."),
            ParameterRule(
                "window", .integer(minimum: 1, maximum: 100_000), default: "1000",
                "How many of the last events are remembered; memory and time grow with it."),
        ], scaling: .before(.standard),
        documentation: ModelDocumentation(
            summary: "The k nearest of the last events: classes by votes, numbers by their mean.",
            formula: "classes: p(c) ∝ Σ w/distance over the k nearest, 1 for the class of a row at distance 0; "
                + "numbers: Σ w·y / Σ w; Euclidean distance, a category that only one has adding 1 to its square; an "
                + "absent number counts as 0; of equal distances the older row",
            source:
                "Cover and Hart, Nearest neighbor pattern classification, IEEE Transactions on Information Theory 13, "
                + "1967; distance weights: Dudani 1976",
            cost: "O(window × features) to predict, O(features) to learn",
            stateSize: "16 bytes an event of the window, 8 a numeric feature and 4 a categorical field more",
            use:
                "Few features, boundaries of any shape, streams that resemble their recent past; slow beside the others, "
                + "and blind where most features are noise.")
    ) { reader, task in
        let neighbourCount = reader.integer("k", default: 5)
        let windowSize = reader.integer("window", default: 1_000)
        return { shape, fingerprint in
            NearestNeighbours(
                task: task, neighbourCount: neighbourCount, windowSize: windowSize, shape: shape,
                fingerprint: fingerprint)
        }
    }
}
