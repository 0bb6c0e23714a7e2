// Goal: the anomaly detectors are the published rules. Method: scores against the definitions computed the slow way (two
// passes, elimination, libm), figures that follow from the construction of half-space trees, and the ROC AUC on a real stream.
import Foundation
import Learning
import Testing

@Suite struct AnomalyTests {
    private func scores(_ learner: any Learner, _ rows: [[Double]]) -> [Double] {
        var features = FeatureVector(denseCount: rows[0].count, sparseCapacity: 0)
        return rows.map { row in
            features.setDense(row)
            let score = learner.predicted(features)
            learner.learn(features, label: .nan, weight: 1)
            return score
        }
    }

    private func score(_ learner: any Learner, _ row: [Double]) -> Double {
        var features = FeatureVector(denseCount: row.count, sparseCapacity: 0)
        features.setDense(row)
        return learner.predicted(features)
    }

    private func cloud(_ count: Int, seed: UInt64) -> [[Double]] {
        var generator = RandomGenerator(seed: seed)
        return (0..<count).map { _ in
            let (a, b, c) = (generator.nextGaussian(), generator.nextGaussian(), generator.nextGaussian())
            return [5 + a, 100 * (a + 0.1 * b), 0.01 * c - 7]
        }
    }

    // MARK: Half-space trees

    /// The reference reaches 0.9608 with its own seed.
    @Test func halfSpaceTreesFindTheAnomaliesOfShuttle() throws {
        let stream = try LabelledStream("shuttle")
        var total = 0.0
        for seed in 1...5 {
            let recipe = Recipe(
                "m", .binary, type: "half_space_trees", [ParameterEntry("seed", .number(Double(seed)))])
            let learner = try recipe.learner(denseCount: stream.features.count)
            var metrics = PrequentialMetrics(task: .binary, keepsScores: true)
            for (score, label) in zip(scores(learner, stream.rows), stream.labels) {
                metrics.record(prediction: score, label: label)
            }
            total += try #require(metrics.rocAUC)
        }
        #expect(total / 5 >= 0.95, "mean ROC AUC \(total / 5)")
    }

    /// A window of one point: all mass lies on its path, so that point scores 0; another leaves the path below some depth k
    /// of the tree and stops in an empty node, so it scores 1 − (2^k − 1)/(2^(height+1) − 1).
    @Test func halfSpaceTreesNormaliseAsPublished() throws {
        for seed in 0..<20 {
            let recipe = Recipe(
                "m", .anomaly, type: "half_space_trees",
                [
                    ParameterEntry("trees", .number(1)), ParameterEntry("height", .number(5)),
                    ParameterEntry("window", .number(10)), ParameterEntry("scale", .text("none")),
                    ParameterEntry("seed", .number(Double(seed))),
                ])
            let learner = try recipe.learner(denseCount: 2)
            let before = scores(learner, [[Double]](repeating: [0.1, 0.1], count: 10))
            #expect(before.allSatisfy { $0 == 0 })
            #expect(score(learner, [0.1, 0.1]) == 0)
            let possible = (1...5).map { 1 - Double((1 << $0) - 1) / 63 }
            let far = score(learner, [0.9, 0.9])
            #expect(possible.contains { isNear(far, $0, 1e-12) }, "\(far)")
            // Both features absent: the way of the larger mass, which is that of the window's point.
            #expect(score(learner, [.nan, .nan]) == 0)
        }
    }

    /// 95 events on one side of every possible first cut, 5 on the other: less than a tenth, so the path ends there.
    @Test func aPathEndsWhereLessThanATenthOfTheWindowLies() throws {
        let recipe = Recipe(
            "m", .anomaly, type: "half_space_trees",
            [
                ParameterEntry("trees", .number(1)), ParameterEntry("height", .number(2)),
                ParameterEntry("window", .number(100)), ParameterEntry("scale", .text("none")),
            ])
        let learner = try recipe.learner(denseCount: 1)
        _ = scores(learner, (0..<100).map { [$0 < 95 ? 0 : 1] })
        #expect(isNear(score(learner, [1]), 1 - 110.0 / 700, 1e-12))
        // The second cut is somewhere right of 0: all 95 stay together.
        #expect(isNear(score(learner, [0]), 1 - 670.0 / 700, 1e-12))
    }

