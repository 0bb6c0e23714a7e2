/// One event as trees see it: dense values in whole pairs (absent ones NaN) and, for each categorical field, the category it
/// has (−1 for none). Filled once an event and read by every tree of an ensemble.
///
/// It remembers the event before, so that learning what was just predicted can use what predicting found out.
@safe struct TreeEvent: ~Copyable {
    /// Categories from this index on count as absent, like every index a writer does not make.
    static let categoryMax: Int32 = 1 << 18
    /// A weight above this counts as this, so that sums of weights stay numbers.
    static let weightMax = 1e9
    /// A weight below this counts as 0, so that squares of sums of weights are not.
    static let weightMin = 1e-100

    let denseCount: Int
    let fieldCount: Int
    let pairCount: Int
    let values: UnsafeMutablePointer<Double>
    let categories: UnsafeMutablePointer<Int32>
    private let incoming: UnsafeMutablePointer<Int32>

    init(_ shape: LearnerShape) {
        denseCount = shape.denseCount
        fieldCount = shape.fieldCount
        pairCount = (denseCount + 1) / 2
        unsafe values = .allocate(capacity: max(2, 2 * pairCount))
        unsafe values.initialize(repeating: .nan, count: max(2, 2 * pairCount))
        unsafe categories = .allocate(capacity: max(1, fieldCount))
        unsafe categories.initialize(repeating: -1, count: max(1, fieldCount))
        unsafe incoming = .allocate(capacity: max(1, fieldCount))
        unsafe incoming.initialize(repeating: -1, count: max(1, fieldCount))
    }

    deinit {
        unsafe values.deallocate()
        unsafe categories.deallocate()
        unsafe incoming.deallocate()
    }

    var memoryByteCount: Int { 16 * pairCount + 8 * fieldCount }

    /// Takes the event over; true when it is to the bit the one that was here.
    @inline(__always)
    func load(_ features: borrowing FeatureVector) -> Bool {
        precondition(features.denseCount == denseCount)
        var difference = SIMD2<UInt64>.zero
        for index in 0..<pairCount {
            let new = features.pair(index)
            let place = unsafe UnsafeMutableRawPointer(values + 2 * index)
            let old = unsafe place.load(as: SIMD2<UInt64>.self)
            unsafe difference |= old ^ unsafeBitCast(new, to: SIMD2<UInt64>.self)
            unsafe place.storeBytes(of: new, as: SIMD2<Double>.self)
        }
        let isSame = difference[0] | difference[1] == 0
        return fieldCount == 0 ? isSame : loadCategories(features) && isSame
    }

    private func loadCategories(_ features: borrowing FeatureVector) -> Bool {
        for field in 0..<fieldCount { unsafe incoming[field] = -1 }
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            guard entry.field >= 0, entry.field < fieldCount, entry.index >= 0, entry.index < Self.categoryMax else {
                continue
            }
            unsafe incoming[Int(entry.field)] = entry.index
        }
        var isSame = true
        for field in 0..<fieldCount {
            unsafe isSame = isSame && categories[field] == incoming[field]
            unsafe categories[field] = incoming[field]
        }
        return isSame
    }
}
