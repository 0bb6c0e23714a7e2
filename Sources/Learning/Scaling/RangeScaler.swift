/// Scales each slot by the range of its values so far: to 0...1 by least and largest (`min_max`), or to −1...1 by the
/// largest size (`max_abs`).
@safe final class RangeScaler: FeatureScaler {
    private let denseCount: Int
    private let isAroundZero: Bool
    private let slots: UnsafeMutablePointer<Slot>

    private struct Slot {
        var least = Double.infinity
        var largest = -Double.infinity
    }

    /// A scaler of `denseCount` slots; `isAroundZero` for `max_abs`.
    init(denseCount: Int, isAroundZero: Bool) {
        self.denseCount = denseCount
        self.isAroundZero = isAroundZero
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
            unsafe slots[index].least = min(slots[index].least, value)
            unsafe slots[index].largest = max(slots[index].largest, value)
        }
    }

    func transform(_ features: borrowing FeatureVector, into scaled: inout FeatureVector) {
        precondition(features.denseCount == denseCount)
        scaled.copyContext(of: features)
        for index in 0..<denseCount {
            let value = features[index]
            scaled[index] = value.isNaN ? value : scale(value, unsafe slots[index])
        }
    }

    @inline(__always)
    private func scale(_ value: Double, _ slot: Slot) -> Double {
        if isAroundZero {
            let size = max(abs(slot.least), abs(slot.largest))
            return size > 0 && size < .infinity ? value / size : 0
        }
        let range = slot.largest - slot.least
        return range > 0 ? (value - slot.least) / range : 0
    }

    func encode(into encoder: inout StateEncoder) {
        for index in 0..<denseCount {
            let slot = unsafe slots[index]
            encoder.append(slot.least)
            encoder.append(slot.largest)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        var decoded: [Slot] = []
        for _ in 0..<denseCount { decoded.append(Slot(least: try decoder.double(), largest: try decoder.double())) }
        for (index, slot) in decoded.enumerated() { unsafe slots[index] = slot }
    }
}
