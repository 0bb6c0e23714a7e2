/// Isotonic regression, online (Zadrozny and Elkan, Transforming classifier scores into accurate multiclass probability
/// estimates, KDD 2002): the non-decreasing curve nearest to the labels.
///
/// Events are counted in 65 bins, each half a unit wide in log odds from −16 to 16 (what is beyond falls into the outer ones), and
/// their weights fade. After each event the curve through the bins is made anew by pooling adjacent violators (Ayer et al.,
/// Annals of Mathematical Statistics 26, 1955); between the bins' middles it is linear, so that scores keep their order. Each
/// bin holds a quarter of an event in favour of the score as it is.
@safe final class IsotonicCalibrator: Calibrator {
    /// How many bins there are.
    static let binCount = 65
    private static let limit = 16.0
    private static let binsPerUnit = 2.0
    private static let priorWeight = 0.25
    /// Beyond this the weights are divided by it.
    private static let unitMax = 0x1p100

    private let bins: UnsafeMutablePointer<Bin>
    private let pool: UnsafeMutablePointer<Block>
    private let curve: UnsafeMutablePointer<Double>
    /// The weight of an event of now; growing it is what makes the past fade.
    private var unit = 1.0
    private(set) var learnedCount: UInt64 = 0

    private struct Bin {
        var weight = 0.0
        var positive = 0.0
        /// The probability in the middle of the bin.
        var middle = 0.0
    }

    /// Neighbouring bins of one value.
    private struct Block {
        var weight = 0.0
        var positive = 0.0
        var end = 0
    }

    /// A calibrator that has learned nothing.
    init() {
        unsafe bins = .allocate(capacity: Self.binCount)
        unsafe pool = .allocate(capacity: Self.binCount)
        unsafe curve = .allocate(capacity: Self.binCount)
        unsafe bins.initialize(repeating: Bin(), count: Self.binCount)
        unsafe pool.initialize(repeating: Block(), count: Self.binCount)
        unsafe curve.initialize(repeating: 0, count: Self.binCount)
        for index in 0..<Self.binCount {
            unsafe bins[index].middle = sigmoid(Double(index) / Self.binsPerUnit - Self.limit)
        }
        drawCurve()
    }

    deinit {
        unsafe bins.deallocate()
        unsafe pool.deallocate()
        unsafe curve.deallocate()
    }

    var memoryByteCount: Int {
        Self.binCount * (MemoryLayout<Bin>.stride + MemoryLayout<Block>.stride + MemoryLayout<Double>.stride)
    }

    /// Where a score lies among the bins, 0...`binCount` − 1.
    @inline(__always)
    private func place(_ score: Double) -> Double {
        (logOdds(score, limit: Self.limit) + Self.limit) * Self.binsPerUnit
    }

    func calibrated(_ score: Double) -> Double {
        guard learnedCount > 0 else { return score.isNaN ? 0.5 : score }
        let place = place(score)
        let below = min(Int(place), Self.binCount - 2)
        let (low, high) = unsafe (curve[below], curve[below + 1])
        return min(high, low + (high - low) * (place - Double(below)))
    }

    func learn(score: Double, label: Double, weight: Double) {
        guard weight > 0 else { return }
        learnedCount &+= 1
        unit /= Self.retention
        if unit > Self.unitMax { shrink() }
        let bin = Int(place(score) + 0.5)
        let amount = unit * min(weight, Self.weightMax)
        unsafe bins[bin].weight += amount
        if label > 0.5 { unsafe bins[bin].positive += amount }
        drawCurve()
    }

    @inline(never)
    private func shrink() {
        for index in 0..<Self.binCount {
            unsafe bins[index].weight /= Self.unitMax
            unsafe bins[index].positive /= Self.unitMax
        }
        unit /= Self.unitMax
    }

    /// Pools adjacent violators. Values are compared by products, so only the blocks left in the end cost a division.
    private func drawCurve() {
        let prior = Self.priorWeight * unit
        var last = -1
        for index in 0..<Self.binCount {
            let bin = unsafe bins[index]
            var block = Block(weight: bin.weight + prior, positive: bin.positive + prior * bin.middle, end: index + 1)
            while last >= 0, unsafe pool[last].positive * block.weight >= block.positive * pool[last].weight {
                unsafe block.weight += pool[last].weight
                unsafe block.positive += pool[last].positive
                last -= 1
            }
            last += 1
            unsafe pool[last] = block
        }
        var start = 0
        for index in 0...last {
            let block = unsafe pool[index]
            let value = min(1, block.positive / block.weight)
            for bin in start..<block.end { unsafe curve[bin] = value }
            start = block.end
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(learnedCount)
            encoder.append(unit)
            for index in 0..<Self.binCount {
                encoder.append(unsafe bins[index].weight)
                encoder.append(unsafe bins[index].positive)
            }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            let count = try decoder.uint64()
            let unit = try decoder.double()
            guard unit >= 1, unit <= Self.unitMax else { throw .corrupt }
            var pairs: [SIMD2<Double>] = []
            for _ in 0..<Self.binCount {
                let pair = SIMD2(try decoder.double(), try decoder.double())
                guard pair.y >= 0, pair.y <= pair.x, pair.x < 1e60 else { throw .corrupt }
                pairs.append(pair)
            }
            return (count: count, unit: unit, pairs: pairs)
        }
        learnedCount = decoded.count
        unit = decoded.unit
        for (index, pair) in decoded.pairs.enumerated() {
            unsafe bins[index].weight = pair.x
            unsafe bins[index].positive = pair.y
        }
        drawCurve()
    }

    private static let tag = StateTag("ISOT")
}
