/// The last events learned, as rows in flat memory, and the search for those nearest to an event.
///
/// The distance is Euclidean over the dense slots and, for the categories, over their one-hot coding: a category that only
/// one of the two has adds 1 to the square. An absent dense value stands at 0, which is the mean where features are
/// standardised, so a slot that no event has never matters.
///
/// Rows lie in blocks of eight, a block feature by feature, so that eight distances grow side by side; a block is given up
/// once all eight exceed the worst neighbour found. The newest block comes first: streams resemble their own recent past, and
/// good neighbours found early end the other blocks sooner. The result does not depend on that order: equal distances go to
/// the older row.
@safe struct NeighbourWindow: ~Copyable {
    /// Most rows kept; then a new one replaces the oldest.
    let capacity: Int
    let denseCount: Int
    let fieldCount: Int
    /// How many neighbours a search finds at most.
    let neighbourCountMax: Int
    private let blocks: UnsafeMutablePointer<SIMD8<Double>>
    private let categories: UnsafeMutablePointer<Int32>
    private let outcomes: UnsafeMutablePointer<Outcome>
    private let query: UnsafeMutablePointer<Double>
    private let queryCategories: UnsafeMutablePointer<Int32>
    private let neighbours: UnsafeMutablePointer<Neighbour>
    private let header: UnsafeMutablePointer<Header>

    /// What was learned with a row.
    struct Outcome {
        var label: Double
        var weight: Double
    }

    /// A row found by a search.
    struct Neighbour {
        var squaredDistance: Double
        var row: Int
    }

    private struct Header {
        var count = 0
        /// Where the next row goes; the oldest one once the window is full.
        var next = 0
        var found = 0
    }

    init(capacity: Int, denseCount: Int, fieldCount: Int, neighbourCountMax: Int) {
        precondition(capacity > 0 && neighbourCountMax > 0)
        self.capacity = capacity
        self.denseCount = denseCount
        self.fieldCount = fieldCount
        self.neighbourCountMax = neighbourCountMax
        let vectorCount = max(1, (capacity + 7) / 8 * denseCount)
        unsafe blocks = .allocate(capacity: vectorCount)
        unsafe blocks.initialize(repeating: .zero, count: vectorCount)
        unsafe categories = .allocate(capacity: max(1, capacity * fieldCount))
        unsafe categories.initialize(repeating: -1, count: max(1, capacity * fieldCount))
        unsafe outcomes = .allocate(capacity: capacity)
        unsafe outcomes.initialize(repeating: Outcome(label: 0, weight: 0), count: capacity)
        unsafe query = .allocate(capacity: max(1, denseCount))
        unsafe query.initialize(repeating: 0, count: max(1, denseCount))
        unsafe queryCategories = .allocate(capacity: max(1, fieldCount))
        unsafe queryCategories.initialize(repeating: -1, count: max(1, fieldCount))
        unsafe neighbours = .allocate(capacity: neighbourCountMax)
        unsafe neighbours.initialize(repeating: Neighbour(squaredDistance: 0, row: 0), count: neighbourCountMax)
        unsafe header = .allocate(capacity: 1)
        unsafe header.initialize(to: Header())
    }

    deinit {
        unsafe blocks.deallocate()
        unsafe categories.deallocate()
        unsafe outcomes.deallocate()
        unsafe query.deallocate()
        unsafe queryCategories.deallocate()
        unsafe neighbours.deallocate()
        unsafe header.deallocate()
    }

    /// How many rows there are.
    var count: Int { unsafe header.pointee.count }

    var memoryByteCount: Int {
        (capacity + 7) / 8 * denseCount * 64 + capacity * (fieldCount * 4 + MemoryLayout<Outcome>.stride)
            + neighbourCountMax * MemoryLayout<Neighbour>.stride + denseCount * 8 + fieldCount * 4
    }

    /// The physical place of the row that is the `age`-th oldest, 0..<`count`.
    func row(ofAge age: Int) -> Int {
        let row = unsafe header.pointee.next - header.pointee.count + age
        return row < 0 ? row + capacity : row
    }

    /// The inverse of ``row(ofAge:)``: the smaller, the older.
    @inline(__always)
    private func age(ofRow row: Int) -> Int {
        let age = unsafe row - header.pointee.next
        return age < 0 ? age + count : age
    }

    /// What was learned with the row at `row`.
    @inline(__always)
    func outcome(ofRow row: Int) -> Outcome {
        precondition(row >= 0 && row < count)
        return unsafe outcomes[row]
    }

    /// The dense value of a row.
    func value(ofRow row: Int, slot: Int) -> Double {
        precondition(row >= 0 && row < count && slot >= 0 && slot < denseCount)
        return unsafe blocks[row / 8 * denseCount + slot][row % 8]
    }

    /// The category of a row in `field`, −1 for none.
    func category(ofRow row: Int, field: Int) -> Int32 {
        precondition(row >= 0 && row < count && field >= 0 && field < fieldCount)
        return unsafe categories[row * fieldCount + field]
    }

