// Goal: the regression tree errs no more than the reference's, splits on numbers of any scale and on categories, and keeps to
// its memory. Method: whole streams against the metrics of an independent implementation (Reference/README.md) with 3 % to
// spare, and small streams whose right tree is known.
import Learning
import Testing

@Suite struct TreeRegressionTests {
    @Test(arguments: ["friedman_drift", "trump_approval"]) func reference(_ name: String) throws {
        let stream = try LabelledStream(name)
        let learner = try Recipe(
            "m", .regression, type: "hoeffding_tree", [ParameterEntry("scale", .text("standard"))]
        ).learner(denseCount: stream.features.count)
        let run = StreamRun(learner, stream)
        let all = try DataFiles.json("metrics.json", as: [String: [String: [String: Double]]].self)
        #expect(try #require(run.metrics.mae) <= 1.03 * #require(all[name]?["ht_reg"]?["MAE"]))
    }

    /// The mean error over the last 500 of `count` events of `make`.
    private func error(
        _ learner: any Learner, count: Int, _ make: (inout SeededGenerator) -> (Double, Int32, Double)
    ) -> Double {
        var generator = SeededGenerator(seed: 8)
        var features = FeatureVector(denseCount: 1, sparseCapacity: RandomEvent.fieldCount)
        var sum = 0.0
        for index in 0..<count {
            let (value, category, target) = make(&generator)
            features[0] = value
            features.removeSparse()
            features.appendSparse(SparseFeature(index: category, field: 1, value: 1))
            if index >= count - 500 { sum += abs(learner.predicted(features) - target) }
            learner.learn(features, label: target, weight: 1)
        }
        return sum / 500
    }

    private func tree(_ more: [ParameterEntry] = []) throws -> any Learner {
        try Recipe(
            "m", .regression, type: "hoeffding_tree", [ParameterEntry("leaf", .text("majority"))] + more
        ).learner(denseCount: 1)
    }

    @Test(arguments: [1e-6, 1, 1e9]) func stepsOfAnyScaleAreFound(_ scale: Double) throws {
        let error = try error(tree(), count: 10_000) { generator in
            let x = Double.random(in: -1...1, using: &generator)
            return (x * scale, 0, x > 0.37 ? 1e3 : x > -0.5 ? 5e3 : -1e3)
        }
        // Of a range of 6,000: what is left are the events next to a step.
        #expect(error < 150)
    }

    @Test func categoriesAreTold() throws {
        let error = try error(tree(), count: 8_000) { generator in
            let category = Int32.random(in: 0..<5, using: &generator)
            return (Double.random(in: 0...1, using: &generator), category, [10, -10, 30, -10, 10][Int(category)])
        }
        #expect(error < 0.1)
    }

    @Test func aLineNeedsNoSplit() throws {
        let learner = try Recipe("m", .regression, type: "hoeffding_tree").learner(denseCount: 1)
        let error = error(learner, count: 8_000) { generator in
            let x = Double.random(in: -1...1, using: &generator)
            return (x, 0, 3 * x + 1)
        }
        // Of a range of 6.
        #expect(error < 0.05)
    }

    @Test func memoryStaysBelowItsLimit() throws {
        let learner = try tree(Recipe.eager + [ParameterEntry("max_size", .number(0.1))])
        _ = error(learner, count: 50_000) { generator in
            let x = Double.random(in: 0...100, using: &generator)
            return (x, Int32.random(in: 0..<5_000, using: &generator), (x * x).truncatingRemainder(dividingBy: 7))
        }
        #expect(learner.memoryByteCount <= 104_857)
        #expect(learner.memoryByteCount > 30_000)
    }

    @Test func bayesLeavesAreRefused() {
        let entries = [ParameterEntry("type", .text("hoeffding_tree")), ParameterEntry("leaf", .text("naive_bayes"))]
        let problems = ModelSpecification.parse(name: "m", entries: entries, task: .regression).1
        #expect(problems.map(\.path) == [["leaf"]])
        #expect(ModelSpecification.parse(name: "m", entries: entries, task: .binary).1.isEmpty)
    }
}
