internal import Hashing

/// Names (bytes) numbered from 0 in the order in which they were admitted, of bounded number and length.
///
/// Names belong to groups (the one-hot fields of a pipeline): the same name in two groups is two names, and each group has
/// its own bound, while the numbers run through all of them. Open addressing over one flat buffer: looking up allocates
/// nothing, admitting only when the buffer grows. Nothing is ever removed. Used for one-hot categories, and with a single
/// group for the classes of a multiclass label.
public struct CategoryTable: ~Copyable, Sendable {
    /// Names longer than this many bytes are never admitted: with ``capacity`` it bounds the memory.
    public static let nameBytesMax = 1024
    /// The most names a group can have.
    public let capacity: Int
    /// How often a name was refused for want of room or for its length.
    public internal(set) var overflowCount: UInt64 = 0
    var text: [UInt8] = []
    /// Where each name ends in `text`; it starts where the one before ends.
    var ends: [UInt32] = []
    /// The group of each name.
    var groups: [UInt32] = []
    private var counts: [Int]
    private var hashes: [UInt64] = []
    /// Index + 1, or 0; at most half of them are taken.
    private var slots = [Int32](repeating: 0, count: 32)

    /// An empty table of `groupCount` groups with at most `capacity` names each (1...1,000,000).
    public init(groupCount: Int = 1, capacity: Int = 65_536) {
        precondition(groupCount >= 1 && capacity >= 1 && capacity <= 1_000_000)
        self.capacity = capacity
        counts = [Int](repeating: 0, count: groupCount)
    }

    /// How many names were admitted, over all groups.
    public var count: Int { ends.count }

    /// How many groups there are; fixed.
    public var groupCount: Int { counts.count }

    /// The number of `name` in `group`, or `nil` when it was not admitted. Complexity: O(bytes).
    public func index(of name: RawSpan, group: Int = 0) -> Int32? {
        let hash = XXH3.hash64(name, seed: UInt64(group))
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place] != 0 {
            let index = Int(slots[place]) - 1
            if hashes[index] == hash && Int(groups[index]) == group && isName(index, name) { return Int32(index) }
            place = (place + 1) & mask
        }
        return nil
    }

    /// The number of `name` in `group` (0..<groupCount), admitting it if it is new; `nil` when there is no room for it,
    /// which is counted. Complexity: O(bytes), amortised.
    public mutating func admit(_ name: RawSpan, group: Int = 0) -> Int32? {
        if let index = index(of: name, group: group) { return index }
        // The whole text stays below 2^30 bytes, the indexes below 2^24: neither narrowing below can trap.
        let hasRoom = counts[group] < capacity && count < 1 << 24 && text.count < 1 << 30
        guard hasRoom, name.byteCount <= Self.nameBytesMax else {
            overflowCount &+= 1
            return nil
        }
        if (count + 1) * 2 > slots.count { grow() }
        let index = count
        unsafe name.withUnsafeBytes { unsafe text.append(contentsOf: $0) }
        ends.append(UInt32(text.count))
        groups.append(UInt32(group))
        hashes.append(XXH3.hash64(name, seed: UInt64(group)))
        counts[group] += 1
        take(index)
        return Int32(index)
    }

    /// The bytes of name `index` (0..<count).
    @_lifetime(borrow self)
    public func name(_ index: Int) -> RawSpan {
        unsafe text.span.extracting(start(index)..<Int(ends[index])).bytes
    }

    /// Name `index` (0..<count) as text.
    public func nameText(_ index: Int) -> String {
        String(decoding: text[start(index)..<Int(ends[index])], as: UTF8.self)
    }

    /// The group of name `index` (0..<count).
    public func group(_ index: Int) -> Int { Int(groups[index]) }

    private func start(_ index: Int) -> Int { index == 0 ? 0 : Int(ends[index - 1]) }

    private func isName(_ index: Int, _ name: RawSpan) -> Bool {
        let first = start(index)
        guard Int(ends[index]) - first == name.byteCount else { return false }
        for offset in 0..<name.byteCount
        where unsafe text[first + offset] != name.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt8.self) {
            return false
        }
        return true
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        for index in hashes.indices { take(index) }
    }

    private mutating func take(_ index: Int) {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hashes[index]) & mask
        while slots[place] != 0 { place = (place + 1) & mask }
        slots[place] = Int32(index + 1)
    }
}
