/// A weight and a vector of latent factors for each of a growing number of things (features, users, items), flat: one row is
/// one stretch of memory, its factors in whole pairs.
///
/// A row is made when its thing is first learned. Its factors then are normal random numbers that depend on the seed, the
/// kind and the thing's index only: not on the order in which things appear, nor on how many others there are.
@safe struct LatentRows: ~Copyable {
    /// Factors in pairs; an odd last one is paired with one that stays 0.
    let pairCount: Int
    /// Things from this index on have no row.
    let countMax: Int
    private let kind: UInt64
    private let parameters: FactorizationParameters
    private let header: UnsafeMutablePointer<Header>

    @safe private struct Header {
        /// `stride` pairs a row: (weight, 1 where the row was made), then the factors.
        var rows: UnsafeMutablePointer<SIMD2<Double>>?
        var count = 0
        var capacity = 0
    }

    /// No rows. `kind` tells two lists of one learner apart in what is random.
    init(kind: UInt64, countMax: Int, parameters: FactorizationParameters) {
        self.kind = kind
        self.countMax = countMax
        self.parameters = parameters
        pairCount = (parameters.factorCount + 1) / 2
        unsafe header = .allocate(capacity: 1)
        unsafe header.initialize(to: Header())
    }

    deinit {
        unsafe header.pointee.rows?.deallocate()
        unsafe header.deallocate()
    }

    private var stride: Int { pairCount + 1 }

    /// One more than the highest index that has a row.
    var count: Int { unsafe header.pointee.count }

    var memoryByteCount: Int { unsafe header.pointee.capacity * stride * MemoryLayout<SIMD2<Double>>.stride }

    /// The row of thing `index`: its weight in lane 0 of the first element, its factors in the `pairCount` elements after;
    /// nil where it was never learned.
    @inline(__always)
    func row(_ index: Int) -> UnsafeMutablePointer<SIMD2<Double>>? {
        guard index >= 0, index < count, let rows = unsafe header.pointee.rows else { return nil }
        let row = unsafe rows + index * stride
        return unsafe row[0][1] == 0 ? nil : row
    }

    /// The row of thing `index`, made if need be; nil beyond the bound.
    @inline(__always)
    func makingRow(_ index: Int) -> UnsafeMutablePointer<SIMD2<Double>>? {
        if let row = unsafe row(index) { return unsafe row }
        return unsafe makeRow(index)
    }

    @inline(never)
    private func makeRow(_ index: Int) -> UnsafeMutablePointer<SIMD2<Double>>? {
        guard index >= 0, index < countMax else { return nil }
        grow(to: index + 1)
        guard let rows = unsafe header.pointee.rows else { return nil }
        let row = unsafe rows + index * stride
        unsafe row[0] = SIMD2(0, 1)
        // The golden ratio spreads neighbouring indexes; the generator's own start mixes the rest.
        let place = (kind << 32 | UInt64(index)) &* 0x9e37_79b9_7f4a_7c15
        var generator = RandomGenerator(seed: parameters.seed ^ place)
        for factor in 0..<parameters.factorCount {
            unsafe row[1 + factor / 2][factor % 2] = parameters.spread * generator.nextGaussian()
        }
        return unsafe row
    }

    private func grow(to count: Int) {
        guard count > self.count else { return }
        if unsafe count > header.pointee.capacity {
            let capacity = unsafe min(countMax, max(count, 2 * header.pointee.capacity, 8))
            let grown = UnsafeMutablePointer<SIMD2<Double>>.allocate(capacity: capacity * stride)
            unsafe grown.initialize(repeating: .zero, count: capacity * stride)
            if let rows = unsafe header.pointee.rows {
                unsafe grown.update(from: rows, count: self.count * stride)
                unsafe rows.deallocate()
            }
            unsafe header.pointee.rows = unsafe grown
            unsafe header.pointee.capacity = capacity
        }
        unsafe header.pointee.count = count
    }
}

// MARK: - State

extension LatentRows {
    /// Appends the rows that were made, each with its index.
    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64((0..<count).count { unsafe row($0) != nil }))
        for index in 0..<count {
            guard let row = unsafe row(index) else { continue }
            encoder.append(UInt32(truncatingIfNeeded: index))
            unsafe encoder.append(row[0][0])
            for factor in 0..<parameters.factorCount { unsafe encoder.append(row[1 + factor / 2][factor % 2]) }
        }
    }

    /// Rows read from a state, checked, and of nobody yet.
    func decoded(from decoder: inout StateDecoder) throws(StateError) -> [DecodedRow] {
        let count = try decoder.length(ofElements: 12 + 8 * parameters.factorCount)
        guard count <= countMax else { throw .corrupt }
        var rows: [DecodedRow] = []
        for _ in 0..<count {
            let index = Int(try decoder.uint32())
            guard index < countMax, index > rows.last?.index ?? -1 else { throw .corrupt }
            var row = DecodedRow(index: index, weight: try decoder.double())
            for _ in 0..<parameters.factorCount { row.factors.append(try decoder.double()) }
            rows.append(row)
        }
        return rows
    }

    /// A row of a state.
    struct DecodedRow {
        var index: Int
        var weight: Double
        var factors: [Double] = []
    }

    /// Forgets everything and becomes what a state says.
    func replace(by decoded: [DecodedRow]) {
        unsafe header.pointee.rows?.deallocate()
        unsafe header.pointee = Header()
        for from in decoded {
            guard let row = unsafe makingRow(from.index) else { continue }
            unsafe row[0][0] = from.weight
            for (factor, value) in from.factors.enumerated() { unsafe row[1 + factor / 2][factor % 2] = value }
        }
    }
}
