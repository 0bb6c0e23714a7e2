/// Recursive least squares on how the experts differ from their mixture: corrects the mixture by w·z, where z are the
/// differences, each divided by its mean size so far, and the target is the mixture's error divided by its mean size. It
/// starts without a correction.
///
/// Source: recursive least squares with a forgetting factor, Haykin, Adaptive Filter Theory, 1996, which rests while the
/// covariance is larger than at the start. Complexity: O(experts²) an event, no allocation.
@safe struct DifferenceStacker: ~Copyable {
    private static let startVariance = 0.01
    private static let forgetting = 0.9995

    private let size: Int
    private let columns: UnsafeMutablePointer<Column>
    private let covariance: UnsafeMutablePointer<Double>
    private var errorSize = 0.0
    private var count = 0.0

    private struct Column {
        var weight = 0.0
        /// Mean size of the differences.
        var size = 0.0
        /// This event's difference, and the same divided by the mean size.
        var difference = 0.0
        var input = 0.0
        var gain = 0.0
    }

    init(expertCount: Int) {
        precondition(expertCount > 0)
        size = expertCount
        unsafe columns = .allocate(capacity: size)
        unsafe columns.initialize(repeating: Column(), count: size)
        unsafe covariance = .allocate(capacity: size * size)
        unsafe covariance.initialize(repeating: 0, count: size * size)
        for index in 0..<size { unsafe covariance[index * size + index] = Self.startVariance }
    }

    deinit {
        unsafe columns.deallocate()
        unsafe covariance.deallocate()
    }

    var memoryByteCount: Int { size * (MemoryLayout<Column>.stride + size * MemoryLayout<Double>.stride) }

    /// Sets how far `expert` is from the mixture; 0 for one that does not take part.
    @inline(__always)
    func setDifference(_ expert: Int, _ difference: Double) {
        assert(expert >= 0 && expert < size)
        unsafe columns[expert].difference = difference
        unsafe columns[expert].input = columns[expert].size > 0 ? difference / columns[expert].size : 0
    }

    /// What to add to the mixture by the differences set.
    func correction() -> Double {
        var sum = 0.0
        for index in 0..<size { unsafe sum += columns[index].weight * columns[index].input }
        return sum * errorSize
    }

    /// Learns that the mixture was off by `error` (label − mixture), `weight` times.
    mutating func learn(error: Double, weight: Double) {
        count += weight
        let share = weight / count
        errorSize += (abs(error) - errorSize) * share
        resize(share)
        if errorSize > 0 { step(target: error / errorSize, weight: weight) }
    }

    /// Takes this event into the mean sizes and scales its differences with them.
    private func resize(_ share: Double) {
        for index in 0..<size {
            unsafe columns[index].size += (abs(columns[index].difference) - columns[index].size) * share
            unsafe setDifference(index, columns[index].difference)
        }
    }

    private func step(target: Double, weight: Double) {
        var (predicted, spread, largest) = (0.0, 0.0, 0.0)
        for row in 0..<size {
            var gain = 0.0
            for column in 0..<size { unsafe gain += covariance[row * size + column] * columns[column].input }
            unsafe columns[row].gain = gain
            unsafe spread += gain * columns[row].input
            unsafe predicted += columns[row].weight * columns[row].input
            unsafe largest = max(largest, covariance[row * size + row])
        }
        let forgetting = largest <= Self.startVariance ? Self.forgetting : 1
        let denominator = forgetting + weight * spread
        let scale = weight * (target - predicted) / denominator
        // An event beyond all measure would leave numbers that are none.
        guard denominator > 0, denominator.isFinite, scale.isFinite else { return }
        let growth = 1 / forgetting
        for row in 0..<size {
            let gain = unsafe columns[row].gain
            unsafe columns[row].weight += gain * scale
            let shrink = gain * weight / denominator
            for column in 0..<size {
                let place = row * size + column
                unsafe covariance[place] = (covariance[place] - shrink * columns[column].gain) * growth
            }
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(count)
        encoder.append(errorSize)
        for index in 0..<size {
            unsafe encoder.append(columns[index].weight)
            unsafe encoder.append(columns[index].size)
        }
        for index in 0..<size * size { unsafe encoder.append(covariance[index]) }
    }

    /// The encoded stacker of `expertCount` experts; numbers that are not finite are corrupt.
    init(from decoder: inout StateDecoder, expertCount: Int) throws(StateError) {
        var values: [Double] = []
        for _ in 0..<2 + expertCount * (expertCount + 2) { values.append(try decoder.double()) }
        guard values.allSatisfy(\.isFinite) else { throw .corrupt }
        self.init(expertCount: expertCount)
        count = values[0]
        errorSize = values[1]
        for index in 0..<expertCount {
            unsafe columns[index].weight = values[2 + 2 * index]
            unsafe columns[index].size = values[3 + 2 * index]
        }
        for index in 0..<size * size { unsafe covariance[index] = values[2 + 2 * expertCount + index] }
    }
}
