import Learning

/// How many nodes a Hoeffding tree has, read from its encoded state as `ClassificationTree+State` lays it out.
struct TreeState {
    let nodeCount: Int

    var leafCount: Int { (nodeCount + 1) / 2 }

    init(_ learner: any Learner) throws {
        // Frame (4 + 2 + 8), fingerprint, learned count, the two random generators.
        let bytes = Array(learner.encoded.dropFirst(14 + 8 + 8 + 64).prefix(8))
        var decoder = StateDecoder(bytes)
        nodeCount = Int(try decoder.uint64())
    }
}

/// A learner's figures over a whole stream, predicting each event before learning it.
struct StreamRun {
    var metrics: PrequentialMetrics
    var misses = 0

    /// `expected` are predictions of the first events, compared to 1e-9.
    init(
        _ learner: any Learner, _ stream: LabelledStream, expected: [Double] = [], limit: Int = .max
    ) {
        metrics = PrequentialMetrics(task: learner.task)
        var features = FeatureVector(denseCount: stream.features.count, sparseCapacity: RandomEvent.fieldCount)
        var prediction = Prediction()
        for (index, row) in stream.rows.prefix(limit).enumerated() {
            features.setDense(row)
            learner.predict(features, into: &prediction)
            if index < expected.count, !isNear(prediction.value, expected[index]) { misses += 1 }
            metrics.record(prediction: prediction.value, label: stream.labels[index])
            learner.learn(features, label: stream.labels[index], weight: 1)
        }
    }
}