    @Test func halfSpaceTreesForgetTheWindowBeforeTheLast() throws {
        let recipe = Recipe(
            "m", .anomaly, type: "half_space_trees",
            [ParameterEntry("window", .number(20)), ParameterEntry("scale", .text("none"))])
        let learner = try recipe.learner(denseCount: 1)
        _ = scores(learner, [[Double]](repeating: [0.2], count: 20))
        #expect(score(learner, [0.2]) == 0 && score(learner, [0.9]) > 0.5)
        _ = scores(learner, [[Double]](repeating: [0.9], count: 20))
        #expect(score(learner, [0.9]) == 0 && score(learner, [0.2]) > 0.5)
    }

    // MARK: z-scores

    /// erfc(z/√2)/2 is 1 − Φ(z); beyond 38 it is 0, and the surprise is compared with z²/2 + ln z + ln √(2π).
    private func surprise(_ z: Double) -> Double {
        z < 30 ? -log(erfc(z / 2.0.squareRoot()) / 2) : z * z / 2 + log(z) + log(2 * Double.pi) / 2 + 1 / (z * z)
    }

    @Test(arguments: [0.001, 0.2]) func zScoresAreThoseOfTwoPasses(_ tail: Double) throws {
        let rows = cloud(300, seed: 3) + [[5, 0, 5e3], [1e4, 0, -7]] + cloud(50, seed: 4)
        let learner = try Recipe("m", .anomaly, type: "z_score", [ParameterEntry("tail", .number(tail))])
            .learner(denseCount: 3)
        for (index, score) in scores(learner, rows).enumerated() where index > 1 {
            let past = rows[..<index]
            let sizes = (0..<3).map { slot in
                let mean = past.reduce(0) { $0 + $1[slot] } / Double(index)
                let variance = past.reduce(0) { $0 + ($1[slot] - mean) * ($1[slot] - mean) } / Double(index)
                return abs(rows[index][slot] - mean) / variance.squareRoot()
            }
            let strange = max(0, surprise(sizes.max() ?? 0) - log(6))
            #expect(isNear(score, strange / (strange - log(tail)), 1e-7), "row \(index)")
        }
    }

    /// Of a feature alone, at 3.2905 standard deviations two tails hold 0.001.
    @Test func theTailIsWhereTheScorePassesOneHalf() throws {
        let learner = try Recipe("m", .anomaly, type: "z_score").learner(denseCount: 1)
        _ = scores(learner, (0..<1_000).map { [$0.isMultiple(of: 2) ? 1 : -1] })
        #expect(score(learner, [3.290]) < 0.5 && score(learner, [3.291]) > 0.5)
        #expect(score(learner, [1e6]) > score(learner, [1e5]), "no ties far out")
    }

    // MARK: Mahalanobis

    @Test func distancesAreThoseOfTheCovariance() throws {
        let rows = cloud(400, seed: 5) + [[5, 300, -7], [8, -300, -7]]
        let learner = try Recipe("m", .anomaly, type: "mahalanobis", [ParameterEntry("ridge", .number(1e-9))])
            .learner(denseCount: 3)
        for (index, score) in scores(learner, rows).enumerated() where index > 20 {
            let square = squaredDistance(rows[index], from: rows[..<index], ridge: 1e-9)
            let spread = 2.0 / 27
            let strange = surprise((cbrt(square / 3) - (1 - spread)) / spread.squareRoot())
            #expect(isNear(score, strange / (strange - log(0.001)), 1e-7), "row \(index)")
        }
        // Each value is usual, together they are not: the second is 100 times the first, and here it is not.
        #expect(score(learner, [6, 100, -7]) < 0.5)
        #expect(score(learner, [6, -100, -7]) > 0.5)
        #expect(score(try zScoreLearner(rows), [6, -100, -7]) < 0.5)
    }

