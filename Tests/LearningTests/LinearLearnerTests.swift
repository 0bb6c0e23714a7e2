// Goal: what the linear learners promise beside the definitions: explanations that add up, rates that can be lengthened, hashing,
// forgetting, and a state of the published size. Method: each promise on random events.
import Learning
import Testing

@Suite struct LinearLearnerTests {
    private static let recipes = Recipe.linear

    private func trained(_ recipe: Recipe, seed: UInt64 = 41) throws -> any Learner {
        let learner = try recipe.learner(denseCount: 5)
        _ = learner.run(
            RandomEvent.stream(count: 400, denseCount: 5, task: recipe.task, seed: seed), denseCount: 5)
        return learner
    }

    /// 2^(24 − 22) = 4 classes, so that shared weights cannot take all memory, in whatever order the classes come.
    @Test func classesBeyondTheSharedWeightsAreNotLearned() throws {
        let learner = try Recipe(
            "m", .multiclass, type: "softmax_regression", [ParameterEntry("hash_bits", .number(22))]
        )
        .learner(denseCount: 1)
        var features = FeatureVector(denseCount: 1, sparseCapacity: RandomEvent.fieldCount)
        features.appendSparse(SparseFeature(index: 1 << 22, field: 0, value: 1))
        for label in [2.0, 3, 4, 1_023] { learner.learn(features, label: label, weight: 1) }
        #expect(learner.learnedCount == 2)
        #expect(learner.memoryByteCount < (1 << 27) + 10_000)
        var prediction = Prediction()
        learner.predict(features, into: &prediction)
        #expect(prediction.classCount == 4)
    }

