import Learning
import Testing

/// A model's map as a pipeline file would give it, and what the contract suite has to know of it.
struct Recipe: Sendable, CustomTestStringConvertible {
    let label: String
    let task: LearningTask
    let entries: [ParameterEntry]
    /// Laws of the contract suite that its mathematics does not have, each with the reason beside the recipe.
    let exempt: Set<Law>

    enum Law: Sendable {
        /// An absent slot is as though it did not exist: not so where features are drawn at random.
        case absentSlots
        /// The weight of an event matters: not so where only the last label, or the order of values, counts.
        case weights
    }

    init(
        _ label: String, _ task: LearningTask, type: String, _ entries: [ParameterEntry] = [], exempt: Set<Law> = []
    ) {
        self.label = label
        self.task = task
        self.entries = [ParameterEntry("type", .text(type))] + entries
        self.exempt = exempt
    }

    var testDescription: String { label }

    func specification() throws -> ModelSpecification {
        let (specification, problems) = ModelSpecification.parse(name: label, entries: entries, task: task)
        #expect(problems.isEmpty)
        return try #require(specification)
    }

    func learner(denseCount: Int) throws -> any Learner {
        try specification().makeLearner(LearnerShape(denseCount: denseCount, fieldCount: RandomEvent.fieldCount))
    }

    static func optimizer(_ entries: [ParameterEntry]) -> ParameterEntry { ParameterEntry("optimizer", .map(entries)) }
}

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
