// Goal: each way of scaling is its definition, before the learner as well as in it, and robust scaling shrugs at outliers. Method:
// a learner that shows what it is given (weight 1, intercept 0), the published example of P², and quantiles of sorted values.
import Learning
import Testing

@Suite struct ScalingTests {
    /// What the scaler makes of `value` after `history`: an explanation of a linear model whose only weight is known.
    private func scaled(_ value: Double, after history: [Double], _ scaling: String) throws -> Double {
        let recipe = Recipe(
            "m", .regression, type: "linear_regression",
            [
                ParameterEntry("scale", .text(scaling)),
                Recipe.optimizer([ParameterEntry("intercept_learning_rate", .number(0))]),
            ])
        let learner = try #require(try recipe.learner(denseCount: 1) as? any ExplainingLearner)
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        // Labels equal to the prediction leave the weight alone; the last event moves it off 0.
        for past in history {
            features[0] = past
            learner.learn(features, label: learner.predicted(features), weight: 1)
        }
        let weight = try weightAfterLearning(learner, value)
        var explanation = Explanation(capacity: 1)
        features[0] = value
        learner.explain(features, into: &explanation)
        return explanation.count == 0 ? 0 : explanation[0].amount / weight
    }

    /// Learns `value` with a label of 1: the weight is then 0.02·x, whose sign and size give x.
    private func weightAfterLearning(_ learner: any Learner, _ value: Double) throws -> Double {
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        features[0] = value
        learner.learn(features, label: 1, weight: 1)
        var explanation = Explanation(capacity: 1)
        (learner as? any ExplainingLearner)?.explain(features, into: &explanation)
        // amount = 0.02·x·x, so x = √(amount / 0.02); the sign cancels in the quotient of the caller.
        let amount = explanation.count == 0 ? 0 : explanation[0].amount
        return 0.02 * (amount / 0.02).squareRoot()
    }

    private static let history = [3.0, -1, 4, 1, -5, 9, 2, 6]

    @Test func rangesAndDeviations() throws {
        let all = Self.history + [5]
        let mean = all.reduce(0, +) / 9
        let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 9
        #expect(isNear(try scaled(5, after: Self.history, "none"), 5))
        #expect(isNear(try scaled(5, after: Self.history, "min_max"), 10.0 / 14))
        #expect(isNear(try scaled(5, after: Self.history, "max_abs"), 5.0 / 9))
        #expect(
            isNear(try scaled(5, after: Self.history, "standard"), (5 - mean) / variance.squareRoot()))
        for scaling in ["standard", "min_max", "robust"] {
            #expect(try scaled(4, after: [4, 4, 4], scaling) == 0)
        }
    }

    /// Up to five values the quartiles are exact.
    @Test func robustOfAFewValues() throws {
        // 1 2 4 8: quartiles 1.75, 3, 5 (linear between neighbours).
        #expect(isNear(try scaled(8, after: [2, 4, 1], "robust"), (8 - 3) / (5 - 1.75)))
        // 1 2 4 8 9: quartiles 2, 4, 8.
        #expect(isNear(try scaled(9, after: [8, 2, 4, 1], "robust"), (9.0 - 4) / (8 - 2)))
    }

    /// The twenty observations of Jain and Chlamtac 1985, table I: their median by P² ends at 4.44, its neighbours at 0.493
    /// and 17.20.
    @Test func publishedExample() throws {
        let values = [
            0.02, 0.15, 0.74, 3.39, 0.83, 22.37, 10.15, 15.43, 38.62, 15.92, 34.60, 10.28, 1.47, 0.40,
            0.05, 11.39, 0.27,
            0.42, 0.09, 11.37,
        ]
        let probe = try ScaledProbe(values)
        #expect(abs(probe.median - 4.44) < 0.005, "\(probe.median)")
        // Two values as far apart as the quartiles differ by 1, in units of what the last value, scaled, was taught by.
        let unit = probe.scaled(4.44 + 17.20 - 0.493) - probe.scaled(4.44)
        #expect(abs(probe.scaled(11.37) / unit - (11.37 - 4.44) / (17.20 - 0.493)) < 1e-3)
    }

    /// A model behind a robust scaler that has learned `values` and shows, up to a factor, what the scaler makes of a value.
    private struct ScaledProbe {
        let learner: any ExplainingLearner

        init(_ values: [Double]) throws {
            let recipe = Recipe(
                "m", .regression, type: "passive_aggressive",
                [
                    ParameterEntry("scale", .text("robust")), ParameterEntry("epsilon", .number(0)),
                    ParameterEntry("c", .number(1e6)),
                ])
            learner = try #require(try recipe.learner(denseCount: 1) as? any ExplainingLearner)
            var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
            for (index, value) in values.enumerated() {
                features[0] = value
                // The last value teaches a weight; before it the labels equal the predictions.
                let label = index + 1 < values.count ? learner.predicted(features) : 1
                learner.learn(features, label: label, weight: 1)
            }
        }

        /// Where the scaled value is 0: it grows in a straight line.
        var median: Double { 10 - scaled(10) * 20 / (scaled(30) - scaled(10)) }

        /// Proportional to the scaled value.
        func scaled(_ value: Double) -> Double {
            var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
            features[0] = value
            var explanation = Explanation(capacity: 1)
            learner.explain(features, into: &explanation)
            return explanation.count == 0 ? 0 : explanation[0].amount
        }
    }

    /// One value in twenty a million times too large: median and quartiles stay those of the rest.
    @Test func outliersDoNotMoveRobustScaling() throws {
        var generator = SeededGenerator(seed: 51)
        var values: [Double] = []
        for index in 0..<5_000 {
            let value = Double.random(in: 10...30, using: &generator)
            values.append(index % 20 == 7 ? value * 1e6 : value)
        }
        values.append(25)
        let probe = try ScaledProbe(values)
        #expect(abs(probe.median - values.sorted()[2_500]) < 1.5, "\(probe.median)")
    }

    @Test func absentStaysAbsentAndUnseenIsZero() throws {
        for scaling in ["min_max", "max_abs", "robust", "standard"] {
            let recipe = Recipe(
                "m", .binary, type: "logistic_regression", [ParameterEntry("scale", .text(scaling))])
            let learner = try #require(try recipe.learner(denseCount: 2) as? any ExplainingLearner)
            var features = FeatureVector(denseCount: 2, sparseCapacity: 0)
            for value in [1.0, 3, 2, 8, 5, 4, 7] {
                features.setDense([value, .nan])
                learner.learn(features, label: value > 3 ? 1 : 0, weight: 1)
            }
            var explanation = Explanation(capacity: 2)
            features.setDense([.nan, 4])
            learner.explain(features, into: &explanation)
            #expect(explanation.count == 0, "\(scaling)")
        }
    }
}
