/// What is known of each arm: how often it was pulled, what that gave, and one number of the policy's own. Flat, growing.
@safe struct ArmTable: ~Copyable {
    private(set) var count = 0
    private var capacity = 0
    private var arms: UnsafeMutablePointer<Arm>?

    struct Arm {
        /// Weight of the pulls, and of the rewards they gave.
        var pulls = 0.0
        var rewards = 0.0
        /// The policy's own: a draw, or the logarithm of a weight.
        var value = 0.0

        /// Mean reward; 0.5 before the first pull.
        var mean: Double { pulls > 0 ? rewards / pulls : 0.5 }
    }

    init() {}

    deinit { unsafe arms?.deallocate() }

    var memoryByteCount: Int { capacity * MemoryLayout<Arm>.stride }

    subscript(index: Int) -> Arm {
        @inline(__always)
        get {
            precondition(index >= 0 && index < count)
            return unsafe arms.unsafelyUnwrapped[index]
        }
        @inline(__always)
        set {
            precondition(index >= 0 && index < count)
            unsafe arms.unsafelyUnwrapped[index] = newValue
        }
    }

    /// Adds arms that are `new` until there are `target`.
    mutating func grow(to target: Int, new: Arm = Arm()) {
        guard target > count else { return }
        if target > capacity {
            let room = max(target, 2 * capacity, 4)
            let grown = UnsafeMutablePointer<Arm>.allocate(capacity: room)
            unsafe grown.initialize(repeating: Arm(), count: room)
            if let old = unsafe arms {
                unsafe grown.update(from: old, count: count)
                unsafe old.deallocate()
            }
            unsafe arms = unsafe grown
            capacity = room
        }
        for index in count..<target { unsafe arms.unsafelyUnwrapped[index] = new }
        count = target
    }

    /// Adds one pull of the arm.
    mutating func pull(_ index: Int, reward: Double, weight: Double) {
        self[index].pulls += weight
        self[index].rewards += weight * reward
    }

    /// The arm with the largest mean, the first of equals; 0 where there is none.
    var best: Int {
        var best = 0
        var largest = -1.0
        for index in 0..<count where self[index].mean > largest {
            best = index
            largest = self[index].mean
        }
        return best
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(count))
        for index in 0..<count {
            encoder.append(self[index].pulls)
            encoder.append(self[index].rewards)
            encoder.append(self[index].value)
        }
    }

    mutating func replace(by decoded: [Arm]) {
        count = 0
        grow(to: decoded.count)
        for (index, arm) in decoded.enumerated() { self[index] = arm }
    }
}

extension StateDecoder {
    /// What ``ArmTable/encode(into:)`` wrote: finite, no more rewards than pulls, at most as many arms as classes.
    mutating func arms() throws(StateError) -> [ArmTable.Arm] {
        let count = try length(ofElements: 24)
        guard count <= LearnableRange.classCountMax else { throw .corrupt }
        var arms: [ArmTable.Arm] = []
        for _ in 0..<count {
            let arm = ArmTable.Arm(pulls: try double(), rewards: try double(), value: try double())
            guard arm.pulls >= 0, arm.pulls < .infinity, arm.rewards >= 0, arm.rewards <= arm.pulls,
                arm.value.isFinite
            else { throw .corrupt }
            arms.append(arm)
        }
        return arms
    }
}

/// What an update's reward and weight are read as.
struct Pull {
    var reward: Double
    var weight: Double

    init(reward: Double, weight: Double) {
        self.reward = reward >= 0 ? min(1, reward) : 0
        self.weight = weight > 0 ? min(weight, 1e6) : 0
    }
}
