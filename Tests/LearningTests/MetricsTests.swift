// Goal: prequential figures are their definitions, merge lawfully and survive encoding. Method: brute-force definitions on
// random streams with fixed seeds; whole real streams are in ParityTests.
import Foundation
import Learning
import Testing

@Suite struct MetricsTests {
    private struct Scored {
        let prediction: Double
        let label: Double
    }

    private func stream(_ task: LearningTask, count: Int, seed: UInt64) -> [Scored] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            guard task == .binary else {
                return Scored(
                    prediction: .random(in: -5...5, using: &generator), label: .random(in: -5...5, using: &generator))
            }
            // Coarse scores, so that there are ties, with exact 0, 0.5 and 1 among them.
            let score = Double(Int.random(in: 0...20, using: &generator)) / 20
            return Scored(prediction: score, label: Double.random(in: 0..<1, using: &generator) < score ? 1 : 0)
        }
    }

    private func metrics(_ events: some Sequence<Scored>, _ task: LearningTask, keepsScores: Bool = true)
        -> PrequentialMetrics
    {
        var metrics = PrequentialMetrics(task: task, keepsScores: keepsScores)
        for event in events { metrics.record(prediction: event.prediction, label: event.label) }
        return metrics
    }

    private func same(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-12) -> Bool {
        value.map { isNear($0, expected, tolerance) } ?? false
    }

    @Test(arguments: [UInt64(1), 2, 3]) func binaryFiguresAreTheirDefinitions(seed: UInt64) {
        let events = stream(.binary, count: 700, seed: seed)
        let found = metrics(events, .binary)
        let total = Double(events.count)
        let isCorrect = { (event: Scored) in (event.prediction > 0.5) == (event.label == 1) }
        #expect(same(found.accuracy, Double(events.count(where: isCorrect)) / total))
        let truePositive = Double(events.count { $0.prediction > 0.5 && $0.label == 1 })
        let precision = truePositive / Double(events.count { $0.prediction > 0.5 })
        let recall = truePositive / Double(events.count { $0.label == 1 })
        #expect(same(found.f1, 2 * precision * recall / (precision + recall)))
        let losses = events.map { event in
            let clipped = min(max(event.prediction, 1e-15), 1 - 1e-15)
            return -log(event.label == 1 ? clipped : 1 - clipped)
        }
        #expect(same(found.logLoss, losses.reduce(0, +) / total))
        var won = 0.0
        var pairs = 0.0
        for positive in events where positive.label == 1 {
            for negative in events where negative.label == 0 {
                pairs += 1
                if positive.prediction > negative.prediction { won += 1 }
                if positive.prediction == negative.prediction { won += 0.5 }
            }
        }
        #expect(same(found.rocAUC, won / pairs))
        let repeated = zip([Scored(prediction: 0, label: 0)] + events, events).count { $0.label == $1.label }
        #expect(same(found.lastLabelAccuracy, Double(repeated) / total))
        #expect(found.figures.map(\.name).starts(with: ["accuracy", "f1", "roc_auc", "log_loss"]))
        #expect(found.baselineFigures.map(\.name) == ["last_label_accuracy", "majority_accuracy"])
    }

    @Test(arguments: [UInt64(4), 5]) func regressionFiguresAreTheirDefinitions(seed: UInt64) {
        let events = stream(.regression, count: 500, seed: seed)
        let found = metrics(events, .regression)
        let total = Double(events.count)
        let errors = events.map { $0.prediction - $0.label }
        #expect(same(found.mae, errors.reduce(0) { $0 + abs($1) } / total))
        let squares = errors.reduce(0) { $0 + $1 * $1 }
        #expect(same(found.rmse, (squares / total).squareRoot()))
        let mean = events.reduce(0) { $0 + $1.label } / total
        let spread = events.reduce(0) { $0 + ($1.label - mean) * ($1.label - mean) }
        #expect(same(found.r2, 1 - squares / spread))
        var (sum, last, meanErrors, lastErrors) = (0.0, 0.0, 0.0, 0.0)
        for (index, event) in events.enumerated() {
            meanErrors += abs(event.label - (index == 0 ? 0 : sum / Double(index)))
            lastErrors += abs(event.label - last)
            sum += event.label
            last = event.label
        }
        #expect(same(found.runningMeanMAE, meanErrors / total) && same(found.lastValueMAE, lastErrors / total))
        #expect(found.figures.map(\.name) == ["mae", "rmse", "r2", "bias"])
    }

    /// The product form of the log loss against the sum of logarithms, where it is hardest: certain and wrong, all the time.
    @Test func logLossOfExtremesIsExact() {
        for (prediction, label) in [(0.0, 1.0), (1, 0), (1, 1), (0, 0), (.nan, 1), (1e-300, 1), (0.999, 1)] {
            let found = metrics(
                (0..<10_000).map { _ in Scored(prediction: prediction, label: label) }, .binary, keepsScores: false)
            let clipped = min(max(prediction.isNaN ? 0 : prediction, 1e-15), 1 - 1e-15)
            #expect(same(found.logLoss, -log(label == 1 ? clipped : 1 - clipped)))
        }
    }

    @Test(arguments: [LearningTask.binary, .regression]) func restoredEqualsNeverStopped(task: LearningTask) throws {
        let events = stream(task, count: 300, seed: 12)
        for split in [0, 1, 150, 300] {
            var encoder = StateEncoder()
            metrics(events[..<split], task, keepsScores: false).encode(into: &encoder)
            var restored = PrequentialMetrics(task: task)
            var decoder = StateDecoder(encoder.bytes)
            try restored.decode(from: &decoder)
            for event in events[split...] { restored.record(prediction: event.prediction, label: event.label) }
            #expect(restored == metrics(events, task, keepsScores: false))
            var other = PrequentialMetrics(task: task == .binary ? .regression : .binary)
            let before = other
            #expect(throws: StateError.mismatch) {
                var decoder = StateDecoder(encoder.bytes)
                try other.decode(from: &decoder)
            }
            for position in encoder.bytes.indices {
                var flipped = encoder.bytes
                flipped[position] ^= 0x10
                #expect(throws: StateError.self) {
                    var decoder = StateDecoder(flipped)
                    try other.decode(from: &decoder)
                }
            }
            #expect(other == before)
        }
    }

    @Test func figuresWithoutMeaningAreAbsent() {
        for task in [LearningTask.binary, .multiclass, .regression] {
            let empty = PrequentialMetrics(task: task, keepsScores: true)
            #expect(empty.figures.isEmpty && empty.baselineFigures.isEmpty)
        }
        let oneClass = metrics([Scored(prediction: 0.9, label: 1)], .binary)
        #expect(oneClass.rocAUC == nil && oneClass.accuracy == 1 && oneClass.mae == nil)
        let neverPositive = metrics([Scored(prediction: 0.1, label: 0)], .binary)
        #expect(neverPositive.f1 == 0)
        let flat = metrics([Scored(prediction: 1, label: 2), Scored(prediction: 1, label: 2)], .regression)
        #expect(flat.r2 == nil && flat.mae == 1 && flat.accuracy == nil)
        let diverged = metrics([Scored(prediction: .greatestFiniteMagnitude, label: -1)], .regression)
        #expect(diverged.figures.map(\.name) == ["mae", "bias"])
        let classes = metrics([Scored(prediction: 2, label: 2), Scored(prediction: 1, label: 0)], .multiclass)
        #expect(
            classes.accuracy == 0.5 && classes.logLoss == nil && classes.brier == nil && classes.calibrationError == nil
        )
        #expect(classes.figures.first?.name == "accuracy" && !classes.figures.contains { $0.name == "log_loss" })
    }
}
