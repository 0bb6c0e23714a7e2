extension ClassTable {
    /// Appends the events' count, the classes' counts and, slot by slot, what `encodeSlot` writes of a pair's lane.
    func encode(
        slotCount: Int, into encoder: inout StateEncoder, _ encodeSlot: (inout StateEncoder, Pair, Int) -> Void
    ) {
        encoder.append(learnedCount)
        encoder.append(UInt64(classCount))
        for label in 0..<classCount {
            encoder.append(count(of: label))
            for slot in 0..<slotCount { unsafe encodeSlot(&encoder, row(of: label)[slot / 2], slot % 2) }
        }
    }

    /// A decoded table that is not yet anyone's.
    struct Decoded {
        let learnedCount: UInt64
        private(set) var counts: [Double] = []
        var rows: [Pair] = []

        /// Reads what ``ClassTable/encode(slotCount:into:_:)`` wrote; a slot takes `slotByteCount` bytes.
        init(
            from decoder: inout StateDecoder, slotCount: Int, slotByteCount: Int, empty: Pair,
            _ decodeSlot: (inout StateDecoder, inout Pair, Int) throws(StateError) -> Void
        ) throws(StateError) {
            learnedCount = try decoder.uint64()
            let classCount = try decoder.length(ofElements: 8 + slotCount * slotByteCount)
            guard classCount <= LearnableRange.classCountMax else { throw .corrupt }
            let pairCount = (slotCount + 1) / 2
            rows = Array(repeating: empty, count: classCount * pairCount)
            for label in 0..<classCount {
                let count = try decoder.double()
                guard count >= 0 else { throw .corrupt }
                counts.append(count)
                for slot in 0..<slotCount {
                    try decodeSlot(&decoder, &rows[label * pairCount + slot / 2], slot % 2)
                }
            }
        }
    }
}
