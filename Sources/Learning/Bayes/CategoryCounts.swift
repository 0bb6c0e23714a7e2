/// How often each category came with each class: what naive Bayes learns of the sparse part of events.
///
/// A categorical field is one variable with as many values as were learned of it, K. With Laplace smoothing
/// P(value | class) = (count + alpha) / (count of the class's events that have the field + alpha·K). A category that was never
/// learned, and a field that an event lacks, contribute nothing.
///
/// The field of a category is the one it was first learned with. The counts of a category are a list in order of first
/// coming, one cell for each class it came with. Bounded: a category's index is below ``indexMax``, and there are at most
/// ``cellCountMax`` cells; what lies beyond is not learned.
@safe struct CategoryCounts: ~Copyable {
    /// Categories from this index on are not learned.
    static let indexMax = 1 << 18
    /// How many pairs of category and class are counted: 6 MiB.
    static let cellCountMax = 1 << 18

    let fieldCount: Int
    private let header: UnsafeMutablePointer<Header>

    /// One category with one class.
    struct Cell {
        var category: Int32
        var label: Int32
        /// The next cell of the category, −1 at the end.
        var next: Int32 = -1
        var field: Int32
        var count: Double
    }

    @safe private struct Header {
        /// By category: its first cell, −1 for none.
        var heads = Growing<Int32>(empty: -1)
        var cells = Growing<Cell>(empty: Cell(category: 0, label: 0, field: 0, count: 0))
        /// By class and field: the weight of the class's events with a category of the field.
        var totals = Growing<Double>(empty: 0)
        /// By field: K.
        var valueCounts = Growing<Double>(empty: 0)
    }

    init(fieldCount: Int) {
        self.fieldCount = fieldCount
        unsafe header = .allocate(capacity: 1)
        unsafe header.initialize(to: Header())
        unsafe header.pointee.valueCounts.grow(to: fieldCount)
    }

    deinit {
        unsafe header.pointee.heads.free()
        unsafe header.pointee.cells.free()
        unsafe header.pointee.totals.free()
        unsafe header.pointee.valueCounts.free()
        unsafe header.deallocate()
    }

    var memoryByteCount: Int {
        unsafe header.pointee.heads.memoryByteCount + header.pointee.cells.memoryByteCount
            + header.pointee.totals.memoryByteCount + header.pointee.valueCounts.memoryByteCount
    }

    /// How many cells there are.
    var cellCount: Int { unsafe header.pointee.cells.count }

    /// Cell `index`, in the order in which they were made.
    @inline(__always)
    func cell(_ index: Int) -> Cell { unsafe header.pointee.cells[index] }

    /// The first cell of a category, nil where it was never learned.
    @inline(__always)
    func firstCell(of category: Int32) -> Int? {
        guard category >= 0, unsafe Int(category) < header.pointee.heads.count else { return nil }
        let head = unsafe header.pointee.heads[Int(category)]
        return head < 0 ? nil : Int(head)
    }

    /// How many categories of `field` were learned.
    @inline(__always)
    func valueCount(of field: Int32) -> Double { unsafe header.pointee.valueCounts[Int(field)] }

    /// How many categories were learned in all fields.
    var valueCount: Double {
        var sum = 0.0
        for field in 0..<fieldCount { sum += valueCount(of: Int32(field)) }
        return sum
    }

    /// The sum of the counts of class `label` in `field`.
    @inline(__always)
    func total(_ label: Int, _ field: Int32) -> Double {
        let index = label * fieldCount + Int(field)
        return unsafe index < header.pointee.totals.count ? header.pointee.totals[index] : 0
    }

