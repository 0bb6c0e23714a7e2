// Goal: our own exponential is as exact as promised, and the clipped tails are where the reference puts them. Method: a dense
// sweep against libm through learners' public face: an unscaled logistic model whose score is the input.
import Foundation
import Learning
import Testing

@Suite struct LogisticTests {
    /// A model whose score is its single feature: made by one Passive-Aggressive step on a feature of 1, intercept kept out by
    /// symmetry (one step for each class).
    private func identity() throws -> any Learner {
        let learner = try Recipe(
            "m", .binary, type: "passive_aggressive",
            [ParameterEntry("scale", .text("none")), ParameterEntry("c", .number(0.5))]
        ).learner(denseCount: 1)
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        features[0] = 1
        learner.learn(features, label: 1, weight: 1)
        features[0] = -1
        learner.learn(features, label: 0, weight: 1)
        let state = try LinearState(learner, denseCount: 1)
        #expect(state.weight[0] == 1 && state.intercept == 0)
        return learner
    }

    @Test func sigmoidMatchesLibmAndItsTailsAreExact() throws {
        let learner = try identity()
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        var worst = 0.0
        for step in -30_000...30_000 {
            let score = Double(step) / 1_000
            features[0] = score
            let expected = 1 / (1 + exp(-score))
            worst = max(worst, abs(learner.predicted(features) - expected) / expected)
        }
        #expect(worst < 1e-14)
        for (score, expected) in [(30.000001, 1.0), (-30.000001, 0), (1e9, 1), (-1e9, 0), (0, 0.5)] {
            features[0] = score
            #expect(learner.predicted(features) == expected)
        }
    }

    @Test(arguments: [-40.0, -18.5, -17.9, -3, 0, 0.5, 17.9, 18.5, 40, 600, 900]) func gradient(score: Double) throws {
        let logistic = try Recipe(
            "m", .binary, type: "logistic_regression",
            [ParameterEntry("scale", .text("none")), Recipe.optimizer([ParameterEntry("learning_rate", .number(1))])]
        ).learner(denseCount: 1)
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        // One step from 0 gives weight 0.5; a feature of 2·score then has that score, give or take the intercept's 0.005.
        features[0] = 1
        logistic.learn(features, label: 1, weight: 1)
        let before = try LinearState(logistic, denseCount: 1)
        features[0] = 2 * score
        logistic.learn(features, label: 0, weight: 1)
        let after = try LinearState(logistic, denseCount: 1)
        let margin = -(before.weight[0] * 2 * score + before.intercept)
        let gradient = margin > 700 ? 0 : margin > 18 ? exp(-margin) : margin < -18 ? 1 : 1 / (exp(margin) + 1)
        #expect(isNear(after.weight[0], before.weight[0] - gradient * 2 * score, 1e-13))
        #expect(isNear(after.intercept, before.intercept - 0.01 * gradient, 1e-13))
    }
}
