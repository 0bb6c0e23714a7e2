import Testing

// Goal: nearest neighbours finds exactly the rows that a full comparison finds, votes as written, and reaches the reference's
// figures. Method: a second implementation that sorts all distances, on random events with absent values, categories, weights
// and many ties; and the six streams with their figures (Reference/README.md).
@testable import Learning

@Suite struct NeighbourTests {
    /// Sorts the whole window by distance, the older row first.
    struct Oracle {
        let k: Int
        let window: Int
        var rows: [RandomEvent] = []

        mutating func learn(_ event: RandomEvent) {
            guard event.weight > 0 else { return }
            rows.append(event)
            if rows.count > window { rows.removeFirst() }
        }

        func neighbours(_ event: RandomEvent) -> [(squaredDistance: Double, row: RandomEvent)] {
            let all = rows.map { (squaredDistance: squaredDistance($0, event), row: $0) }
            let order = all.indices.sorted { (all[$0].squaredDistance, $0) < (all[$1].squaredDistance, $1) }
            return order.prefix(k).map { all[$0] }
        }

        private func squaredDistance(_ left: RandomEvent, _ right: RandomEvent) -> Double {
            var sum = 0.0
            for (a, b) in zip(left.dense, right.dense) {
                let distance = (a.isNaN ? 0 : a) - (b.isNaN ? 0 : b)
                sum += distance * distance
            }
            for field in 0..<Int32(RandomEvent.fieldCount) {
                let (a, b) = (left.sparse.first { $0.field == field }, right.sparse.first { $0.field == field })
                if a?.index != b?.index { sum += (a == nil ? 0 : 1) + (b == nil ? 0 : 1) }
            }
            return sum
        }

        /// The vote of each class.
        func votes(_ event: RandomEvent) -> [Double: Double] {
            let neighbours = neighbours(event)
            guard let nearest = neighbours.first else { return [:] }
            guard nearest.squaredDistance > 0 else { return [nearest.row.label: 1] }
            var votes: [Double: Double] = [:]
            for neighbour in neighbours {
                votes[neighbour.row.label, default: 0] += neighbour.row.weight / neighbour.squaredDistance.squareRoot()
            }
            let all = votes.values.reduce(0, +)
            return votes.mapValues { $0 / all }
        }

        func mean(_ event: RandomEvent) -> Double {
            let rows = neighbours(event).map(\.row)
            return rows.reduce(0) { $0 + $1.weight * $1.label } / rows.reduce(0) { $0 + $1.weight }
        }
    }

    @Test(arguments: [LearningTask.binary, .multiclass, .regression], [(1, 1), (3, 8), (5, 50), (9, 7), (4, 120)])
    func findsWhatSortingFinds(task: LearningTask, sizes: (k: Int, window: Int)) throws {
        for (denseCount, seed) in [(0, 3), (1, 4), (6, 5), (9, 6)] {
            let entries = [
                ParameterEntry("k", .number(Double(sizes.k))), ParameterEntry("window", .number(Double(sizes.window))),
                ParameterEntry("scale", .text("none")),
            ]
            let learner = try Recipe("m", task, type: "knn", entries).learner(denseCount: denseCount)
            var oracle = Oracle(k: sizes.k, window: sizes.window)
            var features = FeatureVector(denseCount: denseCount, sparseCapacity: RandomEvent.fieldCount)
            var prediction = Prediction()
            for (index, event) in RandomEvent.stream(
                count: 300, denseCount: denseCount, task: task, seed: UInt64(seed)
            ).enumerated() {
                var event = event
                // Whole numbers give ties and rows at distance 0.
                if index % 2 == 0 { event.dense = event.dense.map { $0.rounded() } }
                event.fill(&features)
                learner.predict(features, into: &prediction)
                if !oracle.rows.isEmpty {
                    let note: Comment = "event \(index), \(denseCount) slots"
                    if task == .regression {
                        #expect(isNear(prediction.value, oracle.mean(event)), note)
                    } else {
                        let votes = oracle.votes(event)
                        let found =
                            task == .binary
                            ? [1 - prediction.value, prediction.value]
                            : (0..<prediction.classCount).map { prediction[$0] }
                        for (label, share) in found.enumerated() {
                            #expect(isNear(share, votes[Double(label)] ?? 0), note)
                        }
                    }
                }
                learner.learn(features, label: event.label, weight: event.weight)
                oracle.learn(event)
            }
        }
    }

    @Test(arguments: ["phishing", "elec2", "sea_drift", "trump_approval", "friedman_drift"])
    func reachesTheReference(_ name: String) throws {
        let stream = try LabelledStream(name)
        let isRegression = name == "trump_approval" || name == "friedman_drift"
        let task: LearningTask = isRegression ? .regression : .binary
        let learner = try Recipe("m", task, type: "knn").learner(denseCount: stream.features.count)
        var metrics = PrequentialMetrics(task: task)
        var features = FeatureVector(denseCount: stream.features.count, sparseCapacity: 0)
        for (index, row) in stream.rows.enumerated() {
            features.setDense(row)
            metrics.record(prediction: learner.predicted(features), label: stream.labels[index])
            learner.learn(features, label: stream.labels[index], weight: 1)
        }
        let all = try DataFiles.json("metrics.json", as: [String: [String: [String: Double]]].self)
        let figures = try #require(all[name]?[isRegression ? "knn5_reg" : "knn5"])
        if isRegression {
            let (mae, target) = (try #require(metrics.mae), try #require(figures["MAE"]))
            #expect(mae < target * 1.001 && mae > target * 0.999, "\(mae) for \(target)")
        } else {
            let (accuracy, target) = (try #require(metrics.accuracy), try #require(figures["accuracy"]))
            #expect(abs(accuracy - target) < 0.001, "\(accuracy) for \(target)")
        }
    }

    @Test func memoryIsTheWindow() throws {
        let entries = [ParameterEntry("window", .number(100)), ParameterEntry("scale", .text("none"))]
        let learner = try Recipe("m", .binary, type: "knn", entries).learner(denseCount: 6)
        let before = learner.memoryByteCount
        let events = RandomEvent.stream(count: 400, denseCount: 6, task: .binary, seed: 9, absence: 0)
        _ = learner.run(events, denseCount: 6)
        #expect(learner.memoryByteCount == before)
        #expect(before >= 100 * (6 * 8 + 16 + 8) && before < 12_000)
        #expect(learner.encoded.count <= 100 * (6 * 8 + 16 + 8) + 100)
    }

    @Test func impossibleParametersAreRefused() {
        for (key, value) in [("k", 0.0), ("k", 1_001), ("k", 2.5), ("window", 0), ("window", 100_001)] {
            let entries = [ParameterEntry("type", .text("knn")), ParameterEntry(key, .number(value))]
            let (specification, problems) = ModelSpecification.parse(name: "m", entries: entries, task: .binary)
            #expect(specification == nil && problems.count == 1 && problems.first?.path == [key])
        }
    }
}
