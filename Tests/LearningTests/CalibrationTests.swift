// Goal: calibration mends probabilities and keeps their order. Method: distortions whose inverse is known, the min-max formula
// of isotonic regression computed the slow way, and the log loss of learners on real streams with and without it.
import Foundation
import Testing

@testable import Learning

@Suite struct CalibrationTests {
    private func logit(_ p: Double) -> Double { log(p / (1 - p)) }
    private func logistic(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

    /// The mean of the last 20,000 |calibrated − true| of scores that are `distort`ed log odds.
    private func error(
        _ method: CalibrationMethod, seed: UInt64, distort: (Double) -> Double
    ) -> (before: Double, after: Double) {
        let calibrator = method.makeCalibrator()
        var generator = RandomGenerator(seed: seed)
        var (before, after) = (0.0, 0.0)
        for index in 0..<30_000 {
            let odds = 2 * generator.nextGaussian()
            let truth = logistic(odds)
            let score = logistic(distort(odds))
            if index >= 10_000 {
                before += abs(score - truth)
                after += abs(calibrator.calibrated(score) - truth)
            }
            calibrator.learn(score: score, label: generator.nextUnit() < truth ? 1 : 0, weight: 1)
        }
        return (before / 20_000, after / 20_000)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func anOverconfidentScoreIsMended(_ seed: UInt64) {
        for method in CalibrationMethod.allCases {
            let error = error(method, seed: seed) { 6 * $0 - 3 }
            #expect(error.before > 0.1 && error.after < 0.04, "\(method): \(error)")
        }
    }

    /// A kink is beyond a logistic curve with two parameters, and not beyond a monotone one.
    @Test func isotonicBendsWhatPlattCannot() {
        let kink: (Double) -> Double = { $0 < 0 ? 0.1 * $0 : 2 * $0 + 2 }
        let platt = error(.platt, seed: 4, distort: kink)
        let isotonic = error(.isotonic, seed: 4, distort: kink)
        #expect(isotonic.after < 0.055 && isotonic.after < 0.8 * platt.after, "\(isotonic) \(platt)")
    }

    /// What is calibrated already stays so, nearly.
    @Test func anHonestScoreIsLeftAlone() {
        for method in CalibrationMethod.allCases {
            #expect(error(method, seed: 5, distort: { $0 }).after < 0.04)
        }
    }

    @Test func plattFindsSlopeAndIntercept() {
        let calibrator = PlattCalibrator()
        var generator = RandomGenerator(seed: 6)
        var (slope, intercept) = (0.0, 0.0)
        for index in 0..<40_000 {
            let odds = 2 * generator.nextGaussian()
            let isPositive = generator.nextUnit() < logistic(0.5 * odds - 1)
            calibrator.learn(score: logistic(odds), label: isPositive ? 1 : 0, weight: 1)
            guard index >= 20_000 else { continue }
            slope += calibrator.slope / 20_000
            intercept += calibrator.intercept / 20_000
        }
        #expect(abs(slope - 0.5) < 0.03 && abs(intercept + 1) < 0.05, "\(slope) \(intercept)")
    }

    /// The Newton step of Platt's fit as Lin, Lin and Weng have it (A note on Platt's probabilistic outputs for support vector
    /// machines, Machine Learning 68, 2007: with p = σ(a·f + b), gradient Σ (p − y)·(f, 1), Hessian Σ p(1 − p)·(f, 1)(f, 1)ᵀ),
    /// one event at a time with a Hessian that fades and a ridge as heavy as the event; solved by elimination.
    @Test(arguments: [11, 12] as [UInt64]) func plattIsNewtonsStep(_ seed: UInt64) throws {
        let calibrator = PlattCalibrator()
        var generator = RandomGenerator(seed: seed)
        var (a, b, meanSquare) = (1.0, 0.0, 0.0)
        var hessian = [[0.0, 0], [0, 0]]
        for count in 1...4_000 {
            let odds = 3 + 2 * generator.nextGaussian()
            let score = logistic(odds)
            let label: Double = generator.nextUnit() < logistic(0.7 * odds - 2) ? 1 : 0
            let weight = [1, 1, 1, 0.5, 3][generator.next(below: 5)]
            let f = [logit(score), 1]
            let p = logistic(a * f[0] + b)
            meanSquare += (f[0] * f[0] - meanSquare) / Double(min(count, 2_000))
            var rows = [[0.0, 0, 0], [0, 0, 0]]
            for i in 0..<2 {
                for j in 0..<2 {
                    hessian[i][j] = hessian[i][j] * (1 - 1.0 / 2_000) + weight * p * (1 - p) * f[i] * f[j]
                    rows[i][j] = hessian[i][j]
                }
                rows[i][i] += max(1, weight) * (i == 0 ? meanSquare : 1)
                rows[i][2] = weight * (p - label) * f[i]
            }
            let factor = rows[1][0] / rows[0][0]
            let stepInB = (rows[1][2] - factor * rows[0][2]) / (rows[1][1] - factor * rows[0][1])
            a = max(0, a - (rows[0][2] - rows[0][1] * stepInB) / rows[0][0])
            b -= stepInB
            calibrator.learn(score: score, label: label, weight: weight)
            try #require(isNear(calibrator.slope, a, 1e-8) && isNear(calibrator.intercept, b, 1e-8), "event \(count)")
            #expect(isNear(calibrator.calibrated(0.8), logistic(a * logit(0.8) + b), 1e-8))
        }
    }

    /// Before the first event a score is its own probability; afterwards all are in order and within 0...1.
    @Test func orderIsKept() {
        let scores = (0...2_000).map { Double($0) / 2_000 }
        for method in CalibrationMethod.allCases {
            for seed in 1...5 as ClosedRange<UInt64> {
                let calibrator = method.makeCalibrator()
                #expect(scores.allSatisfy { calibrator.calibrated($0) == $0 })
                var generator = RandomGenerator(seed: seed)
                for _ in 0..<500 {
                    // Labels against the scores, too: no curve may turn round.
                    let score = generator.nextUnit()
                    let label = generator.nextUnit() < (seed.isMultiple(of: 2) ? 1 - score : score) ? 1.0 : 0
                    calibrator.learn(score: score, label: label, weight: 1 + Double(generator.next(below: 3)))
                }
                let curve = scores.map(calibrator.calibrated)
                #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 <= $1 } && curve[0] >= 0 && curve[2_000] <= 1)
            }
        }
    }

    /// Isotonic regression is max over a ≤ i of min over b ≥ i of the mean of a...b (Barlow et al. 1972). After 138,594 events
    /// the weights, which grow so that the past fades, are scaled down once.
    @Test(arguments: [700, 139_000]) func isotonicIsTheMinMaxFormula(_ eventCount: Int) {
        let calibrator = IsotonicCalibrator()
        let middles = (0..<65).map { logistic(Double($0) / 2 - 16) }
        var weight = [Double](repeating: 0, count: 65)
        var positive = weight
        var generator = RandomGenerator(seed: 8)
        for _ in 0..<eventCount {
            let bin = 12 + generator.next(below: 40)
            let isPositive = generator.nextUnit() < 0.3 + 0.4 * Double(bin) / 65
            let amount = [1, 1, 0.25, 2][generator.next(below: 4)]
            calibrator.learn(score: middles[bin], label: isPositive ? 1 : 0, weight: amount)
            for other in 0..<65 {
                weight[other] *= 1 - 1.0 / 2_000
                positive[other] *= 1 - 1.0 / 2_000
            }
            weight[bin] += amount
            positive[bin] += isPositive ? amount : 0
        }
        for bin in 0..<65 {
            weight[bin] += 0.25
            positive[bin] += 0.25 * middles[bin]
        }
        for bin in 0..<65 {
            var largest = 0.0
            for start in 0...bin {
                var least = 1.0
                for end in bin..<65 {
                    let mean = positive[start...end].reduce(0, +) / weight[start...end].reduce(0, +)
                    least = min(least, mean)
                }
                largest = max(largest, least)
            }
            #expect(isNear(calibrator.calibrated(middles[bin]), largest, 1e-8), "bin \(bin)")
        }
    }

    @Test(arguments: CalibrationMethod.allCases) func hostileScoresAndWeights(_ method: CalibrationMethod) {
        let calibrator = method.makeCalibrator()
        var generator = RandomGenerator(seed: 9)
        let scores = [0, 1, 0.5, .nan, 1e-300, 1 - 1e-16, -3, 7, .infinity]
        for _ in 0..<5_000 {
            let score = scores[generator.next(below: scores.count)]
            let weight = [1, 1e300, 1e-300, .infinity][generator.next(below: 4)]
            calibrator.learn(score: score, label: Double(generator.next(below: 2)), weight: weight)
            #expect((0...1).contains(calibrator.calibrated(score)))
        }
    }

    /// Log loss without, with Platt, with isotonic, over a whole stream.
    private func losses(_ name: String, _ type: String) throws -> [Double] {
        let stream = try LabelledStream(name)
        return try [nil, "platt", "isotonic"].map { word in
            let entries = word.map { [ParameterEntry("calibrate", .text($0))] } ?? []
            let learner = try Recipe("m", .binary, type: type, entries).learner(denseCount: stream.features.count)
            var metrics = PrequentialMetrics(task: .binary)
            var features = FeatureVector(denseCount: stream.features.count, sparseCapacity: 0)
            for (row, label) in zip(stream.rows, stream.labels) {
                features.setDense(row)
                metrics.record(prediction: learner.predicted(features), label: label)
                learner.learn(features, label: label, weight: 1)
            }
            return try #require(metrics.logLoss)
        }
    }

    @Test(arguments: ["sea_drift", "shuttle"]) func badProbabilitiesImprove(_ stream: String) throws {
        let losses = try losses(stream, "passive_aggressive")
        #expect(losses[1] < 0.92 * losses[0] && losses[2] < 0.92 * losses[0], "\(losses)")
    }

    @Test func goodProbabilitiesStayGood() throws {
        let losses = try losses("elec2", "logistic_regression")
        #expect(losses[1] < losses[0] + 0.01 && losses[2] < losses[0] + 0.01, "\(losses)")
    }

    /// An anomaly score is no probability until labels say what it is worth.
    @Test func anomalyScoresBecomeProbabilities() throws {
        let losses = try losses("shuttle", "half_space_trees")
        #expect(losses[1] < 0.5 * losses[0] && losses[2] < 0.5 * losses[0], "\(losses)")
    }

    @Test func theKeyIsForBinaryLabels() {
        for (task, type) in [(LearningTask.regression, "linear_regression"), (.anomaly, "z_score")] {
            let entries = [ParameterEntry("type", .text(type)), ParameterEntry("calibrate", .text("platt"))]
            let (specification, problems) = ModelSpecification.parse(name: "m", entries: entries, task: task)
            #expect(specification == nil && problems.map(\.path) == [["calibrate"]] && !problems[0].isNotYet)
            #expect(problems[0].message.contains("binary"))
        }
        let entries = [ParameterEntry("type", .text("majority")), ParameterEntry("calibrate", .text("plat"))]
        let problems = ModelSpecification.parse(name: "m", entries: entries, task: .binary).1
        #expect(problems.map(\.path) == [["calibrate"]] && problems[0].allowed == ["none", "platt", "isotonic"])
        // The default can be written down, for any label.
        for task in [LearningTask.binary, .multiclass] {
            let entries = [ParameterEntry("type", .text("majority")), ParameterEntry("calibrate", .text("none"))]
            #expect(ModelSpecification.parse(name: "m", entries: entries, task: task).1.isEmpty)
        }
    }
}
