/// Events that wait to be learned together, copied, in the order in which they came. The memory of a slot is kept for the next
/// event, so nothing is allocated once it has been as full as it gets.
final class WaitingEvents {
    /// How many wait.
    private(set) var count = 0
    private let shape: LearnerShape
    private var slots: [Slot] = []

    private final class Slot {
        var features: FeatureVector
        var label = 0.0
        var weight = 0.0

        init(_ shape: LearnerShape) { features = shape.makeVector() }
    }

    init(shape: LearnerShape) { self.shape = shape }

    var memoryByteCount: Int {
        slots.count * (96 + 8 * (shape.denseCount + 1) + MemoryLayout<SparseFeature>.stride * max(1, shape.fieldCount))
    }

    func append(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        if count == slots.count { slots.append(Slot(shape)) }
        let slot = slots[count]
        slot.features.copy(features)
        slot.label = label
        slot.weight = weight
        count += 1
    }

    /// Hands all of them to `learner`, the oldest first, and is empty then.
    func drain(into learner: any Learner) {
        for index in 0..<count {
            let slot = slots[index]
            learner.learn(slot.features, label: slot.label, weight: slot.weight)
        }
        count = 0
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(count))
        for slot in slots[..<count] {
            encoder.append(slot.label)
            encoder.append(slot.weight)
            encoder.append(slot.features.eventTime != nil)
            encoder.append(slot.features.eventTime ?? 0)
            encoder.append(slot.features.keyHash)
            for index in 0..<shape.denseCount { encoder.append(slot.features[index]) }
            encoder.append(UInt64(slot.features.sparseCount))
            for index in 0..<slot.features.sparseCount {
                let entry = slot.features.sparseEntry(index)
                encoder.append(UInt32(bitPattern: entry.index))
                encoder.append(UInt32(bitPattern: entry.field))
                encoder.append(entry.value)
            }
        }
    }

    /// Reads at most `limit` events for vectors of `shape`.
    init(shape: LearnerShape, limit: Int, from decoder: inout StateDecoder) throws(StateError) {
        self.shape = shape
        let eventBytes = 41 + 8 * shape.denseCount
        let eventCount = try decoder.length(ofElements: eventBytes)
        guard eventCount < limit else { throw .corrupt }
        for _ in 0..<eventCount {
            let slot = Slot(shape)
            slot.label = try decoder.double()
            slot.weight = try decoder.double()
            let hasTime = try decoder.flag()
            let time = try decoder.int64()
            slot.features.eventTime = hasTime ? time : nil
            slot.features.keyHash = try decoder.uint64()
            for index in 0..<shape.denseCount { slot.features[index] = try decoder.double() }
            let sparseCount = try decoder.length(ofElements: 16)
            guard sparseCount <= slot.features.sparseCapacity, slot.weight > 0 else { throw .corrupt }
            for _ in 0..<sparseCount {
                let index = Int32(bitPattern: try decoder.uint32())
                let field = Int32(bitPattern: try decoder.uint32())
                slot.features.appendSparse(SparseFeature(index: index, field: field, value: try decoder.double()))
            }
            slots.append(slot)
        }
        count = eventCount
    }
}
