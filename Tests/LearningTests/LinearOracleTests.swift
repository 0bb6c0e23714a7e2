// Goal: the two-lane, flat-memory learner computes what the plain definitions say, with absent values, categories, weights,
// penalties and schedules, where there are no published vectors. Method: a second, scalar implementation straight from the
// definitions, compared on random events.
import Foundation
import Learning
import Testing

/// The definitions, feature by feature.
private struct Oracle {
    enum Rule { case logistic, squared, passiveAggressiveClass, passiveAggressiveNumber }

    var rule: Rule
    var isScaled = true
    var rate: (Double) -> Double = { _ in 0.01 }
    var interceptRate = 0.01
    var l1 = 0.0
    var l2 = 0.0
    var aggressiveness = 1.0
    var epsilon = 0.1

    private var count: [Int: Double] = [:]
    private var mean: [Int: Double] = [:]
    private var variance: [Int: Double] = [:]
    private(set) var weight: [Int: Double] = [:]
    private var paid: [Int: Double] = [:]
    private(set) var intercept = 0.0
    private var penaltyTotal = 0.0
    private var updateCount = 0.0

    init(_ rule: Rule) { self.rule = rule }

    /// Dense slots by their number, categories from 1,000 on, absent ones left out.
    private func inputs(_ event: RandomEvent) -> [(Int, Double)] {
        var inputs: [(Int, Double)] = []
        for (slot, value) in event.dense.enumerated() where value.isFinite {
            let variance = variance[slot, default: 0]
            let scaled = variance > 0 ? (value - mean[slot, default: 0]) / variance.squareRoot() : 0
            inputs.append((slot, isScaled ? scaled : value))
        }
        for entry in event.sparse { inputs.append((1_000 + Int(entry.index), entry.value)) }
        return inputs
    }

    private func score(_ inputs: [(Int, Double)]) -> Double {
        inputs.reduce(intercept) { $0 + weight[$1.0, default: 0] * $1.1 }
    }

    func predict(_ event: RandomEvent) -> Double {
        let score = score(inputs(event))
        return rule == .logistic || rule == .passiveAggressiveClass ? 1 / (1 + exp(-score)) : score
    }

    mutating func learn(_ event: RandomEvent) {
        guard event.weight > 0 else { return }
        for (slot, value) in event.dense.enumerated() where value.isFinite {
            for _ in 0..<Int(event.weight) {
                count[slot, default: 0] += 1
                let old = mean[slot, default: 0]
                mean[slot, default: 0] += (value - old) / count[slot, default: 1]
                let distance = (value - old) * (value - mean[slot, default: 0])
                variance[slot, default: 0] +=
                    (distance - variance[slot, default: 0]) / count[slot, default: 1]
            }
        }
        let inputs = inputs(event)
        let score = score(inputs)
        let sign: Double = event.label > 0.5 ? 1 : -1
        switch rule {
        case .logistic:
            let margin = sign * score
            let slope = margin > 18 ? exp(-margin) : margin < -18 ? 1 : 1 / (exp(margin) + 1)
            descend(inputs, gradient: event.weight * -sign * slope)
        case .squared: descend(inputs, gradient: event.weight * 2 * (score - event.label))
        case .passiveAggressiveClass: move(inputs, max(0, 1 - sign * score), sign, event.weight)
        case .passiveAggressiveNumber:
            let error = event.label - score
            move(inputs, max(0, abs(error) - epsilon), error < 0 ? -1 : 1, event.weight)
        }
        updateCount += 1
    }

    private mutating func descend(_ inputs: [(Int, Double)], gradient: Double) {
        let rate = rate(updateCount)
        penaltyTotal += rate * l1
        for (key, value) in inputs {
            weight[key, default: 0] -= rate * (gradient * value + l2 * weight[key, default: 0])
            let stepped = weight[key, default: 0]
            let paidBefore = paid[key, default: 0]
            if l1 > 0, stepped > 0 { weight[key] = max(0, stepped - (penaltyTotal + paidBefore)) }
            if l1 > 0, stepped < 0 { weight[key] = min(0, stepped + (penaltyTotal - paidBefore)) }
            paid[key, default: 0] += weight[key, default: 0] - stepped
        }
        intercept -= interceptRate * gradient
    }

