// Goal: each optimiser, loss and step of the linear learners without published vectors is the published definition, with absent
// values, categories, weights and late features. Method: a second implementation, one feature at a time straight from the
// definitions cited beside each rule, compared on random events.
import Foundation
import Learning
import Testing

/// One weight with whatever its rule remembers.
private struct Memory {
    var weight = 0.0
    var numbers = [0.0, 0, 0, 0]
}

/// A rule that moves one weight: (memory, g, earlier updates of the model).
private typealias Rule = @Sendable (inout Memory, Double, Double) -> Void

/// The derivative of a loss in the score: (score, label).
private typealias Slope = @Sendable (Double, Double) -> Double

private struct Model {
    var slope: Slope
    var rule: Rule
    /// The intercept's rule; plain descent at 0.01 unless the optimiser is coin betting.
    var interceptRule: Rule = { memory, gradient, _ in memory.weight -= 0.01 * gradient }
    var isBinary = true
    /// What the scaling statistics keep at each event that has the feature.
    var keep = 1.0
    private var statistics: [Int: (count: Double, mean: Double, variance: Double)] = [:]
    private var memories: [Int: Memory] = [:]
    private var intercept = Memory()
    private var updateCount = 0.0

    init(slope: @escaping Slope, rule: @escaping Rule) {
        self.slope = slope
        self.rule = rule
    }

    private func inputs(_ event: RandomEvent) -> [(Int, Double)] {
        let dense = event.dense.enumerated().filter { $0.element.isFinite }.map { slot, value in
            let known = statistics[slot] ?? (0, 0, 0)
            return (slot, known.variance > 0 ? (value - known.mean) / known.variance.squareRoot() : 0)
        }
        return dense + event.sparse.map { (1_000 + Int($0.index), $0.value) }
    }

    func score(_ event: RandomEvent) -> Double {
        inputs(event).reduce(intercept.weight) { $0 + (memories[$1.0]?.weight ?? 0) * $1.1 }
    }

    func predict(_ event: RandomEvent) -> Double {
        let score = score(event)
        guard isBinary else { return score }
        return score > 30 ? 1 : score < -30 ? 0 : 1 / (1 + exp(-score))
    }

    mutating func learn(_ event: RandomEvent) {
        guard event.weight > 0 else { return }
        for (slot, value) in event.dense.enumerated() where value.isFinite {
            var known = statistics[slot] ?? (0, 0, 0)
            known.count = keep * known.count + event.weight
            let (before, share) = (known.mean, event.weight / known.count)
            known.mean += share * (value - before)
            known.variance += share * ((value - before) * (value - known.mean) - known.variance)
            statistics[slot] = known
        }
        let inputs = inputs(event)
        let gradient = event.weight * slope(score(event), event.label)
        for (key, value) in inputs {
            rule(&memories[key, default: Memory()], gradient * value, updateCount)
        }
        interceptRule(&intercept, gradient, updateCount)
        updateCount += 1
    }
}

@Suite struct LinearOptimizerTests {
    private static let logistic: Slope = { score, label in
        let sign: Double = label > 0.5 ? 1 : -1
        let margin = sign * score
        return margin > 18 ? -sign * exp(-margin) : margin < -18 ? -sign : -sign / (exp(margin) + 1)
    }

