import Hashing

/// An encoded state whose bytes can be changed behind the back of its checksums: what a damaged writer, or somebody else, would
/// leave behind.
struct ForgedState {
    private(set) var bytes: [UInt8]
    /// Where sections begin and where their checksums lie, inner sections before those around them.
    private let sections: [Range<Int>]
    /// The places that are no section's head or checksum.
    let body: [Int]

    init(_ state: [UInt8]) {
        bytes = state
        var sections: [Range<Int>] = []
        var isFrame = Array(repeating: false, count: state.count)
        for start in 0..<max(0, state.count - 21) {
            guard let end = Self.end(ofSectionAt: start, state) else { continue }
            sections.append(start..<end)
            for place in [start..<start + 14, end..<end + 8].joined() { isFrame[place] = true }
        }
        self.sections = sections.sorted { $0.count < $1.count }
        body = state.indices.filter { !isFrame[$0] }
    }

    private static func end(ofSectionAt start: Int, _ state: [UInt8]) -> Int? {
        let length = number(at: start + 6, state)
        guard length <= UInt64(state.count - start - 22) else { return nil }
        let end = start + 14 + Int(length)
        return number(at: end, state) == XXH3.hash64(state, in: start..<end) ? end : nil
    }

    private static func number(at place: Int, _ state: [UInt8]) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(state[place + $1]) << UInt64(8 * $1) }
    }

    /// The state with the bytes from `place` on replaced, as far as it reaches, and all checksums right.
    func with(_ replacement: [UInt8], at place: Int) -> [UInt8] {
        var forged = bytes
        for (offset, byte) in replacement.enumerated() where place + offset < forged.count {
            forged[place + offset] = byte
        }
        for section in sections {
            let sum = XXH3.hash64(forged, in: section)
            for byte in 0..<8 { forged[section.upperBound + byte] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * byte)) }
        }
        return forged
    }
}
