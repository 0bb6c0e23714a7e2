/// What one dense slot's values were so far, and how they scale a value.
protocol SlotStatistics: BitwiseCopyable {
    /// Takes in a value that is not NaN, `weight` (above 0) times.
    mutating func learn(_ value: Double, weight: Double)
    /// The value as scaled by what was learned; NaN stays NaN.
    func scaled(_ value: Double) -> Double
    func encode(into encoder: inout StateEncoder)
    init(from decoder: inout StateDecoder) throws(StateError)
}

/// Statistics for each dense slot of an event.
@safe final class SlotTable<Statistics: SlotStatistics> {
    private let denseCount: Int
    private let slots: UnsafeMutablePointer<Statistics>

    /// A table of `denseCount` slots; `empty` has learned nothing.
    init(denseCount: Int, empty: Statistics) {
        self.denseCount = denseCount
        unsafe slots = .allocate(capacity: max(denseCount, 1))
        unsafe slots.initialize(repeating: empty, count: max(denseCount, 1))
    }

    deinit { unsafe slots.deallocate() }

    var memoryByteCount: Int { denseCount * MemoryLayout<Statistics>.stride }

    func learn(_ features: borrowing FeatureVector, weight: Double) {
        precondition(features.denseCount == denseCount)
        for index in 0..<denseCount {
            let value = features[index]
            if !value.isNaN { unsafe slots[index].learn(value, weight: weight) }
        }
    }

    func transform(_ features: borrowing FeatureVector, into scaled: inout FeatureVector) {
        precondition(features.denseCount == denseCount)
        scaled.copyContext(of: features)
        for index in 0..<denseCount { scaled[index] = unsafe slots[index].scaled(features[index]) }
    }

    func encode(into encoder: inout StateEncoder) {
        for index in 0..<denseCount { unsafe slots[index].encode(into: &encoder) }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        var decoded: [Statistics] = []
        for _ in 0..<denseCount { decoded.append(try Statistics(from: &decoder)) }
        for (index, slot) in decoded.enumerated() { unsafe slots[index] = slot }
    }
}