    /// Adds `amount` to the count of a category with class `label`; false where it is beyond a bound.
    @discardableResult
    func add(_ entry: SparseFeature, label: Int, amount: Double) -> Bool {
        guard entry.index >= 0, Int(entry.index) < Self.indexMax else { return false }
        guard entry.field >= 0, Int(entry.field) < fieldCount else { return false }
        let cells = unsafe header.pointee.cells
        var last: Int?
        var position = firstCell(of: entry.index)
        while let index = position, Int(cells[index].label) != label {
            last = index
            position = cells[index].next < 0 ? nil : Int(cells[index].next)
        }
        guard let index = position ?? makeCell(entry, label: label, after: last) else { return false }
        let field = Int(cell(index).field)
        unsafe header.pointee.totals.grow(to: (label + 1) * fieldCount)
        unsafe header.pointee.totals[label * fieldCount + field] += amount
        unsafe header.pointee.cells[index].count += amount
        return true
    }

    /// Makes a cell at the end of its category's list, whose last cell is `last`; nil where there are too many.
    @inline(never)
    private func makeCell(_ entry: SparseFeature, label: Int, after last: Int?) -> Int? {
        let index = cellCount
        guard index < Self.cellCountMax else { return nil }
        var made = Cell(category: entry.index, label: Int32(label), field: entry.field, count: 0)
        if let last {
            made.field = cell(last).field
            unsafe header.pointee.cells[last].next = Int32(index)
        } else {
            unsafe header.pointee.heads.grow(to: Int(entry.index) + 1)
            unsafe header.pointee.heads[Int(entry.index)] = Int32(index)
            unsafe header.pointee.valueCounts[Int(entry.field)] += 1
        }
        unsafe header.pointee.cells.grow(to: index + 1)
        unsafe header.pointee.cells[index] = made
        return index
    }

    /// Adds all counts of `other`, whose categories have the same indexes.
    func merge(_ other: borrowing CategoryCounts) {
        for index in 0..<other.cellCount {
            let cell = other.cell(index)
            let entry = SparseFeature(index: cell.category, field: cell.field, value: 1)
            add(entry, label: Int(cell.label), amount: cell.count)
        }
    }
}

// MARK: - State

extension CategoryCounts {
    /// Appends every cell in order of making; the rest follows from them.
    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(cellCount))
        for index in 0..<cellCount {
            let cell = cell(index)
            encoder.append(UInt32(bitPattern: cell.category))
            encoder.append(UInt16(truncatingIfNeeded: cell.label))
            encoder.append(UInt32(bitPattern: cell.field))
            encoder.append(cell.count)
        }
        let totals = unsafe header.pointee.totals
        encoder.append(UInt64(totals.count))
        for index in 0..<totals.count { encoder.append(totals[index]) }
    }

    /// Counts read from a state, checked, and of nobody yet.
    static func decoded(
        from decoder: inout StateDecoder, fieldCount: Int, classCount: Int
    ) throws(StateError) -> CategoryCounts {
        let decoded = CategoryCounts(fieldCount: fieldCount)
        let cellCount = try decoder.length(ofElements: 18)
        guard cellCount <= cellCountMax else { throw .corrupt }
        for index in 0..<cellCount {
            let category = Int32(bitPattern: try decoder.uint32())
            let label = Int(try decoder.uint16())
            let entry = SparseFeature(index: category, field: Int32(bitPattern: try decoder.uint32()), value: 1)
            let amount = try decoder.double()
            guard label < classCount, amount >= 0, decoded.add(entry, label: label, amount: amount),
                decoded.cellCount == index + 1
            else { throw .corrupt }
        }
        let totalCount = try decoder.length(ofElements: 8)
        guard unsafe totalCount == decoded.header.pointee.totals.count else { throw .corrupt }
        for index in 0..<totalCount {
            let total = try decoder.double()
            guard total >= 0 else { throw .corrupt }
            unsafe decoded.header.pointee.totals[index] = total
        }
        return decoded
    }

    /// Forgets everything and becomes `other`, which is left empty.
    func take(_ other: consuming CategoryCounts) {
        let before = unsafe header.pointee
        unsafe header.pointee = other.header.pointee
        unsafe other.header.pointee = before
    }
}
