import Foundation
import Learning

/// One prediction as the tests draw it, with what the oracle works out of it: the weight and the trivial models' answers.
struct OracleEvent {
    var prediction: Double
    var label: Double
    /// Multiclass: P(class); empty when nothing was stated.
    var probabilities: [Double] = []
    var weight = 1.0
    var last = 0.0
    var usual = 0.0
}

/// Every figure once more, from its definition, event by event and as slow as that is.
struct MetricOracle {
    let task: LearningTask
    let events: [OracleEvent]

    /// All of `events`.
    init(_ events: [OracleEvent], _ task: LearningTask) {
        self.task = task
        self.events = Self.withTrivialAnswers(events, task)
    }

    private init(task: LearningTask, weighted: [OracleEvent]) {
        self.task = task
        events = weighted
    }

    /// The last `count`.
    func sliding(_ count: Int) -> MetricOracle { MetricOracle(task: task, weighted: Array(events.suffix(count))) }

    /// All, with weights that fall by `factor` an event in steps of `step` events.
    func fading(_ factor: Double, step: Int) -> MetricOracle {
        let newest = (events.count - 1) / step
        let weighted = events.enumerated().map { index, event in
            var event = event
            event.weight = pow(factor, Double(step * (newest - index / step)))
            return event
        }
        return MetricOracle(task: task, weighted: weighted)
    }

    private var isBinary: Bool { task == .binary || task == .anomaly }

    private static func withTrivialAnswers(_ events: [OracleEvent], _ task: LearningTask) -> [OracleEvent] {
        var (last, sum, counts) = (0.0, 0.0, [Double: Int]())
        var majority = 0.0
        return events.enumerated().map { index, event in
            var event = event
            event.last = last
            event.usual = task == .regression ? (index == 0 ? 0 : sum / Double(index)) : majority
            last = event.label
            sum += event.label
            counts[event.label, default: 0] += 1
            if task == .binary || task == .anomaly {
                majority = counts[1, default: 0] > counts[0, default: 0] ? 1 : 0
            } else if counts[event.label, default: 0] > counts[majority, default: 0] {
                majority = event.label
            }
            return event
        }
    }

    // MARK: Definitions

    func mean(_ value: (OracleEvent) -> Double) -> Double {
        events.reduce(0) { $0 + $1.weight * value($1) } / events.reduce(0) { $0 + $1.weight }
    }

    private func predicted(_ event: OracleEvent) -> Double {
        isBinary ? (event.prediction > 0.5 ? 1 : 0) : event.prediction
    }

    private func weight(where condition: (OracleEvent) -> Bool) -> Double {
        events.reduce(0) { $0 + (condition($1) ? $1.weight : 0) }
    }

    func confusion(_ label: Double, _ said: Double) -> Double { weight { $0.label == label && predicted($0) == said } }

    private func precision(_ label: Double) -> Double {
        let said = weight { predicted($0) == label }
        return said > 0 ? confusion(label, label) / said : 0
    }

    private func recall(_ label: Double) -> Double {
        let there = weight { $0.label == label }
        return there > 0 ? confusion(label, label) / there : 0
    }

    private func f1(_ label: Double) -> Double {
        let (precision, recall) = (precision(label), recall(label))
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }

    private func truth(_ event: OracleEvent) -> Double {
        if isBinary {
            let clipped = min(max(event.prediction, 1e-15), 1 - 1e-15)
            return event.label == 1 ? clipped : 1 - clipped
        }
        let index = Int(event.label)
        let probability = index < event.probabilities.count ? event.probabilities[index] : 0
        return min(max(probability, 1e-15), 1 - 1e-15)
    }

    private func squaredError(_ event: OracleEvent) -> Double {
        if isBinary { return (event.prediction - event.label) * (event.prediction - event.label) }
        let known = event.probabilities.enumerated().reduce(0) { sum, entry in
            let distance = entry.element - (Double(entry.offset) == event.label ? 1 : 0)
            return sum + distance * distance
        }
        return known + (Int(event.label) < event.probabilities.count ? 0 : 1)
    }

    private func confidence(_ event: OracleEvent) -> Double {
        isBinary ? event.prediction : event.probabilities[Int(event.prediction)]
    }

    private func cameTrue(_ event: OracleEvent) -> Double {
        isBinary ? event.label : (predicted(event) == event.label ? 1 : 0)
    }

    var rocAUC: Double {
        var (won, pairs) = (0.0, 0.0)
        for positive in events where positive.label == 1 {
            for negative in events where negative.label == 0 {
                let weight = positive.weight * negative.weight
                pairs += weight
                if positive.prediction > negative.prediction { won += weight }
                if positive.prediction == negative.prediction { won += weight / 2 }
            }
        }
        return won / pairs
    }

    private var calibrationError: Double {
        (0..<10).reduce(0) { sum, bin in
            let inside = events.filter { max(0, Int((confidence($0) * 10).rounded(.up)) - 1) == bin }
            return sum + abs(inside.reduce(0) { $0 + $1.weight * (confidence($1) - cameTrue($1)) })
        } / events.reduce(0) { $0 + $1.weight }
    }

