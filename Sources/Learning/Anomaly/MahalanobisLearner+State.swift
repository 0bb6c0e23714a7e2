// Layout: fingerprint, learned count; count and mean of each feature; the factor by columns.
extension MahalanobisLearner {
    private static let tag = StateTag("MAHA")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(learnedCount)
            for index in 0..<denseCount {
                let slot = unsafe slots[index]
                encoder.append(slot.count)
                encoder.append(slot.mean)
            }
            for index in 0..<factorCount { encoder.append(unsafe factor[index]) }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let count = try decoder.uint64()
            var slots: [Slot] = []
            for _ in 0..<denseCount { slots.append(Slot(count: try decoder.double(), mean: try decoder.double())) }
            var factor: [Double] = []
            for _ in 0..<factorCount { factor.append(try decoder.double()) }
            return (count: count, slots: slots, factor: factor)
        }
        learnedCount = decoded.count
        for (index, slot) in decoded.slots.enumerated() { unsafe slots[index] = slot }
        for (index, value) in decoded.factor.enumerated() { unsafe factor[index] = value }
    }
}
