// Goal: Gaussian naive Bayes is the published algorithm on the four classification streams. Method: the first 2,000 predictions
// and the figures over the whole stream of an independent implementation (Reference/README.md), as a binary and as a multiclass
// task.
import Learning
import Testing

@Suite struct BayesParityTests {
    @Test(arguments: ["phishing", "elec2", "sea_drift", "shuttle"], [LearningTask.binary, .multiclass])
    func gaussian(_ name: String, task: LearningTask) throws {
        let stream = try LabelledStream(name)
        let expected = try NumberTable(DataFiles.reference + "parity_\(name).csv.gz").column("gaussian_nb")
        let learner = try Recipe("m", task, type: "gaussian_nb").learner(denseCount: stream.features.count)
        var metrics = PrequentialMetrics(task: .binary, keepsScores: true)
        var features = FeatureVector(denseCount: stream.features.count, sparseCapacity: 0)
        var prediction = Prediction()
        var misses = 0
        for (index, row) in stream.rows.enumerated() {
            features.setDense(row)
            learner.predict(features, into: &prediction)
            var positive = prediction.value
            if task == .multiclass {
                // The order in which classes appeared is that of their indexes; here the label is the index.
                positive = index == 0 ? 0.5 : prediction.classCount > 1 ? prediction[1] : 0
                #expect(index == 0 || prediction.value == (positive > 0.5 ? 1 : 0))
            }
            if index < expected.count, !isNear(positive, expected[index]) { misses += 1 }
            metrics.record(prediction: positive, label: stream.labels[index])
            learner.learn(features, label: stream.labels[index], weight: 1)
        }
        #expect(expected.count == min(2_000, stream.rows.count))
        #expect(misses == 0)
        let all = try DataFiles.json("metrics.json", as: [String: [String: [String: Double]]].self)
        let figures = try #require(all[name]?["gaussian_nb"])
        let found = [
            "accuracy": metrics.accuracy, "F1": metrics.f1, "ROCAUC": metrics.rocAUC, "logloss": metrics.logLoss,
        ]
        #expect(figures.count == 4)
        for (key, value) in figures { #expect(isNear(try #require(found[key] ?? nil), value, 1e-6), "\(key)") }
    }
}