    private func kappa(_ chance: Double) -> Double {
        let accuracy = mean { predicted($0) == $0.label ? 1 : 0 }
        return (accuracy - chance) / (1 - chance)
    }

    /// The figures by name; ROC AUC apart, which is not exact everywhere.
    var figures: [String: Double] {
        if task == .regression { return regressionFigures }
        let labels = Set(events.map(\.label))
        let all = labels.union(events.map(predicted))
        let total = events.reduce(0) { $0 + $1.weight }
        let macro = { (figure: (Double) -> Double) in all.reduce(0) { $0 + figure($1) } / Double(all.count) }
        let chance = all.reduce(0) { sum, label in
            sum + weight { $0.label == label } / total * weight { predicted($0) == label } / total
        }
        let figures = [
            "accuracy": mean { predicted($0) == $0.label ? 1 : 0 },
            isBinary ? "f1" : "macro_f1": isBinary ? f1(1) : macro(f1),
            isBinary ? "precision" : "macro_precision": isBinary ? precision(1) : macro(precision),
            isBinary ? "recall" : "macro_recall": isBinary ? recall(1) : macro(recall),
            "log_loss": mean { -log(truth($0)) }, "brier": mean(squaredError),
            "balanced_accuracy": labels.reduce(0) { $0 + recall($1) } / Double(labels.count),
            "calibration_error": calibrationError, "kappa": kappa(chance),
            "kappa_temporal": kappa(mean { $0.last == $0.label ? 1 : 0 }),
            "kappa_majority": kappa(mean { $0.usual == $0.label ? 1 : 0 }),
        ]
        // The score of an anomaly detector is no probability.
        let ofProbabilities = ["log_loss", "brier", "calibration_error"]
        return task == .anomaly ? figures.filter { !ofProbabilities.contains($0.key) } : figures
    }

    private var regressionFigures: [String: Double] {
        let mean = mean { $0.label }
        let squares = self.mean { ($0.prediction - $0.label) * ($0.prediction - $0.label) }
        return [
            "mae": self.mean { abs($0.prediction - $0.label) }, "rmse": squares.squareRoot(),
            "r2": 1 - squares / self.mean { ($0.label - mean) * ($0.label - mean) },
            "bias": self.mean { $0.prediction - $0.label },
            "quantile_loss": self.mean {
                $0.label > $0.prediction ? 0.9 * ($0.label - $0.prediction) : 0.1 * ($0.prediction - $0.label)
            },
        ]
    }

    var baselineFigures: [String: Double] {
        task == .regression
            ? [
                "last_value_mae": mean { abs($0.last - $0.label) },
                "running_mean_mae": mean { abs($0.usual - $0.label) },
            ]
            : [
                "last_label_accuracy": mean { $0.last == $0.label ? 1 : 0 },
                "majority_accuracy": mean { $0.usual == $0.label ? 1 : 0 },
            ]
    }
}

extension OracleEvent {
    /// Predictions that are worth something, over labels that stay the same more often than not; ties and certainties among
    /// the probabilities; classes that appear one after the other.
    static func stream(_ task: LearningTask, count: Int, seed: UInt64) -> [OracleEvent] {
        var generator = SeededGenerator(seed: seed)
        var label = 0.0
        return (0..<count).map { index in
            let isNew = Double.random(in: 0..<1, using: &generator) < 0.4
            switch task {
            case .binary, .anomaly:
                if isNew { label = Double.random(in: 0..<1, using: &generator) < 0.3 ? 1 : 0 }
                let score = (label + Double(Int.random(in: 0...20, using: &generator)) / 10) / 3
                return OracleEvent(
                    prediction: index % 50 == 7 ? 1 - label : index % 50 == 9 ? label : score, label: label)
            case .multiclass:
                let classCount = min(5, 1 + index / 20)
                if isNew { label = Double(Int.random(in: 0..<classCount, using: &generator)) }
                // Now and then the model does not know the newest class.
                let known = max(1, classCount - (index % 3 == 0 ? 1 : 0))
                var scores = (0..<known).map { _ in Double.random(in: 0..<1, using: &generator) }
                if Int(label) < known { scores[Int(label)] += 0.5 }
                let total = scores.reduce(0, +)
                scores = scores.map { $0 / total }
                let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
                return OracleEvent(prediction: Double(best), label: label, probabilities: scores)
            case .regression:
                if isNew { label = Double.random(in: -5...5, using: &generator) }
                return OracleEvent(
                    prediction: label + Double.random(in: -2...3, using: &generator), label: label + 1)
            }
        }
    }
}

extension PrequentialMetrics {
    mutating func record(_ events: some Sequence<OracleEvent>) {
        var prediction = Prediction()
        for event in events {
            prediction.value = event.prediction
            prediction.reserveClasses(event.probabilities.count)
            for (index, probability) in event.probabilities.enumerated() { prediction[index] = probability }
            record(prediction, label: event.label)
        }
    }
}
