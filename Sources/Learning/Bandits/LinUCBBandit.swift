/// LinUCB with disjoint models (Li, Chu, Langford and Schapire, A contextual-bandit approach to personalized news article
/// recommendation, WWW 2010): for each arm a ridge regression of its rewards on the context, and the arm of the largest
/// θᵀx + α·√(xᵀA⁻¹x), with A = ridge·I + Σ xxᵀ and θ = A⁻¹ Σ reward·x.
///
/// x is 1 followed by the dense features, absent ones as 0; categories are not used. A⁻¹ is kept, by the formula of Sherman
/// and Morrison; an update whose result would leave the numbers is not made.
@safe final class LinUCBBandit: Bandit {
    private let alpha: Double
    private let ridge: Double
    /// Numbers in a context, and of an arm: A⁻¹ by rows, then θ.
    private let width: Int
    private let armWidth: Int
    private(set) var armCount = 0
    private(set) var updateCount: UInt64 = 0
    private var capacity = 0
    private var numbers: UnsafeMutablePointer<Double>?
    /// The context, and A⁻¹ times it; overwritten by every call.
    private let context: UnsafeMutablePointer<Double>
    private let product: UnsafeMutablePointer<Double>

    init(alpha: Double, ridge: Double, denseCount: Int) {
        self.alpha = alpha
        self.ridge = ridge
        width = denseCount + 1
        armWidth = width * width + width
        unsafe context = .allocate(capacity: width)
        unsafe context.initialize(repeating: 0, count: width)
        unsafe product = .allocate(capacity: width)
        unsafe product.initialize(repeating: 0, count: width)
    }

    deinit {
        unsafe numbers?.deallocate()
        unsafe context.deallocate()
        unsafe product.deallocate()
    }

    var memoryByteCount: Int { (capacity * armWidth + 2 * width) * MemoryLayout<Double>.stride }

    func addArms(upTo count: Int) {
        guard count > armCount else { return }
        reserve(count)
        for index in armCount..<count {
            let arm = unsafe arm(index)
            unsafe arm.update(repeating: 0, count: armWidth)
            for diagonal in 0..<width { unsafe arm[diagonal * (width + 1)] = 1 / ridge }
        }
        armCount = count
    }

    private func reserve(_ count: Int) {
        guard count > capacity else { return }
        let room = max(count, min(2 * capacity, capacity + 16))
        let grown = UnsafeMutablePointer<Double>.allocate(capacity: room * armWidth)
        unsafe grown.initialize(repeating: 0, count: room * armWidth)
        if let old = unsafe numbers {
            unsafe grown.update(from: old, count: armCount * armWidth)
            unsafe old.deallocate()
        }
        unsafe numbers = unsafe grown
        capacity = room
    }

    @inline(__always)
    private func arm(_ index: Int) -> UnsafeMutablePointer<Double> {
        precondition(index >= 0 && index < capacity)
        return unsafe numbers.unsafelyUnwrapped + index * armWidth
    }

    private func take(_ features: borrowing FeatureVector) {
        precondition(features.denseCount == width - 1)
        unsafe context[0] = 1
        for index in 1..<max(1, width) {
            let value = features[index - 1]
            unsafe context[index] = value.isNaN ? 0 : value
        }
    }

    /// θᵀx of the context taken.
    private func expected(_ arm: UnsafeMutablePointer<Double>) -> Double {
        let theta = unsafe arm + width * width
        var sum = 0.0
        for index in 0..<width { unsafe sum += theta[index] * context[index] }
        return sum
    }

    /// xᵀA⁻¹x of the context taken; leaves A⁻¹x in `product`.
    private func spread(_ arm: UnsafeMutablePointer<Double>) -> Double {
        var total = 0.0
        for row in 0..<width {
            let line = unsafe arm + row * width
            var sum = 0.0
            for column in 0..<width { unsafe sum += line[column] * context[column] }
            unsafe product[row] = sum
            unsafe total += sum * context[row]
        }
        return total
    }

    /// The upper confidence bound of an arm for a context.
    func bound(of index: Int, _ features: borrowing FeatureVector) -> Double {
        take(features)
        return unsafe bound(arm(index))
    }

    private func bound(_ arm: UnsafeMutablePointer<Double>) -> Double {
        unsafe expected(arm) + alpha * max(0, spread(arm)).magnitude.squareRoot()
    }

    func choose(_ features: borrowing FeatureVector) -> Int {
        take(features)
        var best = 0
        var largest = -Double.infinity
        for index in 0..<armCount {
            let bound = unsafe bound(arm(index))
            if bound > largest {
                best = index
                largest = bound
            }
        }
        return best
    }

    func expectedReward(of index: Int, _ features: borrowing FeatureVector) -> Double {
        take(features)
        let expected = unsafe expected(arm(index))
        return expected.isNaN ? 0.5 : min(1, max(0, expected))
    }

    /// θ += A⁻¹x·(reward − θᵀx)·w/(1 + w·xᵀA⁻¹x), which is what A⁻¹ Σ reward·x becomes.
    func update(arm index: Int, reward: Double, weight: Double, _ features: borrowing FeatureVector) {
        let pull = Pull(reward: reward, weight: weight)
        take(features)
        let arm = unsafe arm(index)
        updateCount &+= 1
        let spread = unsafe spread(arm)
        let share = pull.weight / (1 + pull.weight * spread)
        let step = unsafe share * (pull.reward - expected(arm))
        guard spread >= 0, spread < 1e300, step.isFinite else { return }
        let theta = unsafe arm + width * width
        for row in 0..<width {
            let scaled = unsafe share * product[row]
            let line = unsafe arm + row * width
            for column in 0..<width { unsafe line[column] -= scaled * product[column] }
            unsafe theta[row] += step * product[row]
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(updateCount)
            encoder.append(UInt64(armCount))
            for index in 0..<armCount {
                let arm = unsafe arm(index)
                for place in 0..<armWidth { encoder.append(unsafe arm[place]) }
            }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            let updates = try decoder.uint64()
            let count = try decoder.length(ofElements: 8 * armWidth)
            guard count <= LearnableRange.classCountMax else { throw .corrupt }
            var numbers: [Double] = []
            numbers.reserveCapacity(count * armWidth)
            for _ in 0..<count * armWidth { numbers.append(try decoder.double()) }
            return (updates: updates, count: count, numbers: numbers)
        }
        reserve(decoded.count)
        updateCount = decoded.updates
        armCount = decoded.count
        for index in 0..<armCount {
            let arm = unsafe arm(index)
            for place in 0..<armWidth { unsafe arm[place] = decoded.numbers[index * armWidth + place] }
        }
    }

    private static let tag = StateTag("LUCB")
}
