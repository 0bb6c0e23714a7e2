/// Weighted counts of classes that may fade: how often each came, an older event counting `keep` times as much as the one
/// after it. Grows when a class appears.
@safe struct ClassCounts: ~Copyable {
    private let keep: Double
    private var counts: UnsafeMutablePointer<Double>
    private(set) var classCount = 0
    private var capacity = 2
    private(set) var total = 0.0

    /// Counts of no event; `keep` is in 0<...1, 1 for counts that never fade.
    init(keep: Double) {
        self.keep = keep
        unsafe counts = .allocate(capacity: 2)
        unsafe counts.initialize(repeating: 0, count: 2)
    }

    deinit { unsafe counts.deallocate() }

    var memoryByteCount: Int { capacity * MemoryLayout<Double>.stride }

    /// The share of class `index`; 0 of one not seen and while there is nothing.
    @inline(__always)
    func share(_ index: Int) -> Double { index < classCount && total > 0 ? unsafe counts[index] / total : 0 }

    /// Counts an event of class `index` (0..<`LearnableRange.classCountMax`) `weight` times.
    mutating func add(_ index: Int, weight: Double) {
        // No sum of such weights leaves the numbers.
        let weight = min(weight, LearnableRange.magnitudeMax)
        if index >= classCount { grow(to: index + 1) }
        if keep < 1 {
            let factor = weight == 1 ? keep : power(keep, weight)
            for other in 0..<classCount { unsafe counts[other] *= factor }
            total *= factor
        }
        unsafe counts[index] += weight
        total += weight
    }

    private mutating func grow(to count: Int) {
        precondition(count <= LearnableRange.classCountMax)
        if count > capacity {
            let grown = UnsafeMutablePointer<Double>.allocate(capacity: 2 * count)
            unsafe grown.initialize(repeating: 0, count: 2 * count)
            unsafe grown.update(from: counts, count: classCount)
            unsafe counts.deallocate()
            unsafe counts = unsafe grown
            capacity = 2 * count
        }
        classCount = count
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt32(truncatingIfNeeded: classCount))
        encoder.append(total)
        for index in 0..<classCount { unsafe encoder.append(counts[index]) }
    }

    /// The encoded counts, which are checked, with `keep` as given.
    init(from decoder: inout StateDecoder, keep: Double) throws(StateError) {
        let count = Int(try decoder.uint32())
        guard count <= LearnableRange.classCountMax else { throw .corrupt }
        let total = try decoder.double()
        var values: [Double] = []
        for _ in 0..<count { values.append(try decoder.double()) }
        // Of the total each count is a share, up to what rounding has done to both.
        guard total >= 0, total.isFinite, values.allSatisfy({ $0 >= 0 && $0 <= 2 * total }) else { throw .corrupt }
        self.init(keep: keep)
        if count > 0 { grow(to: count) }
        for (index, value) in values.enumerated() { unsafe counts[index] = value }
        self.total = total
    }
}
