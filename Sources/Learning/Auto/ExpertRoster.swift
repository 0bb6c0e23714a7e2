/// Which experts take part, under a budget of time: those that matter least for what they cost are retired and come back
/// on trial later.
///
/// Time is nominal (``ExpertCost``), not measured, so that a replay takes the same decisions. Every `reviewInterval` events,
/// while the active experts cost more than the budget, the one with the least mixture weight for its cost is retired. Every
/// `trialInterval` events the one that has been out for longest learns and predicts again for `trialLength` events, whatever
/// the budget; it stays if then it is worth more than another. A trial in ten reviews adds a tenth of the expert's cost.
struct ExpertRoster: Sendable {
    static let reviewInterval: UInt64 = 1_000
    static let trialInterval: UInt64 = 20_000
    static let trialLength: UInt64 = 2_000

    /// Microseconds an event, infinity without a limit.
    let budget: Double
    private let costs: [Double]
    /// The fading mean of each expert's mixture weight.
    private(set) var importance: [Double]
    private(set) var isActive: [Bool]
    /// The event at which each was retired last.
    private var retiredAt: [UInt64]
    /// Who is on trial, and the event at which the trial ends.
    private var trial: Int?
    private var trialEnd: UInt64 = 0

    /// All take part. `costs` are in microseconds an event.
    init(costs: [Double], budget: Double) {
        self.costs = costs
        self.budget = budget
        importance = Array(repeating: 1 / Double(max(costs.count, 1)), count: costs.count)
        isActive = Array(repeating: true, count: costs.count)
        retiredAt = Array(repeating: 0, count: costs.count)
    }

    /// What the active experts cost in microseconds an event.
    var activeCost: Double { zip(costs, isActive).reduce(0) { $0 + ($1.1 ? $1.0 : 0) } }

    /// Whether there is anything to decide at event `count`.
    @inline(__always)
    func isDue(at count: UInt64) -> Bool { budget < .infinity && count % Self.reviewInterval == 0 }

    /// Reviews the experts; `weight` is the mixture's present weight of each. Returns who changes sides, in order.
    mutating func review(at count: UInt64, weight: (Int) -> Double) -> [Int] {
        var changed: [Int] = []
        for index in isActive.indices where isActive[index] {
            importance[index] += 0.1 * (weight(index) - importance[index])
        }
        if trial != nil, count >= trialEnd { trial = nil }
        while activeCost > budget, trial == nil, isActive.count(where: { $0 }) > 1, let worst = leastWorth() {
            isActive[worst] = false
            retiredAt[worst] = count
            changed.append(worst)
        }
        if count % Self.trialInterval == 0, trial == nil, let next = longestRetired() {
            isActive[next] = true
            importance[next] = 1 / Double(costs.count)
            (trial, trialEnd) = (next, count &+ Self.trialLength)
            changed.append(next)
        }
        return changed
    }

    private func leastWorth() -> Int? {
        isActive.indices.filter { isActive[$0] && costs[$0] > 0 }
            .min { importance[$0] / costs[$0] < importance[$1] / costs[$1] }
    }

    private func longestRetired() -> Int? {
        isActive.indices.filter { !isActive[$0] }.min { retiredAt[$0] < retiredAt[$1] }
    }

    func encode(into encoder: inout StateEncoder) {
        for index in costs.indices {
            encoder.append(isActive[index])
            encoder.append(importance[index])
            encoder.append(retiredAt[index])
        }
        encoder.append(Int64(trial ?? -1))
        encoder.append(trialEnd)
    }

    /// The roster with the encoded decisions; at least one expert has to be active.
    func decoded(from decoder: inout StateDecoder) throws(StateError) -> ExpertRoster {
        var roster = self
        for index in costs.indices {
            roster.isActive[index] = try decoder.flag()
            roster.importance[index] = try decoder.double()
            roster.retiredAt[index] = try decoder.uint64()
        }
        let trial = try decoder.int64()
        roster.trialEnd = try decoder.uint64()
        guard trial >= -1, trial < Int64(costs.count), roster.isActive.contains(true),
            roster.importance.allSatisfy({ $0.isFinite })
        else { throw .corrupt }
        roster.trial = trial < 0 ? nil : Int(trial)
        return roster
    }
}
