// Goal: the ensembles of trees are as accurate as the reference's, differ by their seed alone, notice a change, and explain
// themselves. Method: whole streams against the metrics of an independent implementation (Reference/README.md), which drew
// other random numbers: the mean over seeds may be 0.01 of accuracy below, or 5 % of error above; and streams that turn.
import Learning
import Testing

@Suite struct EnsembleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let stream: String
        let type: String
        let column: String

        var testDescription: String { "\(stream) \(type)" }
    }

    static let classifiers =
        [
            ("adaptive_random_forest", "arf10"), ("leveraging_bagging", "leveraging_bagging10"),
            ("adwin_bagging", "adwin_bagging10"), ("online_boosting", "adaboost10"),
        ].flatMap { type, column in
            [
                Case(stream: "phishing", type: type, column: column),
                Case(stream: "elec2", type: type, column: column),
            ]
        } + [
            Case(stream: "sea_drift", type: "adaptive_random_forest", column: "arf10"),
            Case(stream: "shuttle", type: "adaptive_random_forest", column: "arf10"),
            Case(stream: "sea_drift", type: "adwin_bagging", column: "adwin_bagging10"),
        ]

    static let seeds = 0...4
    static let metrics = try? DataFiles.json("metrics.json", as: [String: [String: [String: Double]]].self)

    private func learner(
        _ type: String, _ task: LearningTask, denseCount: Int, seed: Int, _ more: [ParameterEntry] = []
    ) throws -> any Learner {
        try Recipe("m", task, type: type, [ParameterEntry("seed", .number(Double(seed)))] + more)
            .learner(denseCount: denseCount)
    }

    /// Ten trees and ten places for others, of one node each; every split adds two.
    @Test(arguments: [LearningTask.binary, .regression]) func nodesAreCounted(_ task: LearningTask) throws {
        let recipe = Recipe("m", task, type: "adaptive_random_forest")
        let forest = try #require(try recipe.learner(denseCount: 3) as? any NodeCounting)
        #expect(forest.nodeCount == 20)
        _ = forest.run(RandomEvent.stream(count: 4_000, denseCount: 3, task: task, seed: 5), denseCount: 3)
        #expect(forest.nodeCount > 40 && forest.nodeCount.isMultiple(of: 2))
        let other = try #require(try recipe.learner(denseCount: 3) as? any NodeCounting)
        try other.restore(forest.encoded)
        #expect(other.nodeCount == forest.nodeCount)
    }

    @Test(arguments: classifiers) func accuracy(_ test: Case) throws {
        let stream = try LabelledStream(test.stream)
        var sum = 0.0
        for seed in Self.seeds {
            let learner = try learner(test.type, .binary, denseCount: stream.features.count, seed: seed)
            sum += try #require(StreamRun(learner, stream).metrics.accuracy)
        }
        let expected = try #require(Self.metrics?[test.stream]?[test.column]?["accuracy"])
        #expect(sum / Double(Self.seeds.count) >= expected - 0.01, "\(test)")
    }

    @Test(arguments: ["friedman_drift", "trump_approval"]) func regressionForest(_ name: String) throws {
        let stream = try LabelledStream(name)
        var sum = 0.0
        for seed in Self.seeds {
            let learner = try learner(
                "adaptive_random_forest", .regression, denseCount: stream.features.count, seed: seed,
                [ParameterEntry("scale", .text("standard"))])
            sum += try #require(StreamRun(learner, stream).metrics.mae)
        }
        let expected = try #require(Self.metrics?[name]?["arf10_reg"]?["MAE"])
        #expect(sum / Double(Self.seeds.count) <= expected * 1.05, "\(sum / Double(Self.seeds.count)), \(expected)")
    }

    @Test(arguments: ["adaptive_random_forest", "streaming_random_patches", "adwin_bagging", "leveraging_bagging"])
    func aChangeIsNoticed(_ type: String) throws {
        let learner = try learner(type, .binary, denseCount: 3, seed: 1)
        var generator = SeededGenerator(seed: 4)
        var features = FeatureVector(denseCount: 3, sparseCapacity: RandomEvent.fieldCount)
        var right = 0
        for index in 0..<12_000 {
            for slot in 0..<3 { features[slot] = Double.random(in: 0...1, using: &generator) }
            let isAbove = features[0] + features[1] > 1
            let label = (index < 8_000) == isAbove ? 1.0 : 0
            if index >= 11_000 { right += (learner.predicted(features) > 0.5 ? 1 : 0) == label ? 1 : 0 }
            learner.learn(features, label: label, weight: 1)
        }
        // A learner that holds on to the 8,000 events before the turn has most of these wrong.
        #expect(right > 850, "\(right) of 1,000")
    }

    @Test func contributionsAddUpToTheAnswer() throws {
        for (name, task, type) in [
            ("elec2", LearningTask.binary, "adaptive_random_forest"), ("elec2", .binary, "online_boosting"),
            ("friedman_drift", .regression, "adaptive_random_forest"),
            ("friedman_drift", .regression, "hoeffding_tree"),
        ] {
            let stream = try LabelledStream(name)
            let learner = try Recipe("m", task, type: type).learner(denseCount: stream.features.count)
            _ = StreamRun(learner, stream, limit: 5_000)
            let explaining = try #require(learner as? any ExplainingLearner)
            var features = FeatureVector(denseCount: stream.features.count, sparseCapacity: RandomEvent.fieldCount)
            var explanation = Explanation(capacity: stream.features.count + RandomEvent.fieldCount)
            var count = 0
            for row in stream.rows[5_000..<5_200] {
                features.setDense(row)
                explaining.explain(features, into: &explanation)
                let sum = (0..<explanation.count).reduce(explanation.base) { $0 + explanation[$1].amount }
                #expect(isNear(sum, learner.predicted(features)), "\(type)")
                count += explanation.count
            }
            #expect(count > 200)
        }
    }

    @Test func theSeedDecides() throws {
        let stream = try LabelledStream("phishing")
        let states = try [1, 1, 2].map { seed in
            let learner = try learner("adaptive_random_forest", .binary, denseCount: stream.features.count, seed: seed)
            // Predictions: the state holds the generator too, which differs whether or not anything draws from it.
            var features = FeatureVector(denseCount: stream.features.count, sparseCapacity: RandomEvent.fieldCount)
            return zip(stream.rows, stream.labels).map { row, label in
                features.setDense(row)
                defer { learner.learn(features, label: label, weight: 1) }
                return learner.predicted(features)
            }
        }
        #expect(states[0] == states[1])
        #expect(states[0] != states[2])
    }
}
