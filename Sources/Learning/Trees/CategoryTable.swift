/// The class weights of each category met in one leaf: rows in the order of their first event, found by hashing.
///
/// The first ``rowCountMax`` categories of a leaf are counted, later ones are not: a bound on memory.
@safe struct CategoryTable {
    static let rowCountMax = 1_024

    /// One category of one field.
    struct Key: Equatable {
        var field: Int32
        var category: Int32
    }

    let classCapacity: Int
    private(set) var count = 0
    private var capacity = 8
    private(set) var keys: UnsafeMutablePointer<Key>
    /// `classCapacity` weights a row.
    private(set) var weights: UnsafeMutablePointer<Double>
    /// For each field and class the weight of all its events, also of those whose category has no row.
    private(set) var sums: UnsafeMutablePointer<Double>
    /// How many rows each field has.
    private(set) var rowCounts: UnsafeMutablePointer<Int32>
    let fieldCount: Int
    /// Row + 1 by hash, 0 for none; twice as many places as rows.
    private var places: UnsafeMutablePointer<Int32>

    init(classCapacity: Int, fieldCount: Int) {
        self.classCapacity = classCapacity
        self.fieldCount = fieldCount
        unsafe sums = .allocate(capacity: fieldCount * classCapacity)
        unsafe sums.initialize(repeating: 0, count: fieldCount * classCapacity)
        unsafe rowCounts = .allocate(capacity: fieldCount)
        unsafe rowCounts.initialize(repeating: 0, count: fieldCount)
        unsafe keys = .allocate(capacity: capacity)
        unsafe weights = .allocate(capacity: capacity * classCapacity)
        unsafe places = .allocate(capacity: 2 * capacity)
        unsafe places.initialize(repeating: 0, count: 2 * capacity)
    }

    func deallocate() {
        releaseRows()
        unsafe sums.deallocate()
        unsafe rowCounts.deallocate()
    }

    private func releaseRows() {
        unsafe keys.deallocate()
        unsafe weights.deallocate()
        unsafe places.deallocate()
    }

    /// Bytes that an empty table takes.
    static func byteCountMin(_ classCapacity: Int, _ fieldCount: Int) -> Int {
        8 * (8 * classCapacity + 16) + fieldCount * (8 * classCapacity + 4) + MemoryLayout<Self>.stride
    }

    /// Bytes taken, which depend on the counts alone.
    var memoryByteCount: Int {
        capacity * (8 * classCapacity + 16) + fieldCount * (8 * classCapacity + 4) + MemoryLayout<Self>.stride
    }

    /// The weight of all events of a class that had a category in `field`, and how many categories are told apart there.
    @inline(__always)
    func sum(field: Int32, slot: Int) -> (weight: Double, count: Int32) {
        unsafe (sums[Int(field) * classCapacity + slot], rowCounts[Int(field)])
    }

    func addToSum(field: Int32, slot: Int, weight: Double) {
        unsafe sums[Int(field) * classCapacity + slot] += weight
    }

    /// The weights of a category by class; nil for one that was not met.
    @inline(__always)
    func row(_ key: Key) -> UnsafeMutablePointer<Double>? {
        let place = unsafe places[place(of: key)]
        return unsafe place == 0 ? nil : weights + (Int(place) - 1) * classCapacity
    }

    /// The weights of a category by class, a row of zeros when it is new; nil when there are too many already.
    mutating func rowForAdding(_ key: Key) -> UnsafeMutablePointer<Double>? {
        if let row = unsafe row(key) { return unsafe row }
        guard count < Self.rowCountMax else { return nil }
        if count == capacity { resize(to: 2 * capacity) }
        unsafe (keys + count).initialize(to: key)
        let row = unsafe weights + count * classCapacity
        unsafe row.initialize(repeating: 0, count: classCapacity)
        unsafe places[place(of: key)] = Int32(count) + 1
        count += 1
        unsafe rowCounts[Int(key.field)] += 1
        return unsafe row
    }

