/// The weights, optimiser state and scaling statistics of one linear model, in flat memory of its own.
///
/// A model has one weight vector for each score: one for most, one for each class of a softmax model. A weight is a group of
/// `numbersPerWeight` numbers: the weight and behind it what the optimiser remembers of it. Dense features lie in pairs, so
/// that the arithmetic goes two at a time and one event reads each cache line once; dense groups lie vector by vector.
/// Sparse features have a growing table, feature by feature and in that vector by vector, of groups of single numbers.
///
/// The order of every sum is part of the state's meaning and fixed: score = ((intercept + even slots of even pairs + of odd
/// pairs) + (odd slots likewise)) + sparse entries in the event's order, each in slot order.
///
/// A dense value that is absent contributes nothing, and neither its weight, its state nor its statistics change.
///
/// It is not a `class` nor an `Array` in one: the pointers are `let`, so no access needs an exclusivity check.
@safe struct LinearWeights: ~Copyable {
    /// One pointer, so that a call passes one word. Loops take what they need of it into locals first.
    let core: UnsafeMutablePointer<Core>

    /// What one model has once, and where its memory is.
    @safe struct Core {
        let denseCount: Int
        let pairCount: Int
        /// Whether there is one vector and always will be.
        let hasOneScore: Bool
        /// Whether features are standardised.
        let isScaling: Bool
        let numbersPerWeight: Int
        let parameters: LinearParameters
        let statistics: UnsafeMutablePointer<PairStatistics>
        /// The event being learned, scaled with statistics that include it; 0 where absent.
        let scaled: UnsafeMutablePointer<SIMD2<Double>>
        /// Room for one group.
        let scratch: UnsafeMutablePointer<SIMD2<Double>>
        var learnedCount: UInt64 = 0
        /// Multiplies every learning rate.
        var rateFactor: Double = 1
        /// The l1 penalty that a weight could have received so far (u in Tsuruoka et al. 2009).
        var penaltyTotal: Double = 0
        /// Adam's β₁ᵗ and β₂ᵗ.
        var beta1Power: Double = 1
        var beta2Power: Double = 1
        var vectorCount = 0
        var vectorCapacity = 0
        /// A group of single numbers for each vector.
        var intercepts: UnsafeMutablePointer<Double>
        /// A number for each vector: its score, then the loss's derivative in it.
        var outputs: UnsafeMutablePointer<Double>
        /// The groups of each vector's pairs.
        var dense: UnsafeMutablePointer<SIMD2<Double>>
        /// `vectorCapacity` groups for each sparse slot.
        var sparse: UnsafeMutablePointer<Double>?
        var sparseCount = 0
        var sparseCapacity = 0
    }

    /// The scaling statistics of two neighbouring dense features; one cache line.
    struct PairStatistics {
        /// Events (weighted) in which the feature was present.
        var count = SIMD2<Double>.zero
        var mean = SIMD2<Double>.zero
        /// Population variance.
        var variance = SIMD2<Double>.zero
        /// 1/√variance, 0 where that is 0; kept so that predicting neither divides nor takes roots. 1 without scaling.
        var inverse = SIMD2<Double>.zero
    }

    /// Weights of 0: for one score, or for a model of several scores which has none yet.
    init(denseCount: Int, hasOneScore: Bool, parameters: LinearParameters) {
        precondition(denseCount >= 0)
        let (pairCount, numbers) = ((denseCount + 1) / 2, parameters.numbersPerWeight)
        var pair = PairStatistics()
        if parameters.scaling == .none { pair.inverse = SIMD2(repeating: 1) }
        unsafe core = .allocate(capacity: 1)
        unsafe core.initialize(
            to: Core(
                denseCount: denseCount, pairCount: pairCount, hasOneScore: hasOneScore,
                isScaling: parameters.scaling == .standard, numbersPerWeight: numbers, parameters: parameters,
                statistics: Self.memory(pair, count: pairCount), scaled: Self.memory(.zero, count: pairCount),
                scratch: Self.memory(.zero, count: numbers), intercepts: Self.memory(0, count: 0),
                outputs: Self.memory(0, count: 0), dense: Self.memory(.zero, count: 0)))
        if hasOneScore { makeVectors(1) }
    }

    deinit {
        unsafe core.pointee.sparse?.deallocate()
        unsafe core.pointee.dense.deallocate()
        unsafe core.pointee.outputs.deallocate()
        unsafe core.pointee.intercepts.deallocate()
        unsafe core.pointee.scratch.deallocate()
        unsafe core.pointee.scaled.deallocate()
        unsafe core.pointee.statistics.deallocate()
        unsafe core.deallocate()
    }

    @inline(__always)
    var denseCount: Int { unsafe core.pointee.denseCount }

    @inline(__always)
    var pairCount: Int { unsafe core.pointee.pairCount }

    @inline(__always)
    var hasOneScore: Bool { unsafe core.pointee.hasOneScore }

    @inline(__always)
    var isScaling: Bool { unsafe core.pointee.isScaling }

    @inline(__always)
    var numbersPerWeight: Int { unsafe core.pointee.numbersPerWeight }

    @inline(__always)
    var hashBits: Int { unsafe core.pointee.parameters.hashBits }

    @inline(__always)
    var vectorCount: Int { unsafe core.pointee.vectorCount }

    var learnedCount: UInt64 { unsafe core.pointee.learnedCount }

    /// What every learning rate is multiplied with.
    var rateFactor: Double {
        get { unsafe core.pointee.rateFactor }
        nonmutating set {
            precondition(newValue > 0 && newValue.isFinite)
            unsafe core.pointee.rateFactor = newValue
        }
    }

    var memoryByteCount: Int {
        let (vectors, sparse) = unsafe (core.pointee.vectorCapacity, core.pointee.sparseCapacity)
        let numbers =
            (pairCount * 2 + sparse + 1) * numbersPerWeight * vectors + vectors + pairCount * 2
            + numbersPerWeight * 2
        return pairCount * MemoryLayout<PairStatistics>.stride + numbers * MemoryLayout<Double>.stride
            + MemoryLayout<Core>.stride
    }

    /// Ends the learning of one event.
    @inline(__always)
    func countLearned() { unsafe core.pointee.learnedCount &+= 1 }

    /// Which slots of a pair are absent.
    @inline(__always)
    static func absent(_ values: SIMD2<Double>) -> SIMDMask<SIMD2<Int64>> { values .!= values }

    /// The intercept of vector `vector` with what the optimiser remembers of it.
    @inline(__always)
    func intercept(_ vector: Int) -> UnsafeMutablePointer<Double> {
        assert(vector >= 0 && vector < vectorCount)
        return unsafe core.pointee.intercepts + vector * numbersPerWeight
    }

    /// The dense groups of vector `vector`, `numbersPerWeight` pairs for each pair of features.
    @inline(__always)
    func dense(_ vector: Int) -> UnsafeMutablePointer<SIMD2<Double>> {
        assert(vector >= 0 && vector < vectorCount)
        return unsafe core.pointee.dense + vector * pairCount * numbersPerWeight
    }

    /// `count` elements equal to `value`, beginning at a cache line.
    static func memory<Element: BitwiseCopyable>(_ value: Element, count: Int) -> UnsafeMutablePointer<Element> {
        let byteCount = max(1, count) * MemoryLayout<Element>.stride
        let elements = unsafe UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
            .bindMemory(to: Element.self, capacity: max(1, count))
        unsafe elements.initialize(repeating: value, count: count)
        return unsafe elements
    }
}
