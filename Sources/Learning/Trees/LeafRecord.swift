/// What a node holds beside its test. A leaf's statistics grow with its events; a split node keeps its class weights as they
/// were when it was split, and nothing else.
@safe struct LeafRecord: TreeRecord {
    /// `capacity` class weights, in the order in which the classes entered, then `capacity` class indexes (as numbers).
    var weights: UnsafeMutablePointer<Double>?
    /// The slots of a drawn subspace, two a pair (−1 for none), where there is one; then for each class in the order of
    /// `weights` the statistics of each pair of features. Nil until needed, and once forgotten.
    var observers: UnsafeMutablePointer<Double>?
    /// What is counted of categories; nil where there are none.
    var categories: UnsafeMutablePointer<CategoryTable>?
    /// Weight of all classes at the last attempt to split; at birth what was inherited.
    var lastAttempt = 0.0
    /// Weight of the events whose class the largest share foretold.
    var majorityHits = 0.0
    /// Weight of the events whose class naive Bayes foretold.
    var bayesHits = 0.0
    /// Which categorical fields the leaf looks at, a bit each (fields 64 apart share one).
    var fields = UInt64.max
    var classCount: Int32 = 0
    /// log₂ of the capacity.
    var capacityExponent: Int32 = 0

    var capacity: Int { 1 << Int(capacityExponent) }

    /// The place of `label` among the leaf's classes, −1 when it has none.
    @inline(__always)
    func slot(of label: Int) -> Int {
        guard let weights = unsafe weights else { return -1 }
        let (ids, wanted) = unsafe (weights + capacity, Double(label))
        for slot in 0..<Int(classCount) where unsafe ids[slot] == wanted { return slot }
        return -1
    }

    /// The class in `slot`, below `classCount`.
    @inline(__always)
    func label(at slot: Int) -> Int {
        guard let weights = unsafe weights else { return 0 }
        return unsafe Int(weights[capacity + slot])
    }

    /// The weight of all classes, summed in their order.
    @inline(__always)
    var total: Double {
        guard let weights = unsafe weights else { return 0 }
        var sum = 0.0
        for slot in 0..<Int(classCount) { unsafe sum += weights[slot] }
        return sum
    }

    /// The place of the heaviest class, the first of equals; −1 without any.
    @inline(__always)
    var heaviest: Int {
        guard let weights = unsafe weights, classCount > 0 else { return -1 }
        return unsafe firstLargest(weights, Int(classCount))
    }
}

/// The place of the largest of `count` (above 0) numbers, the first of equals.
@inline(__always)
func firstLargest(_ numbers: UnsafeMutablePointer<Double>, _ count: Int) -> Int {
    var best = 0
    for index in 1..<max(1, count) where unsafe numbers[index] > numbers[best] { best = index }
    return best
}
