/// The weights, scaling statistics and intercept of one linear model, in flat memory of its own.
///
/// Dense features lie in pairs, all that belongs to a pair side by side, so that one event reads each cache line once and
/// the arithmetic goes two features at a time. Sparse features have a growing list of unscaled weights.
///
/// The order of every sum is part of the state's meaning and fixed: score = (intercept + even slots, in order) + (odd
/// slots, in order) + sparse entries in the event's order.
///
/// A dense value that is absent contributes nothing, and neither its weight nor its statistics change.
///
/// It is not a `class` nor an `Array` in one: the pointers are `let`, so no access needs an exclusivity check.
@safe struct LinearWeights: ~Copyable {
    /// Sparse features beyond this many contribute nothing and are not learned: 2^18 weights of 16 bytes are 4 MiB.
    static let sparseCountMax = 1 << 18

    let denseCount: Int
    let pairCount: Int
    let scaling: FeatureScaling
    let pairs: UnsafeMutablePointer<FeaturePair>
    let scalars: UnsafeMutablePointer<Scalars>

    /// What one model has once.
    @safe struct Scalars {
        var intercept: Double = 0
        var learnedCount: UInt64 = 0
        /// The l1 penalty that a weight could have received so far (u in Tsuruoka et al. 2009).
        var penaltyTotal: Double = 0
        var sparse: UnsafeMutablePointer<SparseWeight>?
        var sparseCount = 0
        var sparseCapacity = 0
    }

    /// Two neighbouring dense features.
    struct FeaturePair {
        /// Events (weighted) in which the feature was present.
        var count = SIMD2<Double>.zero
        var mean = SIMD2<Double>.zero
        /// Population variance.
        var variance = SIMD2<Double>.zero
        /// 1/√variance, 0 where that is 0; kept so that predicting neither divides nor takes roots. 1 without scaling.
        var inverse = SIMD2<Double>.zero
        var weight = SIMD2<Double>.zero
        /// The l1 penalty that the weight has received (q).
        var penalty = SIMD2<Double>.zero
        /// The event being learned, scaled with statistics that include it; 0 where absent.
        var scaled = SIMD2<Double>.zero
    }

    /// One sparse feature.
    struct SparseWeight {
        var weight: Double = 0
        var penalty: Double = 0
    }

    init(denseCount: Int, scaling: FeatureScaling) {
        precondition(denseCount >= 0)
        self.denseCount = denseCount
        self.scaling = scaling
        pairCount = (denseCount + 1) / 2
        unsafe pairs = .allocate(capacity: max(pairCount, 1))
        var pair = FeaturePair()
        if scaling == .none { pair.inverse = SIMD2(repeating: 1) }
        unsafe pairs.initialize(repeating: pair, count: max(pairCount, 1))
        unsafe scalars = .allocate(capacity: 1)
        unsafe scalars.initialize(to: Scalars())
    }

    deinit {
        unsafe scalars.pointee.sparse?.deallocate()
        unsafe scalars.deallocate()
        unsafe pairs.deallocate()
    }

    var learnedCount: UInt64 { unsafe scalars.pointee.learnedCount }

    var memoryByteCount: Int {
        unsafe pairCount * MemoryLayout<FeaturePair>.stride
            + scalars.pointee.sparseCapacity * MemoryLayout<SparseWeight>.stride
    }

    /// Which slots of a pair are absent.
    @inline(__always)
    static func absent(_ values: SIMD2<Double>) -> SIMDMask<SIMD2<Int64>> { values .!= values }
}

// MARK: - Scoring

extension LinearWeights {
    /// The score of an event under the present weights and statistics; it can be infinite or NaN once a model diverged.
    @inline(__always)
    func score(_ features: borrowing FeatureVector) -> Double {
        precondition(features.denseCount == denseCount)
        var sum = unsafe SIMD2(scalars.pointee.intercept, 0)
        for index in 0..<pairCount {
            let values = features.pair(index)
            let scaled = unsafe (values - pairs[index].mean) * pairs[index].inverse
            unsafe sum += (scaled * pairs[index].weight).replacing(with: 0, where: Self.absent(values))
        }
        return addSparse(features, to: sum[0] + sum[1])
    }

    /// Takes the event into the scaling statistics, scales it with them, and scores that.
    @inline(__always)
    func absorb(_ features: borrowing FeatureVector, weight: Double) -> Double {
        precondition(features.denseCount == denseCount)
        var sum = unsafe SIMD2(scalars.pointee.intercept, 0)
        var share = Share(weight: weight)
        let isScaling = scaling == .standard
        for index in 0..<pairCount {
            let values = features.pair(index)
            let absent = Self.absent(values)
            let scaled: SIMD2<Double>
            // Two ways for the same numbers: most pairs are complete, and choosing lane by lane costs a tenth of the whole.
            if any(absent) {
                if isScaling { unsafe Self.update(&pairs[index], with: values, absent: absent, share: &share) }
                let both = unsafe (values - pairs[index].mean) * pairs[index].inverse
                scaled = both.replacing(with: 0, where: absent)
            } else {
                if isScaling { unsafe Self.update(&pairs[index], with: values, share: &share) }
                scaled = unsafe (values - pairs[index].mean) * pairs[index].inverse
            }
            unsafe pairs[index].scaled = scaled
            unsafe sum += scaled * pairs[index].weight
        }
        return addSparse(features, to: sum[0] + sum[1])
    }

    /// weight / count of the pair before: neighbours were mostly present in the same events, and a division is dear.
    private struct Share {
        let weight: SIMD2<Double>
        var count = SIMD2<Double>.zero
        var value = SIMD2<Double>.zero

        init(weight: Double) { self.weight = SIMD2(repeating: weight) }