    /// Makes a place for one more row, in that of the oldest once the window is full, and fills in its outcome.
    func appendRow(_ outcome: Outcome) -> Int {
        let row = unsafe header.pointee.next
        unsafe header.pointee.next = row + 1 == capacity ? 0 : row + 1
        unsafe header.pointee.count = min(capacity, count + 1)
        unsafe outcomes[row] = outcome
        return row
    }

    /// Fills in one dense value of a row.
    @inline(__always)
    func setValue(ofRow row: Int, slot: Int, _ value: Double) {
        precondition(row >= 0 && row < count && slot >= 0 && slot < denseCount)
        unsafe blocks[row / 8 * denseCount + slot][row % 8] = value
    }

    /// Fills in one category of a row.
    @inline(__always)
    func setCategory(ofRow row: Int, field: Int, _ category: Int32) {
        precondition(row >= 0 && row < count && field >= 0 && field < fieldCount)
        unsafe categories[row * fieldCount + field] = category
    }

    /// Appends an event.
    func append(_ features: borrowing FeatureVector, _ outcome: Outcome) {
        let row = appendRow(outcome)
        for slot in 0..<denseCount { setValue(ofRow: row, slot: slot, Self.present(features[slot])) }
        guard fieldCount > 0 else { return }
        readCategories(features)
        for field in 0..<fieldCount { unsafe setCategory(ofRow: row, field: field, queryCategories[field]) }
    }

    /// Forgets every row.
    func removeAll() { unsafe header.pointee = Header() }

    /// Absent values stand at 0.
    @inline(__always)
    private static func present(_ value: Double) -> Double { value.isNaN ? 0 : value }

    private func readCategories(_ features: borrowing FeatureVector) {
        unsafe queryCategories.update(repeating: -1, count: fieldCount)
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            guard entry.field >= 0, Int(entry.field) < fieldCount else { continue }
            unsafe queryCategories[Int(entry.field)] = max(-1, entry.index)
        }
    }
}

// MARK: - Search

extension NeighbourWindow {
    /// Neighbour `index` of the last search, nearest first; of equals the older first.
    @inline(__always)
    func neighbour(_ index: Int) -> Neighbour {
        assert(unsafe index >= 0 && index < header.pointee.found)
        return unsafe neighbours[index]
    }

    /// Finds the rows nearest to an event; how many were found. Complexity: O(rows × features), most rows for a part of them.
    func search(_ features: borrowing FeatureVector) -> Int {
        unsafe header.pointee.found = 0
        guard count > 0 else { return 0 }
        for slot in 0..<denseCount { unsafe query[slot] = Self.present(features[slot]) }
        if fieldCount > 0 { readCategories(features) }
        let blockCount = (count + 7) / 8
        let newest = row(ofAge: count - 1) / 8
        var worst = Double.infinity
        for block in stride(from: newest, through: 0, by: -1) { worst = search(block, within: worst) }
        for block in stride(from: blockCount - 1, to: newest, by: -1) { worst = search(block, within: worst) }
        return unsafe header.pointee.found
    }

    /// Offers the rows of one block that are within `worst`, and returns what is the worst then.
    @inline(__always)
    private func search(_ block: Int, within worst: Double) -> Double {
        let vectors = unsafe blocks + block * denseCount
        var sum = SIMD8<Double>.zero
        var slot = 0
        while slot < denseCount {
            let end = min(denseCount, slot + 4)
            while slot < end {
                let distance = unsafe vectors[slot] - query[slot]
                sum += distance * distance
                slot += 1
            }
            if all(sum .> worst) { return worst }
        }
        return offer(sum, block, within: worst)
    }

    @inline(never)
    private func offer(_ sums: SIMD8<Double>, _ block: Int, within worst: Double) -> Double {
        var worst = worst
        for lane in 0..<8 where sums[lane] <= worst && block * 8 + lane < count {
            let row = block * 8 + lane
            var sum = sums[lane]
            for field in 0..<fieldCount {
                let (own, other) = unsafe (queryCategories[field], categories[row * fieldCount + field])
                if own != other { sum += own < 0 || other < 0 ? 1 : 2 }
            }
            worst = offer(Neighbour(squaredDistance: sum, row: row), within: worst)
        }
        return worst
    }

    @inline(__always)
    private func offer(_ candidate: Neighbour, within worst: Double) -> Double {
        var place = unsafe header.pointee.found
        if place == neighbourCountMax {
            guard isNearer(candidate, unsafe neighbours[place - 1]) else { return worst }
            place -= 1
        } else {
            unsafe header.pointee.found = place + 1
        }
        while place > 0, isNearer(candidate, unsafe neighbours[place - 1]) {
            unsafe neighbours[place] = neighbours[place - 1]
            place -= 1
        }
        unsafe neighbours[place] = candidate
        let last = neighbourCountMax - 1
        return unsafe header.pointee.found > last ? unsafe neighbours[last].squaredDistance : .infinity
    }

    @inline(__always)
    private func isNearer(_ left: Neighbour, _ right: Neighbour) -> Bool {
        if left.squaredDistance != right.squaredDistance { return left.squaredDistance < right.squaredDistance }
        return age(ofRow: left.row) < age(ofRow: right.row)
    }
}