    /// The same counts with room for more classes.
    func widened(to wider: Int) -> CategoryTable {
        var copy = CategoryTable(classCapacity: wider, fieldCount: fieldCount)
        for field in 0..<fieldCount {
            for slot in 0..<classCapacity {
                unsafe copy.sums[field * wider + slot] = sums[field * classCapacity + slot]
            }
        }
        for index in 0..<count {
            guard let row = unsafe copy.rowForAdding(keys[index]) else { continue }
            for slot in 0..<classCapacity { unsafe row[slot] = weights[index * classCapacity + slot] }
        }
        return copy
    }

    private mutating func resize(to larger: Int) {
        let (newKeys, newWeights) = (
            UnsafeMutablePointer<Key>.allocate(capacity: larger),
            UnsafeMutablePointer<Double>.allocate(capacity: larger * classCapacity)
        )
        unsafe newKeys.initialize(from: keys, count: count)
        unsafe newWeights.initialize(from: weights, count: count * classCapacity)
        releaseRows()
        (unsafe keys, unsafe weights) = unsafe (newKeys, newWeights)
        unsafe places = .allocate(capacity: 2 * larger)
        unsafe places.initialize(repeating: 0, count: 2 * larger)
        capacity = larger
        for index in 0..<count { unsafe places[place(of: keys[index])] = Int32(index) + 1 }
    }

    /// Where the key is, or would be put.
    @inline(__always)
    private func place(of key: Key) -> Int {
        let mixed = (UInt64(UInt32(bitPattern: key.field)) << 32 | UInt64(UInt32(bitPattern: key.category)))
        let mask = 2 * capacity - 1
        var place = Int(truncatingIfNeeded: (mixed &* 0x9e37_79b9_7f4a_7c15) >> 40) & mask
        while true {
            let row = unsafe places[place]
            if unsafe row == 0 || keys[Int(row) - 1] == key { return place }
            place = (place + 1) & mask
        }
    }
}

// MARK: - State

extension CategoryTable {
    /// Appends the rows in their order and the sums, of the first `classCount` classes.
    func encode(into encoder: inout StateEncoder, classCount: Int) {
        encoder.append(UInt64(count))
        for row in 0..<count {
            unsafe encoder.append(UInt32(bitPattern: keys[row].field))
            unsafe encoder.append(UInt32(bitPattern: keys[row].category))
            unsafe encoder.append(numbers: weights + row * classCapacity, count: classCount)
        }
        for field in 0..<fieldCount {
            unsafe encoder.append(numbers: sums + field * classCapacity, count: classCount)
        }
    }

    /// Reads what was encoded into an empty table; every key and number is checked. Weights are not negative, unless
    /// `isSigned`.
    mutating func decode(
        from decoder: inout StateDecoder, classCount: Int, isSigned: Bool = false
    ) throws(StateError) {
        let rowCount = try decoder.length(ofElements: 8 + 8 * classCount)
        guard rowCount <= Self.rowCountMax, classCount <= classCapacity else { throw .corrupt }
        for _ in 0..<rowCount {
            let (field, category) = (try decoder.uint32(), try decoder.uint32())
            guard field < UInt32(fieldCount), category < UInt32(TreeEvent.categoryMax) else { throw .corrupt }
            let key = Key(field: Int32(field), category: Int32(category))
            guard unsafe row(key) == nil, let row = unsafe rowForAdding(key) else { throw .corrupt }
            unsafe try decoder.read(into: row, count: classCount)
            for slot in 0..<classCount {
                guard unsafe isSigned || row[slot] >= 0, unsafe row[slot].isFinite else { throw .corrupt }
            }
        }
        for field in 0..<fieldCount {
            let sum = unsafe sums + field * classCapacity
            unsafe try decoder.read(into: sum, count: classCount)
            for slot in 0..<classCount {
                guard unsafe isSigned || sum[slot] >= 0, unsafe sum[slot].isFinite else { throw .corrupt }
            }
        }
    }
}
