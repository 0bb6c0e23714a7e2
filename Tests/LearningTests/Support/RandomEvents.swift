import Learning

/// A small seeded generator (SplitMix64, Steele et al. 2014); a failing test prints its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// One event for any learner: dense values (NaN where absent), sparse entries, a label, a weight.
struct RandomEvent {
    /// How many categorical fields the events have.
    static let fieldCount = 2

    var dense: [Double]
    var sparse: [SparseFeature]
    var label: Double
    var weight: Double
    /// One of seven keys, or none.
    var key: UInt64 = 0
    /// Half a second after the one before.
    var time: Int64 = 0

    func fill(_ features: inout FeatureVector) {
        features.setDense(dense)
        features.removeSparse()
        for entry in sparse { features.appendSparse(entry) }
        features.keyHash = key
        features.eventTime = time
    }

    /// Events with a learnable label, absent values, categories that grow in number, and odd weights.
    static func stream(
        count: Int, denseCount: Int, task: LearningTask, seed: UInt64, absence: Double = 0.15
    ) -> [RandomEvent] {
        var generator = SeededGenerator(seed: seed)
        var categoryCount = 1
        return (0..<count).map { number in
            let values = (0..<denseCount).map { slot in
                Double(slot) * 10 + Double.random(in: -3...3, using: &generator)
            }
            let dense = values.map { Double.random(in: 0..<1, using: &generator) < absence ? Double.nan : $0 }
            if Double.random(in: 0..<1, using: &generator) < 0.1 { categoryCount += 1 }
            let sparse = (0..<Int32(fieldCount)).compactMap { field -> SparseFeature? in
                guard Double.random(in: 0..<1, using: &generator) < 0.6 else { return nil }
                // The indexes of one field are its own: even ones here, odd ones there.
                let index = Int32.random(in: 0..<Int32(categoryCount), using: &generator)
                return SparseFeature(index: index * Int32(fieldCount) + field, field: field, value: 1)
            }
            let noise = Double.random(in: -1...1, using: &generator)
            let signal = zip(values, 0...).reduce(noise) { $0 + ($1.0 - Double($1.1) * 10) / Double($1.1 + 1) }
            let weight = [0, 1, 1, 1, 1, 2][Int.random(in: 0..<6, using: &generator)]
            return RandomEvent(
                dense: dense, sparse: sparse, label: Self.label(signal, task: task), weight: Double(weight),
                key: UInt64(number * 5 % 8) &* 0x9e37_79b9_7f4a_7c15, time: Int64(number) * 500)
        }
    }

    /// Multiclass: three classes, of which the last is rare.
    private static func label(_ signal: Double, task: LearningTask) -> Double {
        switch task {
        case .binary, .anomaly: signal > 0 ? 1 : 0
        case .multiclass: signal > 4 ? 2 : signal > 0 ? 1 : 0
        case .regression: signal
        }
    }
}

extension Learner {
    /// Predicts and learns every event; the predictions' bits.
    func run(_ events: some Sequence<RandomEvent>, denseCount: Int) -> [UInt64] {
        var features = FeatureVector(denseCount: denseCount, sparseCapacity: RandomEvent.fieldCount)
        var prediction = Prediction()
        return events.map { event in
            event.fill(&features)
            predict(features, into: &prediction)
            learn(features, label: event.label, weight: event.weight)
            // The classes' probabilities count too: their bits are mixed in.
            return (0..<prediction.classCount).reduce(prediction.value.bitPattern) {
                ($0 &* 31) ^ prediction[$1].bitPattern
            }
        }
    }
}