    private func zScoreLearner(_ rows: [[Double]]) throws -> any Learner {
        let learner = try Recipe("m", .anomaly, type: "z_score").learner(denseCount: 3)
        _ = scores(learner, rows)
        return learner
    }

    /// n·δᵀ(S + ridge·I)⁻¹δ by two passes and elimination.
    private func squaredDistance(_ row: [Double], from past: ArraySlice<[Double]>, ridge: Double) -> Double {
        let count = Double(past.count)
        let means: [Double] = (0..<3).map { slot in past.reduce(0) { $0 + $1[slot] } / count }
        var matrix = [[Double]](repeating: [0, 0, 0], count: 3)
        for a in 0..<3 {
            matrix[a][a] = ridge
            for b in 0..<3 {
                for other in past { matrix[a][b] += (other[a] - means[a]) * (other[b] - means[b]) }
            }
        }
        let delta = (0..<3).map { row[$0] - means[$0] }
        var solved = delta
        for pivot in 0..<3 {
            for below in (pivot + 1)..<max(3, pivot + 1) {
                let factor = matrix[below][pivot] / matrix[pivot][pivot]
                for column in 0..<3 { matrix[below][column] -= factor * matrix[pivot][column] }
                solved[below] -= factor * solved[pivot]
            }
        }
        for pivot in [2, 1, 0] {
            for column in (pivot + 1)..<max(3, pivot + 1) { solved[pivot] -= matrix[pivot][column] * solved[column] }
            solved[pivot] /= matrix[pivot][pivot]
        }
        return count * zip(delta, solved).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// With two degrees of freedom the tail of χ² is exp(−x/2): the cube root of Wilson and Hilferty gives it within 8 % of
    /// the logarithm.
    @Test func theTailOfTwoFeaturesIsNearlyExponential() throws {
        let learner = try Recipe("m", .anomaly, type: "mahalanobis").learner(denseCount: 2)
        // Unit variance in both, no correlation.
        _ = scores(learner, (0..<4_000).map { [$0 & 1 == 0 ? 1 : -1, $0 & 2 == 0 ? 1 : -1] })
        for radius in [1.0, 2, 3, 4, 5] {
            let score = score(learner, [radius, 0])
            let found = score / (1 - score) * -log(0.001)
            #expect(abs(found - radius * radius / 2) < 0.08 * radius * radius / 2 + 0.05, "\(radius): \(found)")
        }
    }

    @Test func anAbsentValueDoesNotHideTheOthers() throws {
        let learner = try Recipe("m", .anomaly, type: "mahalanobis").learner(denseCount: 3)
        _ = scores(learner, cloud(400, seed: 6))
        #expect(score(learner, [.nan, 0, -9]) > 0.9)
        #expect(score(learner, [.nan, .nan, .nan]) == 0)
    }

    /// Where half of a feature's values are absent, the present ones alone say what is usual.
    @Test(arguments: ["mahalanobis", "z_score"]) func anAbsentValueIsNotLearnedAsANumber(_ type: String) throws {
        let learner = try Recipe("m", .anomaly, type: type).learner(denseCount: 3)
        let rows = cloud(800, seed: 8).enumerated().map { [$1[0], $1[1], $0 % 2 == 0 ? 100 + $1[2] : .nan] }
        _ = scores(learner, rows)
        #expect(score(learner, [5, 0, 93]) < 0.5)
        #expect(score(learner, [5, 0, 43]) > 0.5)
    }

    @Test(arguments: Recipe.anomaly) func labelsAreIgnored(_ recipe: Recipe) throws {
        let (one, other) = (try recipe.learner(denseCount: 3), try recipe.learner(denseCount: 3))
        var features = FeatureVector(denseCount: 3, sparseCapacity: 0)
        for (index, row) in cloud(200, seed: 7).enumerated() {
            features.setDense(row)
            one.learn(features, label: .nan, weight: 1)
            other.learn(features, label: Double(index & 1), weight: 1)
        }
        #expect(one.encoded == other.encoded && one.learnsUnlabelled && one.memoryByteCount > 0)
    }
}
