/// Scales each slot by its quartiles: (x − median) / (third quartile − first quartile), 0 while those are equal. Outliers
/// move neither, so one wild value does not flatten the rest.
@safe final class RobustScaler: FeatureScaler {
    private let denseCount: Int
    private let slots: UnsafeMutablePointer<Slot>

    private struct Slot {
        var quartiles = RunningQuartiles()
        /// The median, and 1 / the distance of the quartiles, 0 where that is 0; derived, not encoded.
        var center = 0.0
        var inverse = 0.0

        mutating func derive() {
            center = quartiles.quartile(2)
            let range = quartiles.quartile(3) - quartiles.quartile(1)
            inverse = range > 0 ? 1 / range : 0
        }
    }

    /// A scaler of `denseCount` slots.
    init(denseCount: Int) {
        self.denseCount = denseCount
        unsafe slots = .allocate(capacity: max(denseCount, 1))
        unsafe slots.initialize(repeating: Slot(), count: max(denseCount, 1))
    }

    deinit { unsafe slots.deallocate() }

    var memoryByteCount: Int { denseCount * MemoryLayout<Slot>.stride }

    func learn(_ features: borrowing FeatureVector, weight: Double) {
        precondition(features.denseCount == denseCount)
        for index in 0..<denseCount {
            let value = features[index]
            guard !value.isNaN else { continue }
            unsafe slots[index].quartiles.add(value, weight: weight)
            unsafe slots[index].derive()
        }
    }

    func transform(_ features: borrowing FeatureVector, into scaled: inout FeatureVector) {
        precondition(features.denseCount == denseCount)
        scaled.copyContext(of: features)
        for index in 0..<denseCount {
            scaled[index] = unsafe (features[index] - slots[index].center) * slots[index].inverse
        }
    }

    func encode(into encoder: inout StateEncoder) {
        for index in 0..<denseCount { unsafe slots[index].quartiles.encode(into: &encoder) }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        var decoded: [Slot] = []
        for _ in 0..<denseCount {
            var slot = Slot(quartiles: try RunningQuartiles(from: &decoder))
            slot.derive()
            decoded.append(slot)
        }
        for (index, slot) in decoded.enumerated() { unsafe slots[index] = slot }
    }
}
