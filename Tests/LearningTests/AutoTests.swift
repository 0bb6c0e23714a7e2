// Goal: `auto` combines its experts by the published rules, decides as its mixture does, and retires and revives experts
// under a budget. Method: the parts against the formulas written out, the whole over real streams beside its experts.
import Testing

@testable import Learning

@Suite struct AutoTests {
    /// Herbster and Warmuth's update written out for three candidates.
    @Test func fixedShareIsThePublishedRule() {
        let shares = FixedShare(count: 3)
        var expected = [1.0 / 3, 1.0 / 3, 1.0 / 3]
        for round in 0..<50 {
            let losses = [Double(round % 2), 1, round < 25 ? 0 : 1]
            for (index, loss) in losses.enumerated() { shares.charge(index, factor: exponential(-0.5 * loss)) }
            shares.settle()
            let shrunk = zip(expected, losses).map { $0 * exponential(-0.5 * $1) }
            let total = shrunk.reduce(0, +)
            expected = shrunk.map { (1 - 1e-4) * $0 / total + 1e-4 / 3 }
            for index in 0..<3 { #expect(isNear(shares[index], expected[index], 1e-12)) }
        }
        #expect(abs(shares[0] + shares[1] + shares[2] - 1) < 1e-12)
    }

    /// The recursion of the stacker with dense matrices, as `reference/auto.md`'s authors state it.
    @Test func stackerIsThePublishedRecursion() {
        let stacker = LogitStacker(expertCount: 2)
        var (weights, covariance) = ([0, 0.5, 0.5], [[0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1]])
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let answers = [
                Double.random(in: 0.01...0.99, using: &generator), Double.random(in: 0...1, using: &generator),
            ]
            for (index, answer) in answers.enumerated() { stacker.setInput(index, answer) }
            let logits = [1] + answers.map { min(3, max(-3, logarithm($0 / (1 - $0)))) }
            let score = zip(weights, logits).reduce(0) { $0 + $1.0 * $1.1 }
            let predicted = 1 / (1 + exponential(-score))
            #expect(isNear(stacker.probability(), predicted))
            let label = Double.random(in: 0...1, using: &generator) < answers[0] ? 1.0 : 0
            stacker.learn(predicted: stacker.probability(), label: label, weight: 1)
            let gains = covariance.map { zip($0, logits).reduce(0) { $0 + $1.0 * $1.1 } }
            let curvature = max(predicted * (1 - predicted), 1e-4)
            let largest = max(covariance[0][0], covariance[1][1], covariance[2][2])
            let forgetting = largest <= 0.1 ? 0.9995 : 1
            let denominator = forgetting + curvature * zip(gains, logits).reduce(0) { $0 + $1.0 * $1.1 }
            for row in 0..<3 {
                weights[row] += gains[row] * (label - predicted) / denominator
                for column in 0..<3 {
                    covariance[row][column] =
                        (covariance[row][column] - curvature * gains[row] * gains[column] / denominator) / forgetting
                }
            }
            #expect(isNear(stacker.weight(0), weights[1]) && isNear(stacker.weight(1), weights[2]))
        }
        // The first expert's probability is the truth, the second says nothing.
        #expect(stacker.weight(0) > 0.6 && abs(stacker.weight(1)) < 0.3)
    }

    @Test func answersWithTheStackerWhereBothAgree() {
        let combination = BinaryCombination(expertCount: 2)
        let answers = ExpertAnswers(expertCount: 2)
        (answers[0], answers[1]) = (0.9, 0.6)
        var prediction = Prediction()
        combination.combine(answers, into: &prediction)
        let logits = (logarithm(9) + logarithm(1.5)) / 2
        #expect(isNear(prediction.value, sigmoid(logits)))
        // Now the second expert has all the weight and says the opposite of the stacker.
        for _ in 0..<60 {
            (answers[0], answers[1]) = (0.99, 0.49)
            combination.combine(answers, into: &prediction)
            combination.learn(answers, label: 0, weight: 0.3)
        }
        (answers[0], answers[1]) = (0.99, 0.49)
        combination.combine(answers, into: &prediction)
        #expect(prediction.value < 0.5 && combination.weight(1) > combination.weight(0))
    }

    @Test func aBudgetRetiresAndTrialsRevive() {
        var roster = ExpertRoster(costs: [1, 1, 4, 0.1], budget: 2.5)
        let weights = [0.5, 0.1, 0.3, 0.1]
        #expect(roster.review(at: 1_000, weight: { weights[$0] }) == [2])
        #expect(roster.isActive == [true, true, false, true] && roster.activeCost <= 2.5)
        #expect(roster.review(at: 20_000, weight: { weights[$0] }) == [2])
        #expect(roster.isActive[2] && roster.review(at: 21_000, weight: { weights[$0] }).isEmpty)
        // Nothing came of the trial: out again. Had it earned most of the weight, the others would go.
        var other = roster
        #expect(roster.review(at: 22_000, weight: { weights[$0] }) == [2])
        let changed = (22...40).flatMap { step in
            other.review(at: UInt64(step) * 1_000, weight: { $0 == 2 ? 0.97 : 0.01 })
        }
        #expect(!changed.isEmpty && other.activeCost <= 4.1 || other.isActive[2])
        #expect(!ExpertRoster(costs: [1, 1], budget: .infinity).isDue(at: 1_000))
    }

    @Test func weightsAreVisible() throws {
        let recipe = try #require(Recipe.auto.last)
        let learner = try recipe.learner(denseCount: 3)
        let weighing = try #require(learner as? any ExpertWeighing)
        _ = learner.run(RandomEvent.stream(count: 500, denseCount: 3, task: .binary, seed: 1), denseCount: 3)
        let weights = weighing.expertWeights
        #expect(weights.map(\.name) == ["logistic_regression", "passive_aggressive", "last_label", "stacker"])
        #expect(abs(weights.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
    }

    /// Whatever stands around it, and told apart by what the file says of each.
    @Test func weightsAreVisibleBehindEveryWrapper() throws {
        let expert = ParameterEntry("type", .text("logistic_regression"))
        let rate = ParameterEntry(
            "optimizer",
            .map([ParameterEntry("type", .text("adam")), ParameterEntry("learning_rate", .number(0.05))]))
        let entries = [
            ParameterEntry("type", .text("auto")),
            ParameterEntry("experts", .list([.map([expert]), .map([expert, rate]), .text("last_label")])),
            ParameterEntry("calibrate", .text("platt")),
            ParameterEntry("update", .map([ParameterEntry("every", .number(2))])),
            ParameterEntry("on_drift", .map([ParameterEntry("action", .text("reset"))])),
        ]
        let (made, problems) = ModelSpecification.parse(name: "m", entries: entries, task: .binary)
        let learner = try #require(made, "\(problems)").makeLearner(denseCount: 2)
        let weights = try #require(expertWeights(of: learner))
        #expect(weights.map(\.name) == ["logistic_regression", "logistic_regression_2", "last_label", "stacker"])
        #expect(weights.map(\.parameters) == ["", "optimizer: {type: adam, learning_rate: 0.05}", "", ""])
        let single = ModelSpecification.parse(name: "m", entries: [expert], task: .binary).0
        #expect(expertWeights(of: try #require(single).makeLearner(denseCount: 2)) == nil)
    }
}
