/// The last label of each key, in a table of fixed size: an entry of a key that was not seen for long gives way to a new one.
///
/// Two-way set-associative: a key has two places, and takes that of the older entry when both belong to others. So memory is
/// bounded whatever keys come, and a forgotten key only means that it starts anew.
@safe struct LabelTable: ~Copyable {
    /// How many keys are remembered at most.
    static let capacity = 1 << 16

    private struct Entry {
        var key: UInt64 = 0
        var label: Double = 0
        var seen: UInt64 = 0
    }

    private let entries: UnsafeMutablePointer<Entry>

    init() {
        unsafe entries = .allocate(capacity: Self.capacity)
        unsafe entries.initialize(repeating: Entry(), count: Self.capacity)
    }

    deinit { unsafe entries.deallocate() }

    var memoryByteCount: Int { Self.capacity * MemoryLayout<Entry>.stride }

    /// The last label of `key`, which is not 0; nil for a key that is not remembered.
    func label(of key: UInt64) -> Double? {
        let place = Self.place(key)
        if unsafe entries[place].key == key { return unsafe entries[place].label }
        if unsafe entries[place + 1].key == key { return unsafe entries[place + 1].label }
        return nil
    }

    /// Remembers `label` as the last of `key`, at time `now`, which grows from call to call.
    mutating func set(_ label: Double, of key: UInt64, now: UInt64) {
        var place = Self.place(key)
        if unsafe entries[place].key != key {
            let second = unsafe entries[place + 1]
            if unsafe second.key == key || second.seen < entries[place].seen { place += 1 }
        }
        unsafe entries[place] = Entry(key: key, label: label, seen: now)
    }

    /// Appends the remembered keys.
    func encode(into encoder: inout StateEncoder) {
        var count: UInt64 = 0
        for place in 0..<Self.capacity where unsafe entries[place].key != 0 { count += 1 }
        encoder.append(count)
        for place in 0..<Self.capacity {
            let entry = unsafe entries[place]
            guard entry.key != 0 else { continue }
            encoder.append(UInt32(truncatingIfNeeded: place))
            encoder.append(entry.key)
            encoder.append(entry.label)
            encoder.append(entry.seen)
        }
    }

    /// A table with the remembered keys of an encoded one, whose labels all fulfil `isLabel`.
    init(from decoder: inout StateDecoder, where isLabel: (Double) -> Bool) throws(StateError) {
        let decoded = try Self.decodeEntries(&decoder)
        guard decoded.allSatisfy({ isLabel($0.1.label) }) else { throw .corrupt }
        self.init()
        for (place, entry) in decoded { unsafe entries[place] = entry }
    }

    private static func decodeEntries(_ decoder: inout StateDecoder) throws(StateError) -> [(Int, Entry)] {
        let count = try decoder.length(ofElements: 28)
        guard count <= capacity else { throw .corrupt }
        var decoded: [(Int, Entry)] = []
        for _ in 0..<count {
            let place = Int(try decoder.uint32())
            let entry = Entry(key: try decoder.uint64(), label: try decoder.double(), seen: try decoder.uint64())
            guard entry.key != 0, place & ~1 == Self.place(entry.key), (decoded.last?.0 ?? -1) < place else {
                throw .corrupt
            }
            decoded.append((place, entry))
        }
        return decoded
    }

    private static func place(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 48) & ~1
    }
}
