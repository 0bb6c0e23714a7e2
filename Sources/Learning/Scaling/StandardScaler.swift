/// Standardises each slot: (x − mean)/√variance, mean and population variance by Welford's recurrence (West 1979 for
/// weights): n += w; m' = m + (x−m)·w/n; v += ((x−m)(x−m') − v)·w/n.
@safe final class StandardScaler: FeatureScaler {
    private let denseCount: Int
    private let slots: UnsafeMutablePointer<Slot>

    private struct Slot {
        var count = 0.0
        var mean = 0.0
        var variance = 0.0
        /// 1/√variance, 0 where that is 0; derived, not encoded.
        var inverse = 0.0
    }

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
            var slot = unsafe slots[index]
            slot.count += weight
            let share = weight / slot.count
            let before = value - slot.mean
            slot.mean += before * share
            slot.variance += (before * (value - slot.mean) - slot.variance) * share
            slot.inverse = Self.inverse(slot.variance)
            unsafe slots[index] = slot
        }
    }

    func transform(_ features: borrowing FeatureVector, into scaled: inout FeatureVector) {
        precondition(features.denseCount == denseCount)
        scaled.copyContext(of: features)
        for index in 0..<denseCount {
            scaled[index] = unsafe (features[index] - slots[index].mean) * slots[index].inverse
        }
    }

    @inline(__always)
    private static func inverse(_ variance: Double) -> Double { variance > 0 ? 1 / variance.magnitude.squareRoot() : 0 }

    func encode(into encoder: inout StateEncoder) {
        for index in 0..<denseCount {
            let slot = unsafe slots[index]
            encoder.append(slot.count)
            encoder.append(slot.mean)
            encoder.append(slot.variance)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        var decoded: [Slot] = []
        for _ in 0..<denseCount {
            var slot = Slot(count: try decoder.double(), mean: try decoder.double(), variance: try decoder.double())
            slot.inverse = Self.inverse(slot.variance)
            decoded.append(slot)
        }
        for (index, slot) in decoded.enumerated() { unsafe slots[index] = slot }
    }
}
