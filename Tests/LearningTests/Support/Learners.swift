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
        /// Scaling statistics count each event as its weight says: not so where earlier ones are forgotten.
        case wholeCounts
        /// Every event is learned, and shows in the state at once: not so where events wait or are passed over.
        case learnsAtOnce
    }

    init(
        _ label: String, _ task: LearningTask, type: String, _ entries: [ParameterEntry] = [],
        exempt: Set<Law> = []
    ) {
        self.label = label
        self.task = task
        self.entries = [ParameterEntry("type", .text(type))] + entries
        self.exempt = exempt
    }

    var testDescription: String { label }

    func specification() throws -> ModelSpecification {
        let (specification, problems) = ModelSpecification.parse(
            name: label, entries: entries, task: task)
        #expect(problems.isEmpty)
        return try #require(specification)
    }

    func learner(denseCount: Int) throws -> any Learner {
        try specification().makeLearner(
            LearnerShape(denseCount: denseCount, fieldCount: RandomEvent.fieldCount))
    }

    static func optimizer(_ entries: [ParameterEntry]) -> ParameterEntry {
        ParameterEntry("optimizer", .map(entries))
    }

    static func optimizer(_ type: String, _ entries: [ParameterEntry] = []) -> ParameterEntry {
        optimizer([ParameterEntry("type", .text(type))] + entries)
    }
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

/// What a linear learner's encoded state says, read from the bytes as the layout in `LinearWeights+State` documents it; of
/// several weight vectors the first unless another is asked for.
struct LinearState {
    var learnedCount: UInt64 = 0
    var rateFactor: Double = 1
    var penaltyTotal: Double = 0
    var count: [Double] = []
    var mean: [Double] = []
    var variance: [Double] = []
    /// Of each vector the intercept's group, then those of the slots; a group is the weight and what belongs to it.
    var groups: [[[Double]]] = []
    /// Of each sparse slot the groups of all vectors.
    var sparseGroups: [[[Double]]] = []
    var vector = 0

    var intercept: Double { groups[vector][0][0] }
    var weight: [Double] { groups[vector].dropFirst().map { $0[0] } }
    var sparse: [Double] { sparseGroups.map { $0[vector][0] } }

    init(_ learner: any Learner, denseCount: Int, vector: Int = 0) throws {
        var decoder = StateDecoder(learner.encoded)
        self = try decoder.section(StateTag("LINR"), newest: 2) { decoder, version throws(StateError) in
            guard version == 2 else { throw .newerVersion(version) }
            var state = LinearState()
            _ = try decoder.uint64()
            let isScaling = try decoder.flag()
            let size = Int(try decoder.byte())
            state.learnedCount = try decoder.uint64()
            state.rateFactor = try decoder.double()
            state.penaltyTotal = try decoder.double()
            _ = (try decoder.double(), try decoder.double())
            for _ in 0..<(isScaling ? denseCount : 0) {
                state.count.append(try decoder.double())
                state.mean.append(try decoder.double())
                state.variance.append(try decoder.double())
            }
            let vectorCount = Int(try decoder.uint64())
            for _ in 0..<vectorCount {
                state.groups.append(try Self.groups(1 + denseCount, of: size, &decoder))
            }
            for _ in 0..<(try decoder.uint64()) {
                state.sparseGroups.append(try Self.groups(vectorCount, of: size, &decoder))
            }
            return state
        }
        self.vector = vector
    }

    private static func groups(
        _ count: Int, of size: Int, _ decoder: inout StateDecoder
    ) throws(StateError) -> [[Double]] {
        var groups: [[Double]] = []
        for _ in 0..<count {
            var group: [Double] = []
            for _ in 0..<size { group.append(try decoder.double()) }
            groups.append(group)
        }
        return groups
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