    private mutating func move(
        _ inputs: [(Int, Double)], _ loss: Double, _ sign: Double, _ times: Double
    ) {
        let norm = inputs.reduce(0) { $0 + $1.1 * $1.1 }
        guard norm > 0 else { return }
        let distance = min(times * aggressiveness, loss / norm)
        for (key, value) in inputs { weight[key, default: 0] += distance * sign * value }
        intercept += distance * sign
    }
}

@Suite struct LinearOracleTests {
    private func compare(_ label: String, _ oracle: Oracle, _ seed: UInt64) throws {
        let recipe = try #require(allRecipes.first { $0.label == label })
        let learner = try recipe.learner(denseCount: 5)
        var oracle = oracle
        var features = FeatureVector(denseCount: 5, sparseCapacity: 2)
        // One category at most an event: with the same one twice, the definitions leave the order open.
        let events = RandomEvent.stream(count: 1_500, denseCount: 5, task: recipe.task, seed: seed).map { event in
            var event = event
            event.sparse = Array(event.sparse.prefix(1))
            return event
        }
        for (index, event) in events.enumerated() {
            event.fill(&features)
            let (value, expected) = (learner.predicted(features), oracle.predict(event))
            try #require(isNear(value, expected), "seed \(seed), event \(index): \(value), \(expected)")
            learner.learn(features, label: event.label, weight: event.weight)
            oracle.learn(event)
        }
        let state = try LinearState(learner, denseCount: 5)
        #expect(isNear(state.intercept, oracle.intercept))
        for slot in 0..<5 { #expect(isNear(state.weight[slot], oracle.weight[slot, default: 0])) }
        for (index, weight) in state.sparse.enumerated() {
            #expect(isNear(weight, oracle.weight[1_000 + index, default: 0]))
        }
        #expect(state.sparse.count > 50)
    }

    @Test(arguments: [UInt64(1), 2, 3]) func logistic(seed: UInt64) throws {
        try compare("logistic", Oracle(.logistic), seed)
        var penalised = Oracle(.logistic)
        penalised.rate = { 0.1 / (1 + 0.01 * $0) }
        penalised.l1 = 0.001
        penalised.l2 = 0.01
        try compare("logistic, penalties and decay", penalised, seed)
        var unscaled = Oracle(.logistic)
        unscaled.isScaled = false
        unscaled.rate = { 0.1 / ($0 + 1).squareRoot() }
        unscaled.interceptRate = 0
        try compare("logistic, unscaled, power law", unscaled, seed)
    }

    @Test(arguments: [UInt64(4), 5]) func linear(seed: UInt64) throws {
        try compare("linear", Oracle(.squared), seed)
        var sparse = Oracle(.squared)
        sparse.l1 = 0.01
        try compare("linear, l1", sparse, seed)
    }

    @Test(arguments: [UInt64(6), 7]) func passiveAggressive(seed: UInt64) throws {
        try compare("passive-aggressive classes", Oracle(.passiveAggressiveClass), seed)
        var numbers = Oracle(.passiveAggressiveNumber)
        numbers.aggressiveness = 0.5
        numbers.epsilon = 0.2
        try compare("passive-aggressive numbers", numbers, seed)
    }

    /// The point of the cumulative penalty: a feature that says nothing ends at exactly 0, one that does, does not.
    @Test func l1SetsUselessWeightsToZero() throws {
        let recipe = Recipe(
            "m", .binary, type: "logistic_regression",
            [Recipe.optimizer([ParameterEntry("l1", .number(0.05))])])
        let learner = try recipe.learner(denseCount: 4)
        var features = FeatureVector(denseCount: 4, sparseCapacity: 0)
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5_000 {
            let values = (0..<4).map { _ in Double.random(in: -1...1, using: &generator) }
            features.setDense(values)
            learner.learn(features, label: values[0] > 0 ? 1 : 0, weight: 1)
        }
        let state = try LinearState(learner, denseCount: 4)
        #expect(state.weight[0] > 0.3)
        #expect(state.weight[1...].allSatisfy { abs($0) < 0.02 } && state.weight[1...].contains(0))
    }
}
