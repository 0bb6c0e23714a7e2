/// One numeric feature of one class as the search for a threshold needs it.
struct FeatureOfClass {
    let count: Double
    let mean: Double
    let least: Double
    let largest: Double
    /// Standard deviation, 0 where there is none.
    let deviation: Double

    init(_ statistics: UnsafeMutablePointer<PairStatistics>, _ observed: Int) {
        let (pair, lane) = (observed >> 1, observed & 1)
        unsafe count = statistics[pair].count[lane]
        unsafe mean = statistics[pair].mean[lane]
        unsafe least = statistics[pair].least[lane]
        unsafe largest = statistics[pair].largest[lane]
        let squares = unsafe statistics[pair].squares[lane]
        deviation = count > 1 && squares > 0 ? (squares / (count - 1)).squareRoot() : 0
    }

    /// The (estimated) weight of values up to `threshold`, all on one side outside the range that was seen.
    @inline(__always)
    func massBelow(_ threshold: Double) -> Double {
        if threshold < least { return 0 }
        if threshold >= largest { return count }
        guard deviation > 0 else { return 0 }
        // ½·(1 + erf) as the reference has it, to the rounding: the children's weights begin with this, and when their sums
        // reach the grace period can hang on the last bit.
        let standardised = (threshold - mean) / deviation
        let tail = 2 * NormalDistribution.cumulative(-abs(standardised))
        let errorFunction = standardised < 0 ? tail - 1 : 1 - tail
        return count * (0.5 * (1 + errorFunction))
    }
}

extension ClassificationTree {
    /// How many thresholds of a feature are tried.
    private static let thresholdCount = 10

    /// The first best of ten thresholds between the least and the largest value of a feature. The `merit` of the result is
    /// the entropy that is left after the split; minus infinity when there is none.
    func bestThreshold(
        _ record: LeafRecord, _ observers: UnsafeMutablePointer<Double>, _ observed: Int
    ) -> SplitCandidate {
        let count = Int(record.classCount)
        var (least, largest) = (Double.infinity, -Double.infinity)
        for slot in 0..<count {
            let pair = unsafe statistics(observers, slot: slot)[observed >> 1]
            least = min(least, pair.least[observed & 1])
            largest = max(largest, pair.largest[observed & 1])
        }
        var best = SplitCandidate(observed: observed)
        guard least < largest else { return best }
        let width = (largest - least) / Double(Self.thresholdCount + 1)
        for step in 1...Self.thresholdCount {
            let threshold = least + width * Double(step)
            guard threshold > least, threshold < largest else { continue }
            var sides = SideEntropy()
            for slot in 0..<count {
                let feature = unsafe FeatureOfClass(statistics(observers, slot: slot), observed)
                let left = feature.massBelow(threshold)
                sides.add(left: left, right: feature.count - left)
            }
            sides.update(&best, threshold: threshold)
        }
        return best
    }

    /// The first best category of a field to be told from all others; `merit` as above. Nil for a field without events.
    func bestCategory(_ record: LeafRecord, field: Int) -> SplitCandidate? {
        guard let categories = unsafe record.categories else { return nil }
        var best = SplitCandidate()
        var hasAny = false
        for row in unsafe 0..<categories.pointee.count {
            let key = unsafe categories.pointee.keys[row]
            guard key.field == Int32(field), let weights = unsafe categories.pointee.row(key) else { continue }
            hasAny = true
            var sides = SideEntropy()
            for slot in 0..<Int(record.classCount) {
                let sum = unsafe categories.pointee.sum(field: key.field, slot: slot).weight
                unsafe sides.add(left: weights[slot], right: max(0, sum - weights[slot]))
            }
            sides.update(&best, threshold: Double(key.category))
        }
        return hasAny ? best : nil
    }
}

/// The entropy of two sides of a split, weighted by their share of the events.
struct SideEntropy {
    private var left = 0.0
    private var right = 0.0
    private var spread = 0.0

    /// Adds one class.
    @inline(__always)
    mutating func add(left leftMass: Double, right rightMass: Double) {
        left += leftMass
        right += rightMass
        spread += weightedLogarithm(leftMass) + weightedLogarithm(rightMass)
    }

    /// Makes this the candidate when both sides are large enough and less entropy is left than by the one so far.
    func update(_ best: inout SplitCandidate, threshold: Double) {
        let total = left + right
        guard left > TreeSettings.branchShareMin * total, right > TreeSettings.branchShareMin * total else { return }
        let entropy = (weightedLogarithm(left) + weightedLogarithm(right) - spread) / total
        guard !best.isSplit || entropy < best.merit else { return }
        best.merit = entropy
        best.threshold = threshold
        (best.left, best.right) = (left, right)
    }
}