    private func compare(_ entries: [ParameterEntry], _ type: String, _ model: Model, seed: UInt64)
        throws
    {
        let recipe = Recipe("m", model.isBinary ? .binary : .regression, type: type, entries)
        let learner = try recipe.learner(denseCount: 5)
        var model = model
        var features = FeatureVector(denseCount: 5, sparseCapacity: RandomEvent.fieldCount)
        let events = RandomEvent.stream(count: 1_200, denseCount: 5, task: recipe.task, seed: seed)
        for (index, event) in events.enumerated() {
            event.fill(&features)
            let (value, expected) = (learner.predicted(features), model.predict(event))
            try #require(
                isNear(value, expected, 1e-8), "seed \(seed), event \(index): \(value), \(expected)")
            learner.learn(features, label: event.label, weight: event.weight)
            model.learn(event)
        }
    }

    /// Polyak 1964: v = ρv + lr·g, w −= v.
    @Test(arguments: [UInt64(1), 2]) func momentum(seed: UInt64) throws {
        let model = Model(slope: Self.logistic) { memory, gradient, _ in
            memory.numbers[0] = 0.8 * memory.numbers[0] + 0.02 * gradient
            memory.weight -= memory.numbers[0]
        }
        let entries = [
            ParameterEntry("learning_rate", .number(0.02)), ParameterEntry("momentum", .number(0.8)),
        ]
        try compare([Recipe.optimizer("momentum", entries)], "logistic_regression", model, seed: seed)
    }

    /// Tieleman and Hinton 2012: mean square ← ρ·mean square + (1 − ρ)·g², w −= lr·g/√(mean square + ε).
    @Test(arguments: [UInt64(3), 4]) func rmsprop(seed: UInt64) throws {
        let model = Model(slope: Self.logistic) { memory, gradient, _ in
            memory.numbers[0] = 0.95 * memory.numbers[0] + 0.05 * gradient * gradient
            memory.weight -= 0.03 * gradient / (memory.numbers[0] + 1e-6).squareRoot()
        }
        let entries = [
            ParameterEntry("learning_rate", .number(0.03)), ParameterEntry("memory", .number(0.95)),
            ParameterEntry("epsilon", .number(1e-6)),
        ]
        try compare([Recipe.optimizer("rmsprop", entries)], "logistic_regression", model, seed: seed)
    }

    /// Kingma and Ba 2015, algorithm 1, its corrections of the bias written out one by one.
    @Test(arguments: [UInt64(5)]) func adamWithSchedule(seed: UInt64) throws {
        let model = Model(slope: Self.logistic) { memory, gradient, time in
            memory.numbers[0] = 0.9 * memory.numbers[0] + 0.1 * gradient
            memory.numbers[1] = 0.999 * memory.numbers[1] + 0.001 * gradient * gradient
            let correction = (1 - pow(0.999, time + 1)).squareRoot() / (1 - pow(0.9, time + 1))
            let rate = 0.05 / (1 + 0.01 * time)
            memory.weight -=
                rate * correction * memory.numbers[0] / (memory.numbers[1].squareRoot() + 1e-8)
        }
        let schedule = ParameterValue.map([
            ParameterEntry("initial", .number(0.05)), ParameterEntry("decay", .number(0.01)),
        ])
        try compare(
            [Recipe.optimizer("adam", [ParameterEntry("learning_rate", schedule)])],
            "logistic_regression", model,
            seed: seed)
    }

    /// McMahan et al. 2013, algorithm 1, with l1: weights inside the ball are exactly 0.
    @Test(arguments: [UInt64(6)]) func ftrl(seed: UInt64) throws {
        let model = Model(slope: Self.logistic) { memory, gradient, _ in
            let (z, n) = (memory.numbers[0], memory.numbers[1])
            let sigma = ((n + gradient * gradient).squareRoot() - n.squareRoot()) / 0.1
            memory.numbers[0] = z + gradient - sigma * memory.weight
            memory.numbers[1] = n + gradient * gradient
            let (newZ, newN) = (memory.numbers[0], memory.numbers[1])
            memory.weight =
                abs(newZ) <= 0.4
                ? 0 : -(newZ - (newZ < 0 ? -0.4 : 0.4)) / ((2 + newN.squareRoot()) / 0.1 + 0.5)
        }
        let entries = [
            ParameterEntry("alpha", .number(0.1)), ParameterEntry("beta", .number(2)),
            ParameterEntry("l1", .number(0.4)), ParameterEntry("l2", .number(0.5)),
        ]
        try compare([Recipe.optimizer("ftrl", entries)], "logistic_regression", model, seed: seed)
    }

    /// Orabona and Tommasi 2017, algorithm 2; the intercept is one more coordinate.
    @Test(arguments: [UInt64(7), 8]) func coin(seed: UInt64) throws {
        let rule: Rule = { memory, gradient, _ in
            let outcome = -gradient
            memory.numbers[0] = max(memory.numbers[0], abs(outcome))
            memory.numbers[1] += abs(outcome)
            memory.numbers[2] = max(memory.numbers[2] + memory.weight * outcome, 0)
            memory.numbers[3] += outcome
            let (largest, sum, reward, direction) = (
                memory.numbers[0], memory.numbers[1], memory.numbers[2], memory.numbers[3]
            )
            guard largest > 0 else { return }
            memory.weight = direction / (largest * max(sum + largest, 100 * largest)) * (largest + reward)
        }
        var classes = Model(slope: Self.logistic, rule: rule)
        classes.interceptRule = rule
        try compare([Recipe.optimizer("coin")], "logistic_regression", classes, seed: seed)
        var numbers = Model(slope: { 2 * ($0 - $1) }, rule: rule)
        numbers.interceptRule = rule
        numbers.isBinary = false
        try compare([Recipe.optimizer("coin")], "linear_regression", numbers, seed: seed)
    }

    /// `forget`: of a weight and of its running sums so much is left before each event that has its feature; velocities and
    /// means, which fade by themselves, stay. The rules of the tests above, each with its share.
    private static let forgetting: [(optimizer: String, entries: [(String, Double)], rule: Rule)] = {
        let keep = 0.97
        return [
            (
                "sgd", [("learning_rate", 0.05)],
                { memory, gradient, _ in
                    memory.weight = keep * memory.weight - 0.05 * gradient
                }
            ),
            (
                "momentum", [("learning_rate", 0.02), ("momentum", 0.8)],
                { memory, gradient, _ in
                    memory.numbers[0] = 0.8 * memory.numbers[0] + 0.02 * gradient
                    memory.weight = keep * memory.weight - memory.numbers[0]
                }
            ),
            (
                "adagrad", [("learning_rate", 0.1), ("epsilon", 1e-6)],
                { memory, gradient, _ in
                    memory.numbers[0] = keep * memory.numbers[0] + gradient * gradient
                    memory.weight = keep * memory.weight - 0.1 * gradient / (memory.numbers[0] + 1e-6).squareRoot()
                }
            ),
            (
                "rmsprop", [("learning_rate", 0.03), ("memory", 0.95), ("epsilon", 1e-6)],
                { memory, gradient, _ in
                    memory.numbers[0] = 0.95 * memory.numbers[0] + 0.05 * gradient * gradient
                    memory.weight = keep * memory.weight - 0.03 * gradient / (memory.numbers[0] + 1e-6).squareRoot()
                }
            ),
            (
                "adam", [("learning_rate", 0.05)],
                { memory, gradient, time in
                    memory.numbers[0] = 0.9 * memory.numbers[0] + 0.1 * gradient
                    memory.numbers[1] = 0.999 * memory.numbers[1] + 0.001 * gradient * gradient
                    let mean = memory.numbers[0] / (1 - pow(0.9, time + 1))
                    let root = memory.numbers[1].squareRoot() + 1e-8
                    memory.weight = keep * memory.weight - 0.05 * (1 - pow(0.999, time + 1)).squareRoot() * mean / root
                }
            ),
            (
                "ftrl", [("alpha", 0.1), ("beta", 2), ("l1", 0.4), ("l2", 0.5)],
                { memory, gradient, _ in
                    let n = keep * memory.numbers[1]
                    let sigma = ((n + gradient * gradient).squareRoot() - n.squareRoot()) / 0.1
                    memory.numbers[0] = keep * memory.numbers[0] + gradient - sigma * memory.weight
                    memory.numbers[1] = n + gradient * gradient
                    let z = memory.numbers[0]
                    let divisor = (2 + memory.numbers[1].squareRoot()) / 0.1 + 0.5
                    memory.weight = abs(z) <= 0.4 ? 0 : -(z - (z < 0 ? -0.4 : 0.4)) / divisor
                }
            ),
            ("coin", [], { memory, gradient, _ in bet(&memory, gradient, keep: keep) }),
        ]
    }()

    /// Coin betting, with what is left of the sums before an event.
    private static func bet(_ memory: inout Memory, _ gradient: Double, keep: Double) {
        memory.numbers[0] = max(memory.numbers[0], abs(gradient))
        memory.numbers[1] = keep * memory.numbers[1] + abs(gradient)
        memory.numbers[2] = max(keep * memory.numbers[2] - memory.weight * gradient, 0)
        memory.numbers[3] = keep * memory.numbers[3] - gradient
        let (largest, sum) = (memory.numbers[0], memory.numbers[1])
        guard largest > 0 else { return }
        memory.weight =
            memory.numbers[3] * (largest + memory.numbers[2]) / (largest * max(sum + largest, 100 * largest))
    }

    @Test(arguments: 0..<7) func forgettingLeavesAShare(_ place: Int) throws {
        let (optimizer, entries, rule) = Self.forgetting[place]
        var model = Model(slope: Self.logistic, rule: rule)
        model.keep = 0.97
        if optimizer == "coin" { model.interceptRule = { memory, gradient, _ in Self.bet(&memory, gradient, keep: 1) } }
        let given = entries.map { ParameterEntry($0.0, .number($0.1)) }
        try compare(
            [Recipe.optimizer(optimizer, given), ParameterEntry("forget", .number(0.97))], "logistic_regression", model,
            seed: 16)
    }

    private static func descent(_ slope: @escaping Slope, isBinary: Bool) -> Model {
        var model = Model(slope: slope) { memory, gradient, _ in memory.weight -= 0.01 * gradient }
        model.isBinary = isBinary
        return model
    }

    /// Huber 1964; Koenker and Bassett 1978; the median's loss.
    @Test(arguments: [UInt64(9), 10]) func robustLosses(seed: UInt64) throws {
        let huber = Self.descent({ min(max($0 - $1, -0.7), 0.7) }, isBinary: false)
        try compare(
            [ParameterEntry("loss", .text("huber")), ParameterEntry("delta", .number(0.7))],
            "linear_regression", huber,
            seed: seed)
        let quantile = Self.descent({ $0 < $1 ? -0.9 : $0 > $1 ? 0.1 : 0 }, isBinary: false)
        try compare(
            [ParameterEntry("loss", .text("quantile")), ParameterEntry("quantile", .number(0.9))],
            "linear_regression",
            quantile, seed: seed)
        let absolute = Self.descent({ $0 < $1 ? -1 : $0 > $1 ? 1 : 0 }, isBinary: false)
        try compare(
            [ParameterEntry("loss", .text("absolute"))], "linear_regression", absolute, seed: seed)
    }

    /// Shalev-Shwartz et al. 2007: w ← (1 − η_t·λ)·w + η_t·s·x while s·z < 1, the first factor always; η_t = 1/t here.
    @Test(arguments: [UInt64(11), 12]) func svm(seed: UInt64) throws {
        let hinge: Slope = { score, label in
            (label > 0.5 ? 1 : -1) * score < 1 ? (label > 0.5 ? -1 : 1) : 0
        }
        try compare([], "svm", Self.descent(hinge, isBinary: true), seed: seed)
        let pegasos = Model(slope: hinge) { memory, gradient, time in
            memory.weight = (1 - 0.05 / (time + 1)) * memory.weight - gradient / (time + 1)
        }
        let schedule = ParameterValue.map([
            ParameterEntry("initial", .number(1)), ParameterEntry("power", .number(1)),
        ])
        try compare(
            [
                Recipe.optimizer([
                    ParameterEntry("learning_rate", schedule), ParameterEntry("l2", .number(0.05)),
                ])
            ], "svm",
            pegasos, seed: seed)
    }

    /// Clipping bounds the derivative before the event's weight multiplies it; the default bounds nothing.
    @Test func clipping() throws {
        let clipped = Self.descent({ min(max(2 * ($0 - $1), -1.5), 1.5) }, isBinary: false)
        try compare([ParameterEntry("clip", .number(1.5))], "linear_regression", clipped, seed: 13)
    }

    /// The quantile loss finds the quantile: nine labels of ten lie below the prediction.
    @Test func quantileLossFindsTheQuantile() throws {
        let learner = try Recipe(
            "m", .regression, type: "linear_regression",
            [ParameterEntry("loss", .text("quantile")), ParameterEntry("quantile", .number(0.9))]
        ).learner(denseCount: 1)
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        var generator = SeededGenerator(seed: 14)
        var below = 0
        for index in 0..<40_000 {
            let x = Double.random(in: -1...1, using: &generator)
            let label = 3 * x + Double.random(in: 0...1, using: &generator)
            features[0] = x
            if index >= 20_000, label < learner.predicted(features) { below += 1 }
            learner.learn(features, label: label, weight: 1)
        }
        #expect((17_600...18_400).contains(below))
    }

    /// Coin betting needs no rate: labels a hundred thousand times larger are learned as well.
    @Test(arguments: [1.0, 1e5, 1e-5]) func coinBettingHasNoScale(scale: Double) throws {
        let learner = try Recipe(
            "m", .regression, type: "linear_regression", [Recipe.optimizer("coin")]
        )
        .learner(denseCount: 2)
        var features = FeatureVector(denseCount: 2, sparseCapacity: 0)
        var generator = SeededGenerator(seed: 15)
        var (error, size) = (0.0, 0.0)
        for index in 0..<20_000 {
            let values = (0..<2).map { _ in Double.random(in: -1...1, using: &generator) }
            features.setDense(values)
            let label = scale * (1 + 2 * values[0] - values[1])
            if index >= 15_000 {
                error += abs(learner.predicted(features) - label)
                size += abs(label)
            }
            learner.learn(features, label: label, weight: 1)
        }
        #expect(error < 0.05 * size, "\(error / size)")
    }
}
