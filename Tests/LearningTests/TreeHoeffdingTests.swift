// Goal: the Hoeffding tree is the reference's, to 1e-9 an event and in its figures over whole streams; it splits on numbers
// and on categories, keeps to its memory, and explains itself. Method: vectors and metrics of an independent implementation
// (Reference/README.md), small streams whose right tree is known, and its own encoded states.
import Learning
import Testing

@Suite struct TreeHoeffdingTests {
    static let leafCounts = ["elec2": 21, "phishing": 2, "sea_drift": 39, "shuttle": 3]

    @Test(arguments: ["elec2", "phishing", "sea_drift", "shuttle"]) func reference(_ name: String) throws {
        let stream = try LabelledStream(name)
        let table = try NumberTable(DataFiles.reference + "parity_\(name).csv.gz")
        let expected = try table.column("hoeffding_tree")
        let learner = try Recipe("m", .binary, type: "hoeffding_tree").learner(denseCount: stream.features.count)
        let run = StreamRun(learner, stream, expected: expected)
        #expect(run.misses == 0, "predictions off by more than 1e-9, of \(expected.count)")
        let all = try DataFiles.json("metrics.json", as: [String: [String: [String: Double]]].self)
        let figures = try #require(all[name]?["hoeffding_tree"])
        #expect(abs(try #require(run.metrics.accuracy) - #require(figures["accuracy"])) <= 0.002)
        #expect(abs(try #require(run.metrics.logLoss) - #require(figures["logloss"])) <= 0.02)
        let leaves = try #require(Self.leafCounts[name])
        #expect(abs(try TreeState(learner).leafCount - leaves) <= max(1, leaves / 20))
    }

    /// Learns `count` events of `make`, then says how many of the next 500 it gets right.
    private func share(
        _ learner: any Learner, denseCount: Int, count: Int, seed: UInt64,
        _ make: (inout SeededGenerator) -> (dense: [Double], sparse: [SparseFeature], label: Double)
    ) -> Double {
        var generator = SeededGenerator(seed: seed)
        var features = FeatureVector(denseCount: denseCount, sparseCapacity: RandomEvent.fieldCount)
        var right = 0
        for index in 0..<count + 500 {
            let event = make(&generator)
            features.setDense(event.dense)
            features.removeSparse()
            for entry in event.sparse { features.appendSparse(entry) }
            if index >= count {
                let value = learner.predicted(features)
                right += (learner.task == .binary ? (value > 0.5 ? 1 : 0) : value) == event.label ? 1 : 0
            } else {
                learner.learn(features, label: event.label, weight: 1)
            }
        }
        return Double(right) / 500
    }

    @Test func categoriesAreTold() throws {
        // The class is that of the category, alike or not in their order; naive Bayes is off, so only splits can tell.
        let learner = try Recipe(
            "m", .multiclass, type: "hoeffding_tree",
            [ParameterEntry("leaf", .text("majority")), ParameterEntry("grace_period", .number(50))]
        ).learner(denseCount: 1)
        let accuracy = share(learner, denseCount: 1, count: 6_000, seed: 3) { generator in
            let category = Int32.random(in: 0..<6, using: &generator)
            let noise = Double.random(in: 0...1, using: &generator)
            let label = [0, 1, 2, 0, 1, 2][Int(category)]
            return ([noise], [SparseFeature(index: category, field: 1, value: 1)], Double(label))
        }
        #expect(accuracy == 1)
        #expect(try TreeState(learner).leafCount >= 5)
    }

    @Test func numbersThatOnlyTogetherTellTheClass() throws {
        let learner = try Recipe("m", .binary, type: "hoeffding_tree").learner(denseCount: 2)
        let accuracy = share(learner, denseCount: 2, count: 30_000, seed: 5) { generator in
            let (x, y) = (Double.random(in: 0...1, using: &generator), Double.random(in: 0...1, using: &generator))
            // A corner larger than the others, so that the first split has something to gain.
            return ([x, y], [], (x > 0.4) == (y > 0.6) ? 1 : 0)
        }
        #expect(accuracy > 0.95)
    }

