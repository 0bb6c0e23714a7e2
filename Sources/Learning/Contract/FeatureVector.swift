/// The numbers of one event as a learner sees them: flat, of fixed capacity, reused from event to event.
///
/// Two parts: `dense` slots, one for each numeric feature of the pipeline in declared order, where NaN means *absent*
/// (contributes nothing, is not learned); and a short sparse list of (index, field, value) for categories, whose indexes
/// start at 0 and grow as categories appear. It is *not* a dictionary of names: names are resolved to slots once, when
/// the pipeline is compiled.
///
/// The rule for numbers, which no learner has to repeat: what is not finite, or larger than ``LearnableRange/magnitudeMax``,
/// is stored as absent. So a slot holds NaN or a number whose square is finite.
@safe public struct FeatureVector: ~Copyable {
    /// How many dense slots there are; fixed.
    public let denseCount: Int
    /// How many sparse entries one event can have at most (the number of one-hot features); fixed.
    public let sparseCapacity: Int
    /// The event's time in milliseconds UTC, for learners whose schedule is event time; nil where the event has none.
    public var eventTime: Int64?
    /// A hash of the event's key, for what is learned per key; 0 where it has none.
    public var keyHash: UInt64 = 0
    /// How many sparse entries this event has, 0...`sparseCapacity`.
    public private(set) var sparseCount = 0
    private let dense: UnsafeMutablePointer<Double>
    private let sparse: UnsafeMutablePointer<SparseFeature>

    /// A vector whose dense slots are all absent. Complexity: O(denseCount).
    public init(denseCount: Int, sparseCapacity: Int) {
        precondition(denseCount >= 0 && sparseCapacity >= 0)
        self.denseCount = denseCount
        self.sparseCapacity = sparseCapacity
        // Whole pairs, so that learners can read two slots at a time; the slot after an odd last one stays absent.
        let slotCount = max(2, (denseCount + 1) & ~1)
        unsafe dense = .allocate(capacity: slotCount)
        unsafe dense.initialize(repeating: .nan, count: slotCount)
        unsafe sparse = .allocate(capacity: max(sparseCapacity, 1))
    }

    deinit {
        unsafe dense.deallocate()
        unsafe sparse.deallocate()
    }

    /// The value in dense slot `index` (0..<denseCount), NaN when absent.
    public subscript(index: Int) -> Double {
        @inline(__always)
        get {
            assert(index >= 0 && index < denseCount)
            return unsafe dense[index]
        }
        set {
            assert(index >= 0 && index < denseCount)
            unsafe dense[index] = newValue.magnitude <= LearnableRange.magnitudeMax ? newValue : .nan
        }
    }

    /// Sets dense slots 2·`pair` and 2·`pair` + 1 by one store, with the rule of the subscript; beyond an odd last slot
    /// `second` has to be NaN. Learners read pairs: a pair written as two halves would stall that read (15 ns an event).
    @inline(__always)
    public mutating func setPair(_ pair: Int, _ first: Double, _ second: Double) {
        assert(pair >= 0 && pair < pairCount && (2 * pair + 1 < denseCount || second.isNaN))
        let values = SIMD2(first, second)
        let isLearnable = values.magnitude .<= SIMD2(repeating: LearnableRange.magnitudeMax)
        unsafe UnsafeMutableRawPointer(dense + 2 * pair).storeBytes(
            of: SIMD2(repeating: .nan).replacing(with: values, where: isLearnable), as: SIMD2<Double>.self)
    }

    /// Sets one dense slot to a value that keeps the rule already: NaN, or within the learnable range.
    @inline(__always)
    mutating func setUnchecked(_ index: Int, _ value: Double) {
        assert(index >= 0 && index < denseCount && !(value.magnitude > LearnableRange.magnitudeMax))
        unsafe dense[index] = value
    }