        @inline(__always)
        mutating func of(_ count: SIMD2<Double>) -> SIMD2<Double> {
            if any(count .!= self.count) {
                self.count = count
                value = weight / count
            }
            return value
        }
    }

    /// Welford's recurrence for mean and population variance, an event of weight w counting w times:
    /// n += w; m' = m + (x−m)·w/n; v += ((x−m)(x−m') − v)·w/n.
    @inline(__always)
    private static func update(_ pair: inout FeaturePair, with values: SIMD2<Double>, share: inout Share) {
        let count = pair.count + share.weight
        let share = share.of(count)
        let before = values - pair.mean
        let mean = pair.mean + before * share
        let variance = pair.variance + (before * (values - mean) - pair.variance) * share
        pair.count = count
        pair.mean = mean
        pair.variance = variance
        pair.inverse = inverseDeviation(variance)
    }

    /// The same for a pair that is not complete: what is absent stays as it was.
    @inline(__always)
    private static func update(
        _ pair: inout FeaturePair, with values: SIMD2<Double>, absent: SIMDMask<SIMD2<Int64>>, share: inout Share
    ) {
        let before = pair
        update(&pair, with: values, share: &share)
        pair.count = pair.count.replacing(with: before.count, where: absent)
        pair.mean = pair.mean.replacing(with: before.mean, where: absent)
        pair.variance = pair.variance.replacing(with: before.variance, where: absent)
        pair.inverse = pair.inverse.replacing(with: before.inverse, where: absent)
    }

    /// 1/√variance, 0 where the variance is 0.
    @inline(__always)
    static func inverseDeviation(_ variance: SIMD2<Double>) -> SIMD2<Double> {
        // Lane by lane and of the magnitude (a variance is never negative): only so does Swift 6.3 make one instruction of
        // it. `SIMD2.squareRoot()`, and a root of what might be negative, call libm for the sake of errno.
        let deviation = SIMD2(variance[0].magnitude.squareRoot(), variance[1].magnitude.squareRoot())
        return (1 / deviation).replacing(with: 0, where: .!(variance .> 0))
    }

    @inline(__always)
    private func addSparse(_ features: borrowing FeatureVector, to sum: Double) -> Double {
        var sum = sum
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            if let weight = unsafe sparseWeight(at: entry.index) { unsafe sum += weight.pointee.weight * entry.value }
        }
        return sum
    }
}

// MARK: - Learning

extension LinearWeights {
    /// The squared length of the absorbed event, without the intercept.
    @inline(__always)
    func squaredNorm(_ features: borrowing FeatureVector) -> Double {
        var sum = SIMD2<Double>.zero
        for index in 0..<pairCount { unsafe sum += pairs[index].scaled * pairs[index].scaled }
        var norm = sum[0] + sum[1]
        for position in 0..<features.sparseCount where isInRange(features.sparseEntry(position).index) {
            let value = features.sparseEntry(position).value
            norm += value * value
        }
        return norm
    }

    /// Every present weight loses `step` times its feature; the intercept loses `interceptStep`.
    @inline(__always)
    func descend(_ features: borrowing FeatureVector, step: Double, interceptStep: Double) {
        for index in 0..<pairCount {
            unsafe pairs[index].weight -= SIMD2(repeating: step) * pairs[index].scaled
        }
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            if let weight = unsafe growingSparseWeight(at: entry.index) {
                unsafe weight.pointee.weight -= step * entry.value
            }
        }
        unsafe scalars.pointee.intercept -= interceptStep
    }

    /// Ends the learning of one event.
    @inline(__always)
    func countLearned() { unsafe scalars.pointee.learnedCount &+= 1 }
}

// MARK: - Sparse memory

extension LinearWeights {
    @inline(__always)
    func isInRange(_ index: Int32) -> Bool { index >= 0 && Int(index) < Self.sparseCountMax }

    /// The weight of sparse feature `index`, nil while it was never learned.
    @inline(__always)
    func sparseWeight(at index: Int32) -> UnsafeMutablePointer<SparseWeight>? {
        guard index >= 0, unsafe Int(index) < scalars.pointee.sparseCount else { return nil }
        return unsafe scalars.pointee.sparse.map { unsafe $0 + Int(index) }
    }

    /// The weight of sparse feature `index`, made (with all below it) at its first use; nil beyond the bound.
    @inline(__always)
    func growingSparseWeight(at index: Int32) -> UnsafeMutablePointer<SparseWeight>? {
        if let weight = unsafe sparseWeight(at: index) { return unsafe weight }
        guard isInRange(index) else { return nil }
        growSparse(to: Int(index) + 1)
        return unsafe sparseWeight(at: index)
    }

    /// Makes the sparse weights `count` many, new ones 0. Doubles the memory, so growth costs O(1) a feature.
    @inline(never)
    func growSparse(to count: Int) {
        precondition(count <= Self.sparseCountMax)
        if unsafe count > scalars.pointee.sparseCapacity {
            let capacity = unsafe min(Self.sparseCountMax, max(count, 2 * scalars.pointee.sparseCapacity, 64))
            let grown = UnsafeMutablePointer<SparseWeight>.allocate(capacity: capacity)
            unsafe grown.initialize(repeating: SparseWeight(), count: capacity)
            if let old = unsafe scalars.pointee.sparse {
                unsafe grown.update(from: old, count: scalars.pointee.sparseCount)
                unsafe old.deallocate()
            }
            unsafe scalars.pointee.sparse = unsafe grown
            unsafe scalars.pointee.sparseCapacity = capacity
        }
        unsafe scalars.pointee.sparseCount = max(count, scalars.pointee.sparseCount)
    }
}
