/// Probabilities as whole numbers that ascend with them and tell the smallest differences apart at both ends: those of p below
/// one half and those of 1 − p above it.
enum ProbabilityOrder {
    private static let half = (0.5).bitPattern

    /// The number of `probability`, which is in 0...1: the bits of min(p, 1 − p), turned round above one half. Below 2^63.
    @inline(__always)
    static func rank(_ probability: Double) -> UInt64 {
        let isUpper = probability > 0.5
        // Exact: 1 − p of p in 0.5...1 has no more digits than p.
        let distance = (isUpper ? 1 - probability : probability).bitPattern
        return isUpper ? 2 * half &- distance : distance
    }

    /// Cells of about the same *relative* width: a power of two of min(p, 1 − p) has 2^`bits` of them, and there are as many
    /// powers of two as `octaves` below one half; what is nearer to 0 or 1 shares the first and the last cell.
    struct Cells {
        private let shift: UInt64
        private let first: UInt64
        private let last: UInt64

        init(octaves: UInt64, bits: UInt64) {
            shift = 52 - bits
            first = (half >> shift) - (octaves << bits)
            last = (half >> shift) + (octaves << bits)
        }

        /// Cells are 0..<`count`.
        var count: Int { Int(last - first) + 1 }

        /// The cell of `rank`.
        @inline(__always)
        subscript(rank: UInt64) -> UInt64 { min(max(rank >> shift, first), last) &- first }
    }
}
