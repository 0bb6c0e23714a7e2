// Goal: every figure, overall and of recent events, is its definition. Method: brute-force definitions over random streams
// with fixed seeds (Support/MetricOracle), and figures that scikit-learn computed (Reference/scikit_metrics.py).
import Foundation
import Learning
import Testing

@Suite struct MetricsFigureTests {
    static let tasks = LearningTask.allCases

    private func compare(
        _ found: [MetricFigure], _ expected: [String: Double], tolerance: Double = 1e-11, _ place: String
    ) {
        let known = found.filter { $0.name != "roc_auc" }
        #expect(Set(known.map(\.name)) == Set(expected.keys), "\(place)")
        for figure in known {
            #expect(isNear(figure.value, expected[figure.name] ?? .nan, tolerance), "\(figure.name), \(place)")
        }
    }

    @Test(arguments: tasks, [UInt64(1), 2, 3]) func overallFiguresAreTheirDefinitions(task: LearningTask, seed: UInt64)
    {
        let events = OracleEvent.stream(task, count: 700, seed: seed)
        var found = PrequentialMetrics(task: task, keepsScores: true, quantile: task == .regression ? 0.9 : nil)
        found.record(events)
        let oracle = MetricOracle(events, task)
        compare(found.figures, oracle.figures, "seed \(seed)")
        compare(found.baselineFigures, oracle.baselineFigures, "seed \(seed)")
        // A score that only ranks has none of those that are of probabilities.
        let ofProbabilities = task == .anomaly ? ["log_loss", "brier", "calibration_error"] : []
        #expect(found.figures.map(\.name) == task.figureNames.filter { !ofProbabilities.contains($0) })
        guard task == .binary || task == .anomaly else { return }
        #expect(isNear(found.rocAUC ?? .nan, oracle.rocAUC, 1e-14) && found.rocAUCErrorMax == 0)
    }

