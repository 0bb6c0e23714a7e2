/// What a naive Bayes learner holds for each class: how often it came, and one element of statistics for each pair of dense
/// features; with the scratch memory in which a prediction is made.
///
/// Class-major and flat: an event's class is one stretch of memory in learning, every class in turn in predicting. Grows by
/// doubling when a class appears, at most to ``LearnableRange/classCountMax``; nothing else allocates.
@safe struct ClassTable<Pair: BitwiseCopyable>: ~Copyable {
    let pairCount: Int
    private let empty: Pair
    private let header: UnsafeMutablePointer<Header>

    @safe private struct Header {
        var learnedCount: UInt64 = 0
        var classCount = 0
        var capacity = 0
        var rows: UnsafeMutablePointer<Pair>
        var counts: UnsafeMutablePointer<Double>
        var products: UnsafeMutablePointer<LikelihoodProduct>
    }

    /// A table without classes; each pair of a new class starts as `empty`.
    init(pairCount: Int, empty: Pair) {
        self.pairCount = pairCount
        self.empty = empty
        unsafe header = .allocate(capacity: 1)
        let made = Self.makeMemory(pairCount: pairCount, capacity: 2, empty: empty)
        unsafe header.initialize(to: made)
    }

    deinit {
        unsafe Self.free(header.pointee)
        unsafe header.deallocate()
    }

    private static func makeMemory(pairCount: Int, capacity: Int, empty: Pair) -> Header {
        let rows = UnsafeMutablePointer<Pair>.allocate(capacity: max(1, capacity * pairCount))
        unsafe rows.initialize(repeating: empty, count: capacity * pairCount)
        let counts = UnsafeMutablePointer<Double>.allocate(capacity: capacity)
        unsafe counts.initialize(repeating: 0, count: capacity)
        let products = UnsafeMutablePointer<LikelihoodProduct>.allocate(capacity: capacity)
        unsafe products.initialize(repeating: LikelihoodProduct(0), count: capacity)
        return unsafe Header(capacity: capacity, rows: rows, counts: counts, products: products)
    }

    private static func free(_ memory: Header) {
        unsafe memory.rows.deallocate()
        unsafe memory.counts.deallocate()
        unsafe memory.products.deallocate()
    }

    /// How many events were learned.
    var learnedCount: UInt64 { unsafe header.pointee.learnedCount }

    /// One more than the highest class learned.
    var classCount: Int { unsafe header.pointee.classCount }

    var memoryByteCount: Int {
        let perClass = pairCount * MemoryLayout<Pair>.stride + 8 + MemoryLayout<LikelihoodProduct>.stride
        return unsafe header.pointee.capacity * perClass
    }

    /// The weight of the events of `label`, 0 for a class not learned.
    @inline(__always)
    func count(of label: Int) -> Double {
        assert(label >= 0 && label < classCount)
        return unsafe header.pointee.counts[label]
    }

    /// The statistics of one class, `pairCount` of them.
    @inline(__always)
    func row(of label: Int) -> UnsafeMutablePointer<Pair> {
        assert(label >= 0 && label < classCount)
        return unsafe header.pointee.rows + label * pairCount
    }

    /// Counts an event of class `label`, which is below ``LearnableRange/classCountMax``.
    @inline(__always)
    func add(_ label: Int, weight: Double) {
        if label >= classCount { makeRoom(for: label + 1) }
        unsafe header.pointee.counts[label] += weight
        unsafe header.pointee.learnedCount &+= 1
    }

    /// Makes at least `count` classes, new ones empty.
    @inline(never)
    func makeRoom(for count: Int) {
        precondition(count <= LearnableRange.classCountMax)
        if unsafe count > header.pointee.capacity {
            let capacity = unsafe max(count, min(LearnableRange.classCountMax, 2 * header.pointee.capacity))
            var grown = Self.makeMemory(pairCount: pairCount, capacity: capacity, empty: empty)
            let old = unsafe header.pointee
            unsafe grown.rows.update(from: old.rows, count: old.classCount * pairCount)
            unsafe grown.counts.update(from: old.counts, count: old.classCount)
            grown.learnedCount = old.learnedCount
            grown.classCount = old.classCount
            unsafe header.pointee = grown
            Self.free(old)
        }
        unsafe header.pointee.classCount = max(count, header.pointee.classCount)
    }

    /// Adds the counts of `other`; the statistics are the caller's to merge.
    func mergeCounts(_ other: borrowing ClassTable) {
        makeRoom(for: other.classCount)
        for label in 0..<other.classCount { unsafe header.pointee.counts[label] += other.count(of: label) }
        unsafe header.pointee.learnedCount &+= other.learnedCount
    }

    /// Forgets everything and becomes what a state says.
    func replace(learnedCount: UInt64, counts: [Double], rows: [Pair]) {
        precondition(rows.count == counts.count * pairCount)
        unsafe Self.free(header.pointee)
        unsafe header.pointee = Self.makeMemory(pairCount: pairCount, capacity: max(2, counts.count), empty: empty)
        unsafe header.pointee.learnedCount = learnedCount
        unsafe header.pointee.classCount = counts.count
        for (label, count) in counts.enumerated() { unsafe header.pointee.counts[label] = count }
        for (index, pair) in rows.enumerated() { unsafe header.pointee.rows[index] = pair }
    }
}

// MARK: - Predicting

extension ClassTable {
    /// Sets the joint probability of the event and class `label`, up to a factor that all classes share.
    @inline(__always)
    func setProduct(_ label: Int, _ product: LikelihoodProduct) {
        assert(label >= 0 && label < classCount)
        unsafe header.pointee.products[label] = product
    }

    /// Multiplies the joint probability of class `label` with a normal positive number.
    @inline(__always)
    func multiply(_ label: Int, by factor: Double) {
        assert(label >= 0 && label < classCount)
        unsafe header.pointee.products[label].multiply(by: factor)
    }

    /// Bayes' rule over the products set. Nothing learned: 0.5 for a binary task, no class for a multiclass one.
    ///
    /// Probabilities near 1 come from 1/(1 + odds against), as the logistic form has it: there the last bit of a probability
    /// is a large part of its distance from 1, which log loss shows.
    @inline(__always)
    func conclude(_ task: LearningTask, into prediction: inout Prediction) {
        if task == .multiclass { return concludeClasses(into: &prediction) }
        guard classCount > 0 else {
            prediction.value = 0.5
            return
        }
        let negative = unsafe header.pointee.products[0]
        let positive = classCount > 1 ? unsafe header.pointee.products[1] : LikelihoodProduct(0)
        guard positive.mantissa > 0 else {
            prediction.value = negative.mantissa > 0 ? 0 : 0.5
            return
        }
        prediction.value = 1 / (1 + negative.divided(by: positive))
    }

    @inline(never)
    private func concludeClasses(into prediction: inout Prediction) {
        let classCount = classCount
        prediction.reserveClasses(classCount)
        var best = LikelihoodProduct(0)
        for label in 0..<classCount {
            let product = unsafe header.pointee.products[label]
            if product.isLarger(than: best) { best = product }
        }
        guard best.mantissa > 0 else { return }
        var sum = 0.0
        for label in 0..<classCount {
            let share = unsafe header.pointee.products[label].divided(by: best)
            prediction[label] = share
            sum += share
        }
        for label in 0..<classCount { prediction[label] /= sum }
        prediction.decideClass()
    }
}