    @Test func absentFeaturesGoToTheLargerSide() throws {
        let learner = try Recipe(
            "m", .binary, type: "hoeffding_tree", [ParameterEntry("leaf", .text("majority"))]
        ).learner(denseCount: 1)
        _ = share(learner, denseCount: 1, count: 4_000, seed: 7) { generator in
            let x = Double.random(in: 0...1, using: &generator)
            return ([x], [], x > 0.8 ? 1 : 0)
        }
        var features = FeatureVector(denseCount: 1, sparseCapacity: RandomEvent.fieldCount)
        #expect(learner.predicted(features) < 0.1)
        features[0] = 0.95
        #expect(learner.predicted(features) > 0.9)
    }

    @Test func memoryStaysBelowItsLimit() throws {
        for (size, growth) in [(0.05, 1), (0.5, 2)] {
            let learner = try Recipe(
                "m", .multiclass, type: "hoeffding_tree",
                Recipe.eager + [ParameterEntry("max_size", .number(size))]
            ).learner(denseCount: 8)
            var generator = SeededGenerator(seed: 9)
            var features = FeatureVector(denseCount: 8, sparseCapacity: RandomEvent.fieldCount)
            for _ in 0..<40_000 {
                for slot in 0..<8 { features[slot] = Double.random(in: 0...1, using: &generator) }
                features.removeSparse()
                features.appendSparse(
                    SparseFeature(index: Int32.random(in: 0..<5_000, using: &generator), field: 0, value: 1))
                let label = (features[0] * 8).rounded(.down) + 8 * (features[1] * 2).rounded(.down)
                learner.learn(features, label: label, weight: 1)
            }
            #expect(learner.memoryByteCount <= Int(size * 1_048_576), "\(size) MiB")
            #expect(learner.memoryByteCount > Int(size * 1_048_576) / 8 * growth / 2, "\(size) MiB")
            #expect(learner.predicted(features).isFinite)
        }
    }

    /// Where there is no memory left to observe a third class, its events are counted all the same.
    @Test func aFullTreeStillLearnsALateClass() throws {
        let learner = try Recipe(
            "m", .multiclass, type: "hoeffding_tree",
            Recipe.eager + [ParameterEntry("max_size", .number(0.03)), ParameterEntry("leaf", .text("majority"))]
        ).learner(denseCount: 8)
        var generator = SeededGenerator(seed: 13)
        var features = FeatureVector(denseCount: 8, sparseCapacity: RandomEvent.fieldCount)
        func learn(_ count: Int, _ label: () -> Double?) {
            for _ in 0..<count {
                for slot in 0..<8 { features[slot] = Double.random(in: 0...1, using: &generator) }
                let split = (features[0] * 16).rounded(.down) + (features[1] * 16).rounded(.down)
                learner.learn(features, label: label() ?? split.truncatingRemainder(dividingBy: 2), weight: 1)
            }
        }
        learn(30_000) { nil }
        let full = learner.memoryByteCount
        #expect(full > 10_000)
        learn(60_000) { 2 }
        var prediction = Prediction()
        learner.predict(features, into: &prediction)
        #expect(prediction.classCount == 3)
        #expect(prediction.value == 2, "\(prediction[0]) \(prediction[1])")
        #expect(learner.memoryByteCount <= Int(0.03 * 1_048_576))
    }

    @Test func contributionsAddUpToTheAnswer() throws {
        let stream = try LabelledStream("elec2")
        let learner = try Recipe("m", .binary, type: "hoeffding_tree").learner(denseCount: stream.features.count)
        _ = StreamRun(learner, stream, limit: 20_000)
        let explaining = try #require(learner as? any ExplainingLearner)
        var features = FeatureVector(denseCount: stream.features.count, sparseCapacity: RandomEvent.fieldCount)
        var explanation = Explanation(capacity: stream.features.count + RandomEvent.fieldCount)
        var largest = 0.0
        for row in stream.rows[20_000..<20_500] {
            features.setDense(row)
            explaining.explain(features, into: &explanation)
            let sum = (0..<explanation.count).reduce(explanation.base) { $0 + explanation[$1].amount }
            #expect(isNear(sum, learner.predicted(features)))
            if explanation.count > 0 { largest = max(largest, abs(explanation[0].amount)) }
        }
        #expect(largest > 0.2)
    }
}