    /// Windows shorter and longer than the stream, one event long, and of odd lengths; looked at while they fill and after.
    @Test(arguments: tasks, [1, 2, 37, 200, 1000]) func slidingFiguresAreThoseOfTheLastEvents(
        task: LearningTask, length: Int
    ) {
        let events = OracleEvent.stream(task, count: 500, seed: 4)
        var found = PrequentialMetrics(
            task: task, window: .sliding(events: length), quantile: task == .regression ? 0.9 : nil)
        for count in [1, 36, 200, 263, 500] {
            found.record(events[Int(found.count)..<count])
            let oracle = MetricOracle(Array(events[..<count]), task).sliding(length)
            // Figures that 0/0 leaves out here are NaN there.
            compare(found.recentFigures, oracle.figures.filter { $0.value.isFinite }, "\(count) events")
            compare(found.recent?.baselineFigures ?? [], oracle.baselineFigures, "\(count) events")
            if let area = found.recent?.rocAUC { #expect(isNear(area, oracle.rocAUC, 1e-14)) }
        }
    }

    /// Steps of one event (a short window) and of 16 (a long one); 0.5 forgets so fast that weights are rescaled often.
    @Test(arguments: tasks, [(0.5, 1), (0.97, 1), (0.99, 3), (0.999, 16)]) func fadingFiguresAreWeighted(
        task: LearningTask, window: (factor: Double, step: Int)
    ) {
        let events = OracleEvent.stream(task, count: 500, seed: 5)
        var found = PrequentialMetrics(
            task: task, window: .fading(factor: window.factor), quantile: task == .regression ? 0.9 : nil)
        for count in [1, 17, 100, 333, 500] {
            found.record(events[Int(found.count)..<count])
            let oracle = MetricOracle(Array(events[..<count]), task).fading(window.factor, step: window.step)
            compare(
                found.recentFigures, oracle.figures.filter { $0.value.isFinite }, tolerance: 1e-9, "\(count) events")
            compare(found.recent?.baselineFigures ?? [], oracle.baselineFigures, tolerance: 1e-9, "\(count) events")
            if let recent = found.recent, let area = recent.rocAUC {
                #expect(abs(area - oracle.rocAUC) <= (recent.rocAUCErrorMax ?? -1) + 1e-12)
            }
            // The same without a copy, and the matrix relative to the newest event.
            let loss = { (tally: borrowing MetricTally) in
                task == .regression ? tally.mae : task == .anomaly ? tally.accuracy : tally.logLoss
            }
            let direct = found.recent(loss)
            let name = task == .regression ? "mae" : task == .anomaly ? "accuracy" : "log_loss"
            #expect(isNear(direct ?? .nan, oracle.figures[name] ?? .nan))
            for (row, weights) in (found.recent?.confusionMatrix ?? []).enumerated() {
                for (column, weight) in weights.enumerated() {
                    #expect(isNear(weight, oracle.confusion(Double(row), Double(column))))
                }
            }
        }
    }

    // MARK: scikit-learn

    private struct Fixture: Decodable {
        struct Curve: Decodable {
            let meanProbability: [Double]
            let truthShare: [Double]
        }
        let binary: [String: Double]
        let calibration: Curve
        let confusion: [[Double]]
        let multiclass: [String: Double]
        let multiclassConfusion: [[Double]]
        let regression: [String: Double]
    }

    private func unit(_ generator: inout SeededGenerator) -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    private func compareKnown(_ found: [MetricFigure], _ expected: [String: Double]) {
        for (name, value) in expected {
            #expect(isNear(found.first { $0.name == name }?.value ?? .nan, value, 1e-12), "\(name)")
        }
    }

    @Test func binaryFiguresAreThoseOfScikitLearn() throws {
        let fixture = try DataFiles.json("scikit_metrics.json", as: Fixture.self)
        var generator = SeededGenerator(seed: 42)
        var found = PrequentialMetrics(task: .binary, keepsScores: true)
        for _ in 0..<1000 {
            let probability = unit(&generator)
            let isPositive = unit(&generator) < probability * probability
            found.record(prediction: probability, label: isPositive ? 1 : 0)
        }
        #expect(fixture.binary.count == 9)
        compareKnown(found.figures, fixture.binary)
        #expect(found.confusionMatrix == fixture.confusion)
        for (bin, row) in found.calibrationCurve.enumerated() {
            #expect(isNear(row.meanProbability ?? .nan, fixture.calibration.meanProbability[bin], 1e-12))
            #expect(isNear(row.truthShare ?? .nan, fixture.calibration.truthShare[bin], 1e-12))
            #expect(row.lowerBound == Double(bin) / 10 && row.upperBound == Double(bin + 1) / 10)
        }
        #expect(found.calibrationCurve.reduce(0) { $0 + $1.count } == 1000)
    }

    @Test func multiclassFiguresAreThoseOfScikitLearn() throws {
        let fixture = try DataFiles.json("scikit_metrics.json", as: Fixture.self)
        var generator = SeededGenerator(seed: 43)
        var found = PrequentialMetrics(task: .multiclass)
        found.record(
            (0..<1000).map { _ in
                let weights = (0..<4).map { _ in
                    let draw = unit(&generator)
                    return draw * draw * draw
                }
                let total = weights.reduce(0, +)
                let scores = weights.map { $0 / total }
                let draw = unit(&generator)
                var (label, below) = (0, scores[0])
                while draw > below, label < 3 {
                    label += 1
                    below += scores[label]
                }
                let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
                return OracleEvent(prediction: Double(best), label: Double(label), probabilities: scores)
            })
        #expect(fixture.multiclass.count == 8)
        compareKnown(found.figures, fixture.multiclass)
        #expect(found.confusionMatrix == fixture.multiclassConfusion)
    }

    @Test func regressionFiguresAreThoseOfScikitLearn() throws {
        let fixture = try DataFiles.json("scikit_metrics.json", as: Fixture.self)
        var generator = SeededGenerator(seed: 44)
        var found = PrequentialMetrics(task: .regression, quantile: 0.9)
        for _ in 0..<1000 {
            let label = 10 * unit(&generator)
            found.record(prediction: label + 4 * unit(&generator) - 1.5, label: label)
        }
        #expect(fixture.regression.count == 5)
        compareKnown(found.figures, fixture.regression)
        #expect(found.overall.quantileLoss(at: 0.5) == found.mae.map { $0 / 2 })
    }
}
