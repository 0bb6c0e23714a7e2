public import Learning

extension CategoryTable {
    private static let tag = StateTag("CATG")

    /// Appends the names in their order with their groups, and the overflow count.
    public func encode(into encoder: inout StateEncoder) {
        let (text, ends, groups, overflowCount) = (text, ends, groups, overflowCount)
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(overflowCount)
            encoder.append(text)
            encoder.append(UInt64(ends.count))
            for (end, group) in zip(ends, groups) {
                encoder.append(end)
                encoder.append(group)
            }
        }
    }

    /// Replaces the table by an encoded one; on an error it is unchanged. More names in a group than
    /// ``capacity``, or more groups, are a mismatch.
    public mutating func decode(from decoder: inout StateDecoder) throws(StateError) {
        let (text, entries, overflowCount) = try decoder.section(Self.tag, newest: 1) {
            (decoder, _) throws(StateError) -> ([UInt8], [(end: Int, group: Int)], UInt64) in
            let overflowCount = try decoder.uint64()
            let text = try decoder.blob()
            let count = try decoder.length(ofElements: 8)
            var entries: [(end: Int, group: Int)] = []
            entries.reserveCapacity(count)
            for _ in 0..<count { entries.append((Int(try decoder.uint32()), Int(try decoder.uint32()))) }
            return (text, entries, overflowCount)
        }
        var restored = CategoryTable(groupCount: groupCount, capacity: capacity)
        var start = 0
        for (end, group) in entries {
            guard end >= start, end <= text.count else { throw .corrupt }
            guard group < groupCount else { throw .mismatch }
            let name = unsafe text.span.extracting(start..<end).bytes
            let expected = restored.count
            guard let index = restored.admit(name, group: group) else { throw .mismatch }
            // A name that comes twice was written by no encoder.
            guard Int(index) == expected else { throw .corrupt }
            start = end
        }
        guard start == text.count else { throw .corrupt }
        restored.overflowCount = overflowCount
        self = restored
    }
}
