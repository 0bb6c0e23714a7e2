import Learning
import Testing

/// A model's map as a pipeline file would give it.
struct Recipe: Sendable, CustomTestStringConvertible {
    let label: String
    let task: LearningTask
    let entries: [ParameterEntry]

    init(_ label: String, _ task: LearningTask, type: String, _ entries: [ParameterEntry] = []) {
        self.label = label
        self.task = task
        self.entries = [ParameterEntry("type", .text(type))] + entries
    }

    var testDescription: String { label }

    func specification() throws -> ModelSpecification {
        let (specification, problems) = ModelSpecification.parse(name: label, entries: entries, task: task)
        #expect(problems.isEmpty)
        return try #require(specification)
    }

    func learner(denseCount: Int) throws -> any Learner { try specification().makeLearner(denseCount: denseCount) }

    static func optimizer(_ entries: [ParameterEntry]) -> ParameterEntry { ParameterEntry("optimizer", .map(entries)) }
}

/// Every kind of learner and every path through the linear ones.
let allRecipes: [Recipe] = [
    Recipe("logistic", .binary, type: "logistic_regression"),
    Recipe(
        "logistic, penalties and decay", .binary, type: "logistic_regression",
        [
            Recipe.optimizer([
                ParameterEntry(
                    "learning_rate",
                    .map([ParameterEntry("initial", .number(0.1)), ParameterEntry("decay", .number(0.01))])),
                ParameterEntry("l1", .number(0.001)), ParameterEntry("l2", .number(0.01)),
            ])
        ]),
    Recipe(
        "logistic, unscaled, power law", .binary, type: "logistic_regression",
        [
            Recipe.optimizer([
                ParameterEntry(
                    "learning_rate",
                    .map([ParameterEntry("initial", .number(0.1)), ParameterEntry("power", .number(0.5))])),
                ParameterEntry("intercept_learning_rate", .number(0)),
            ]), ParameterEntry("scale", .text("none")),
        ]),
    Recipe("linear", .regression, type: "linear_regression"),
    Recipe(
        "linear, l1", .regression, type: "linear_regression",
        [Recipe.optimizer([ParameterEntry("l1", .number(0.01))])]),
    Recipe("passive-aggressive classes", .binary, type: "passive_aggressive"),
    Recipe(
        "passive-aggressive numbers", .regression, type: "passive_aggressive",
        [ParameterEntry("c", .number(0.5)), ParameterEntry("epsilon", .number(0.2))]),
    Recipe(
        "passive-aggressive numbers, unscaled", .regression, type: "passive_aggressive",
        [ParameterEntry("scale", .text("none"))]),
    Recipe("last label", .binary, type: "last_label"),
    Recipe("last value", .regression, type: "last_label"),
    Recipe("majority", .binary, type: "majority"),
    Recipe("running mean", .regression, type: "running_mean"),
]

extension Learner {
    func predicted(_ features: borrowing FeatureVector) -> Double {
        var prediction = Prediction()
        predict(features, into: &prediction)
        return prediction.value
    }

    var encoded: [UInt8] {
        var encoder = StateEncoder()
        encode(into: &encoder)
        return encoder.bytes
    }

    func restore(_ bytes: [UInt8]) throws(StateError) {
        var decoder = StateDecoder(bytes)
        try decode(from: &decoder)
        guard decoder.isAtEnd else { throw .corrupt }
    }
}

/// What a linear learner's encoded state says, read from the bytes as the layout in `LinearWeights` documents it.
struct LinearState {
    var learnedCount: UInt64 = 0
    var intercept: Double = 0
    var penaltyTotal: Double = 0
    var count: [Double] = []
    var mean: [Double] = []
    var variance: [Double] = []
    var weight: [Double] = []
    var penalty: [Double] = []
    var sparse: [Double] = []

    init(_ learner: any Learner, denseCount: Int) throws {
        var decoder = StateDecoder(learner.encoded)
        self = try decoder.section(StateTag("LINR"), newest: 1) { decoder, _ throws(StateError) in
            var state = LinearState()
            _ = try decoder.uint64()
            state.learnedCount = try decoder.uint64()
            state.intercept = try decoder.double()
            state.penaltyTotal = try decoder.double()
            for _ in 0..<denseCount {
                state.count.append(try decoder.double())
                state.mean.append(try decoder.double())
                state.variance.append(try decoder.double())
                state.weight.append(try decoder.double())
                state.penalty.append(try decoder.double())
            }
            for _ in 0..<(try decoder.length(ofElements: 16)) {
                state.sparse.append(try decoder.double())
                _ = try decoder.double()
            }
            return state
        }
    }

    private init() {}

    func scaled(_ value: Double, _ slot: Int) -> Double {
        variance[slot] > 0 ? (value - mean[slot]) / variance[slot].squareRoot() : 0
    }
}

/// |a − b| ≤ tolerance · max(1, |b|), which NaN never fulfils.
func isNear(_ value: Double, _ expected: Double, _ tolerance: Double = 1e-9) -> Bool {
    abs(value - expected) <= tolerance * max(1, abs(expected))
}

extension FeatureVector {
    mutating func setDense(_ values: [Double]) {
        for (slot, value) in values.enumerated() { self[slot] = value }
    }
}