    /// Base and contributions add up to the score: the log odds, the value, or (multiclass) the best class's score.
    @Test(arguments: recipes) func explanationsAddUp(_ recipe: Recipe) throws {
        let learner = try #require(try trained(recipe) as? any ExplainingLearner)
        var features = FeatureVector(denseCount: 5, sparseCapacity: RandomEvent.fieldCount)
        var explanation = Explanation(capacity: 16)
        var largest = Explanation(capacity: 2)
        var prediction = Prediction()
        for event in RandomEvent.stream(count: 60, denseCount: 5, task: recipe.task, seed: 42) {
            event.fill(&features)
            let before = learner.encoded
            learner.explain(features, into: &explanation)
            learner.explain(features, into: &largest)
            #expect(learner.encoded == before)
            let score = (0..<explanation.count).reduce(explanation.base) { $0 + explanation[$1].amount }
            learner.predict(features, into: &prediction)
            switch recipe.task {
            case .regression, .anomaly: #expect(isNear(score, prediction.value))
            case .binary:
                if abs(score) < 25 { #expect(isNear(score, logarithmOfOdds(prediction.value), 1e-6)) }
            case .multiclass:
                // Scores of two classes differ by the logarithm of their probabilities' ratio; the best is the largest.
                #expect(prediction.value >= 0 && score.isFinite)
            }
            for index in 0..<largest.count { #expect(largest[index] == explanation[index]) }
            for index in 0..<explanation.count where !explanation[index].isSparse {
                #expect(features[Int(explanation[index].index)].isFinite)
            }
        }
    }

    private func logarithmOfOdds(_ probability: Double) -> Double {
        // By bisection of the sigmoid, so that no second logarithm is trusted.
        var (low, high) = (-40.0, 40.0)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if 1 / (1 + Self.exponential(-middle)) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    private static func exponential(_ x: Double) -> Double {
        // exp(x) = exp(x / 1,024)^1,024 with a Taylor series for the small power.
        let small = x / 1_024
        var value = (0..<12).reversed().reduce(1.0) { 1 + $0 * small / Double($1 + 1) }
        for _ in 0..<10 { value *= value }
        return value
    }

    @Test func multiclassExplanationsAreThoseOfTheBestClass() throws {
        let recipe = Recipe(
            "m", .multiclass, type: "softmax_regression", [ParameterEntry("scale", .text("none"))])
        let learner = try #require(try recipe.learner(denseCount: 1) as? any ExplainingLearner)
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        features[0] = 1
        for _ in 0..<5 { learner.learn(features, label: 1, weight: 1) }
        let state = try LinearState(learner, denseCount: 1, vector: 1)
        var explanation = Explanation(capacity: 3)
        learner.explain(features, into: &explanation)
        #expect(explanation.base == state.intercept && state.intercept > 0)
        #expect(explanation.count == 1 && explanation[0].amount == state.weight[0])
    }

    /// A factor on the rates lengthens the step, belongs to the state, and 1 is what there was.
    @Test(arguments: recipes) func rateFactors(_ recipe: Recipe) throws {
        let (slow, fast) = (try trained(recipe), try trained(recipe))
        let adjustable = try #require(fast as? any RateAdjustable)
        #expect(adjustable.rateFactor == 1)
        adjustable.rateFactor = 3
        #expect(slow.encoded != fast.encoded)
        let restored = try recipe.learner(denseCount: 5)
        try restored.restore(fast.encoded)
        #expect((restored as? any RateAdjustable)?.rateFactor == 3)
        let events = RandomEvent.stream(count: 50, denseCount: 5, task: recipe.task, seed: 43)
        #expect(fast.run(events, denseCount: 5) == restored.run(events, denseCount: 5))
        #expect(slow.run(events, denseCount: 5) != fast.run(events, denseCount: 5))
        adjustable.rateFactor = 1
        #expect(adjustable.rateFactor == 1)
    }

    @Test func aRateFactorMultipliesTheStep() throws {
        func moved(_ optimizer: String, by factor: Double) throws -> Double {
            let recipe = Recipe(
                "m", .regression, type: "linear_regression",
                [Recipe.optimizer(optimizer), ParameterEntry("scale", .text("none"))])
            let learner = try recipe.learner(denseCount: 1)
            var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
            features[0] = 1
            for label in [1.0, 0.4, 0.7] { learner.learn(features, label: label, weight: 1) }
            let before = try LinearState(learner, denseCount: 1).weight[0]
            (learner as? any RateAdjustable)?.rateFactor = factor
            learner.learn(features, label: -2, weight: 1)
            return try LinearState(learner, denseCount: 1).weight[0] - before
        }
        for optimizer in ["sgd", "adagrad", "rmsprop", "adam"] {
            #expect(
                isNear(try moved(optimizer, by: 2.5), 2.5 * (try moved(optimizer, by: 1))), "\(optimizer)")
        }
        // FTRL and coin betting compute the weight anew; the step is longer, and in the same direction.
        for optimizer in ["momentum", "ftrl", "coin"] {
            let (once, more) = (try moved(optimizer, by: 1), try moved(optimizer, by: 2.5))
            #expect(once < 0 && more < 1.5 * once, "\(optimizer) \(once) \(more)")
        }
    }

    /// Categories beyond 2^b share slots, so all are learned, and the memory stays 2^b weights.
    @Test func hashing() throws {
        let recipe = Recipe(
            "m", .binary, type: "logistic_regression",
            [ParameterEntry("hash_bits", .number(10)), Recipe.optimizer("adagrad")])
        let learner = try recipe.learner(denseCount: 0)
        var features = FeatureVector(denseCount: 0, sparseCapacity: RandomEvent.fieldCount)
        var generator = SeededGenerator(seed: 44)
        var correct = 0
        for round in 0..<40_000 {
            // Two hundred categories, most far beyond the slots; odd ones are positive.
            let category = Int.random(in: 0..<200, using: &generator)
            features.removeSparse()
            features.appendSparse(
                SparseFeature(index: Int32(category * 7_919_001 % 2_000_000_000), value: 1))
            let label: Double = category % 2 == 1 ? 1 : 0
            if round >= 30_000, (learner.predicted(features) > 0.5) == (label > 0.5) { correct += 1 }
            learner.learn(features, label: label, weight: 1)
        }
        // About 18 of 200 share a slot with another, half of them one of the other sign.
        #expect(correct > 9_200)
        #expect(try LinearState(learner, denseCount: 0).sparse.count == 1 << 10)
        #expect(learner.memoryByteCount < 40_000)
    }

    /// Below 2^b every category has a weight of its own: hashing changes nothing there.
    @Test func hashingLeavesTheFirstCategoriesAlone() throws {
        let events = RandomEvent.stream(count: 300, denseCount: 3, task: .binary, seed: 45)
        let plain = try Recipe("m", .binary, type: "logistic_regression").learner(denseCount: 3)
        let hashed = try Recipe(
            "m", .binary, type: "logistic_regression", [ParameterEntry("hash_bits", .number(12))]
        )
        .learner(denseCount: 3)
        #expect(plain.run(events, denseCount: 3) == hashed.run(events, denseCount: 3))
    }

    /// A model that forgets has the statistics of exponentially weighted events, and shrinks what is not confirmed.
    @Test func forgetting() throws {
        let keep = 0.9
        let learner = try Recipe(
            "m", .regression, type: "linear_regression", [ParameterEntry("forget", .number(keep))]
        ).learner(denseCount: 1)
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        var generator = SeededGenerator(seed: 46)
        var values: [Double] = []
        for _ in 0..<200 {
            values.append(Double.random(in: -5...9, using: &generator))
            features[0] = values[values.count - 1]
            learner.learn(features, label: 1, weight: 1)
        }
        let shares = values.indices.map { index in
            (index..<values.count - 1).reduce(1.0) { share, _ in share * keep }
        }
        let total = shares.reduce(0, +)
        let mean = zip(shares, values).reduce(0) { $0 + $1.0 * $1.1 } / total
        let variance =
            zip(shares, values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / total
        let state = try LinearState(learner, denseCount: 1)
        #expect(
            isNear(state.count[0], total) && isNear(state.mean[0], mean)
                && isNear(state.variance[0], variance))
    }

    @Test func forgettingShrinksWeightsOfPresentFeatures() throws {
        for type in ["logistic_regression", "perceptron", "passive_aggressive", "svm"] {
            let recipe = Recipe(
                "m", .binary, type: type,
                [ParameterEntry("forget", .number(0.5)), ParameterEntry("scale", .text("none"))])
            let learner = try recipe.learner(denseCount: 2)
            var features = FeatureVector(denseCount: 2, sparseCapacity: 0)
            features.setDense([1, 1])
            for _ in 0..<3 { learner.learn(features, label: 1, weight: 1) }
            let before = try LinearState(learner, denseCount: 2)
            // A present feature of 0 moves nothing by itself; an absent one is left alone.
            features.setDense([0, .nan])
            learner.learn(features, label: 1, weight: 1)
            let after = try LinearState(learner, denseCount: 2)
            #expect(before.weight[0] > 0 && isNear(after.weight[0], 0.5 * before.weight[0]), "\(type)")
            #expect(after.weight[1] == before.weight[1], "\(type)")
        }
    }

    /// The published sizes of the documentation: bytes a numeric feature and a category.
    @Test(arguments: [
        ("sgd", 8), ("momentum", 16), ("adagrad", 16), ("rmsprop", 16), ("adam", 24), ("ftrl", 24),
        ("coin", 40),
    ])
    func stateSizes(optimizer: String, bytes: Int) throws {
        let recipe = Recipe("m", .binary, type: "logistic_regression", [Recipe.optimizer(optimizer)])
        func size(_ denseCount: Int, categories: Int32) throws -> Int {
            let learner = try recipe.learner(denseCount: denseCount)
            var features = FeatureVector(denseCount: denseCount, sparseCapacity: 1)
            if categories > 0 { features.appendSparse(SparseFeature(index: categories - 1, value: 1)) }
            learner.learn(features, label: 1, weight: 1)
            return learner.encoded.count
        }
        #expect(try size(7, categories: 0) - size(0, categories: 0) == 7 * (24 + bytes))
        #expect(try size(0, categories: 100) - size(0, categories: 0) == 100 * bytes)
    }
}