    /// Makes this event the one in `other`, a vector of the same shape: sparse entries, time and key too.
    mutating func copy(_ other: borrowing FeatureVector) {
        copyContext(of: other)
        unsafe dense.update(from: other.dense, count: max(2, (denseCount + 1) & ~1))
    }

    /// Whether this is the same event to the bit as `other`, a vector of the same shape.
    func isIdentical(to other: borrowing FeatureVector) -> Bool {
        guard denseCount == other.denseCount, sparseCount == other.sparseCount, keyHash == other.keyHash,
            eventTime == other.eventTime
        else { return false }
        var difference: UInt64 = 0
        for index in 0..<denseCount { unsafe difference |= dense[index].bitPattern ^ other.dense[index].bitPattern }
        guard difference == 0 else { return false }
        for index in 0..<sparseCount where unsafe sparse[index] != other.sparse[index] { return false }
        return true
    }

    /// Takes over the sparse entries, time and key of `other`, a vector of the same shape; the dense slots stay.
    mutating func copyContext(of other: borrowing FeatureVector) {
        precondition(denseCount == other.denseCount && sparseCapacity >= other.sparseCount)
        unsafe sparse.update(from: other.sparse, count: other.sparseCount)
        sparseCount = other.sparseCount
        eventTime = other.eventTime
        keyHash = other.keyHash
    }

    /// How many pairs of dense slots there are; an odd last slot is paired with one that is always absent.
    var pairCount: Int { (denseCount + 1) / 2 }

    /// Dense slots 2·`index` and 2·`index` + 1, absent ones as NaN. `index` is in 0..<`pairCount`.
    @inline(__always)
    func pair(_ index: Int) -> SIMD2<Double> {
        assert(index >= 0 && index < pairCount)
        return unsafe UnsafeRawPointer(dense + 2 * index).loadUnaligned(as: SIMD2<Double>.self)
    }

    /// Sparse entry `index`, which is in 0..<`sparseCount`.
    @inline(__always)
    func sparseEntry(_ index: Int) -> SparseFeature {
        assert(index >= 0 && index < sparseCount)
        return unsafe sparse[index]
    }

    /// All dense slots, in feature order.
    public var denseSpan: Span<Double> {
        @_lifetime(borrow self) borrowing get {
            let span = unsafe Span(_unsafeStart: dense, count: denseCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The sparse entries of this event, in the order they were added.
    public var sparseSpan: Span<SparseFeature> {
        @_lifetime(borrow self) borrowing get {
            let span = unsafe Span(_unsafeStart: sparse, count: sparseCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Forgets the sparse entries of the event before.
    public mutating func removeSparse() { sparseCount = 0 }

    /// Adds a sparse entry; the caller adds at most `sparseCapacity` of them an event.
    public mutating func appendSparse(_ feature: SparseFeature) {
        precondition(sparseCount < sparseCapacity)
        unsafe (sparse + sparseCount).initialize(to: feature)
        sparseCount += 1
    }
}

/// One entry of a vector's sparse part.
public struct SparseFeature: Sendable, Equatable {
    /// Index among the sparse features, from 0, in the order in which categories appeared in the task.
    public var index: Int32
    /// Which categorical field it is a value of, from 0 in the order of the feature list; an event has at most one entry
    /// of a field.
    public var field: Int32
    /// The feature's value; 1 for a one-hot category.
    public var value: Double

    /// An entry of the sparse part.
    public init(index: Int32, field: Int32 = 0, value: Double) {
        self.index = index
        self.field = field
        self.value = value
    }
}

extension SIMD2<Double> {
    /// The two sizes, without sign. (Not `abs`, which Swift 6.3 does lane by lane.)
    @inline(__always)
    var magnitude: SIMD2<Double> {
        let bits = unsafe unsafeBitCast(self, to: SIMD2<UInt64>.self) & SIMD2<UInt64>(repeating: 0x7fff_ffff_ffff_ffff)
        return unsafe unsafeBitCast(bits, to: SIMD2<Double>.self)
    }
}
