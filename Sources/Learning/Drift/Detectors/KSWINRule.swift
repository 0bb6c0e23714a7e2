/// KSWIN: the newest values of a sliding window against as many drawn from the older ones, by the two-sample
/// Kolmogorov-Smirnov test (Raab et al. 2020). A drift needs a p-value of at most alpha and a distance above 0.1.
///
/// The window is kept sorted beside its order of arrival, and the p-value is turned into a critical distance once, so that a
/// value costs one draw and one walk over the window, and no logarithm.
@safe struct KSWINRule: DriftRule, ~Copyable {
    static let tag = StateTag("KSWN")
    static let acceptedValues = ClosedRange<Double>.learnable
    /// A smaller distance is no drift whatever its p-value.
    static let distanceMin = 0.1

    struct Parameters: Sendable, Equatable {
        var alpha = 0.005
        /// At least twice `recentCount`.
        var windowCount = 100
        var recentCount = 30
        var seed: UInt64 = 42
    }

    private let parameters: Parameters
    private let criticalHeight: Int
    /// The window in order of arrival, a ring.
    private let ring: UnsafeMutablePointer<Double>
    /// The window sorted, equal values in order of arrival, and where in the ring each one lies.
    private let sorted: UnsafeMutablePointer<Double>
    private let slots: UnsafeMutablePointer<Int32>
    /// Per place in the ring: −1 recent, 1 drawn, 0 neither.
    private let marks: UnsafeMutablePointer<Int8>
    private var count = 0
    private var oldest = 0
    private var generator: RandomGenerator

    init(_ parameters: Parameters) {
        precondition(parameters.recentCount >= 1 && parameters.windowCount >= 2 * parameters.recentCount)
        self.parameters = parameters
        criticalHeight = KolmogorovSmirnov.criticalHeight(
            size: parameters.recentCount, alpha: parameters.alpha, above: Self.distanceMin)
        let capacity = parameters.windowCount
        unsafe ring = .allocate(capacity: capacity)
        unsafe sorted = .allocate(capacity: capacity)
        unsafe slots = .allocate(capacity: capacity)
        unsafe marks = .allocate(capacity: capacity)
        unsafe ring.initialize(repeating: 0, count: capacity)
        unsafe sorted.initialize(repeating: 0, count: capacity)
        unsafe slots.initialize(repeating: 0, count: capacity)
        unsafe marks.initialize(repeating: 0, count: capacity)
        generator = RandomGenerator(seed: parameters.seed)
    }

    deinit {
        unsafe ring.deallocate()
        unsafe sorted.deallocate()
        unsafe slots.deallocate()
        unsafe marks.deallocate()
    }

    var heapByteCount: Int { parameters.windowCount * (8 + 8 + 4 + 1) }

    mutating func update(_ value: Double) -> DriftLevel {
        if count == parameters.windowCount { removeOldest() }
        insert(value)
        guard count == parameters.windowCount else { return .stable }
        draw()
        return hasReached(criticalHeight) ? .drift : .stable
    }

    mutating func reset() { (count, oldest) = (0, 0) }
}

// MARK: - The window

extension KSWINRule {
    private mutating func insert(_ value: Double) {
        var slot = oldest + count
        if slot >= parameters.windowCount { slot -= parameters.windowCount }
        unsafe ring[slot] = value
        // Behind its equals, which are older.
        var (low, high) = (0, count)
        while low < high {
            let middle = (low &+ high) / 2
            if unsafe sorted[middle] <= value { low = middle &+ 1 } else { high = middle }
        }
        let moved = count - low
        unsafe (sorted + low + 1).update(from: sorted + low, count: moved)
        unsafe (slots + low + 1).update(from: slots + low, count: moved)
        unsafe sorted[low] = value
        unsafe slots[low] = Int32(truncatingIfNeeded: slot)
        count += 1
    }

    private mutating func removeOldest() {
        let value = unsafe ring[oldest]
        // The first of its equals.
        var (low, high) = (0, count)
        while low < high {
            let middle = (low &+ high) / 2
            if unsafe sorted[middle] < value { low = middle &+ 1 } else { high = middle }
        }
        count -= 1
        let moved = count - low
        unsafe (sorted + low).update(from: sorted + low + 1, count: moved)
        unsafe (slots + low).update(from: slots + low + 1, count: moved)
        oldest = oldest + 1 == parameters.windowCount ? 0 : oldest + 1
    }

    /// Marks the recent values and as many of the older ones, drawn without replacement (Floyd's algorithm: Bentley & Floyd
    /// 1987).
    private mutating func draw() {
        let (window, recent) = (parameters.windowCount, parameters.recentCount)
        unsafe marks.update(repeating: 0, count: window)
        let olderCount = window - recent
        for age in olderCount..<window { unsafe marks[slot(age)] = -1 }
        for last in olderCount - recent..<olderCount {
            let drawn = slot(generator.next(below: last + 1))
            unsafe marks[marks[drawn] == 0 ? drawn : slot(last)] = 1
        }
    }

    /// Where the value lies that is `age` places younger than the oldest.
    @inline(__always)
    private func slot(_ age: Int) -> Int {
        let slot = oldest &+ age
        return slot >= parameters.windowCount ? slot &- parameters.windowCount : slot
    }

    /// Whether the two distribution functions are `height` values apart anywhere.
    private func hasReached(_ height: Int) -> Bool {
        var (balance, most, least) = (0, 0, 0)
        let last = count - 1
        for index in 0...last {
            unsafe balance &+= Int(marks[Int(slots[index])])
            // Among equal values the functions have not yet made their whole step.
            if unsafe index < last && sorted[index] == sorted[index &+ 1] { continue }
            most = max(most, balance)
            least = min(least, balance)
        }
        return max(most, -least) >= height
    }
}

// MARK: - State

extension KSWINRule {
    struct Saved {
        var generator: RandomGenerator
        var values: [Double]
    }

    func encode(into encoder: inout StateEncoder) {
        generator.encode(into: &encoder)
        encoder.append(UInt64(count))
        for age in 0..<count { unsafe encoder.append(ring[slot(age)]) }
    }

    func read(from decoder: inout StateDecoder) throws(StateError) -> Saved {
        let generator = try RandomGenerator(from: &decoder)
        let values = try decoder.doubles()
        guard values.count <= parameters.windowCount, values.allSatisfy({ Self.acceptedValues.contains($0) }) else {
            throw .corrupt
        }
        return Saved(generator: generator, values: values)
    }

    mutating func take(_ saved: Saved) {
        reset()
        generator = saved.generator
        for value in saved.values { insert(value) }
    }
}
