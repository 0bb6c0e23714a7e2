/// EXP3 (Auer, Cesa-Bianchi, Freund and Schapire, The nonstochastic multiarmed bandit problem, SIAM Journal on Computing 32,
/// 2002): arm i with probability p = (1 − γ)·w/Σw + γ/K, and its weight times exp(γ·(reward/p)/K) after a pull.
///
/// Weights are kept as logarithms with the largest at 0, where an arm that is added begins too. An arm's expected reward is
/// its mean so far.
final class EXP3Bandit: Bandit {
    private let gamma: Double
    private var arms = ArmTable()
    private(set) var updateCount: UInt64 = 0
    private var generator: RandomGenerator
    /// The draw for the next choice.
    private var chance: Double

    init(gamma: Double, seed: UInt64) {
        self.gamma = gamma
        generator = RandomGenerator(seed: seed)
        chance = generator.nextUnit()
    }

    var armCount: Int { arms.count }
    var memoryByteCount: Int { arms.memoryByteCount }

    func addArms(upTo count: Int) { arms.grow(to: count) }

    private var weightTotal: Double {
        var total = 0.0
        for arm in 0..<arms.count { total += exponential(arms[arm].value) }
        return total
    }

    @inline(__always)
    private func probability(of arm: Int, total: Double) -> Double {
        (1 - gamma) * exponential(arms[arm].value) / total + gamma / Double(arms.count)
    }

    /// The probability that the arm is chosen.
    func probability(of arm: Int) -> Double { probability(of: arm, total: weightTotal) }

    func choose(_ context: borrowing FeatureVector) -> Int {
        let total = weightTotal
        var rest = chance
        for arm in 0..<max(1, arms.count - 1) {
            rest -= probability(of: arm, total: total)
            if rest < 0 { return arm }
        }
        return arms.count - 1
    }

    func expectedReward(of arm: Int, _ context: borrowing FeatureVector) -> Double { arms[arm].mean }

    func update(arm: Int, reward: Double, weight: Double, _ context: borrowing FeatureVector) {
        let pull = Pull(reward: reward, weight: weight)
        let gain = pull.reward / probability(of: arm)
        arms.pull(arm, reward: pull.reward, weight: pull.weight)
        let step = pull.weight * gamma * gain / Double(arms.count)
        let largest = arms[arm].value + step
        arms[arm].value = largest
        if largest > 0 {
            // A weight of exp(−10⁹) is 0, and the number stays one.
            for other in 0..<arms.count {
                let lowered = max(-1e9, arms[other].value - largest)
                arms[other].value = lowered
            }
        }
        updateCount &+= 1
        chance = generator.nextUnit()
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(updateCount)
            arms.encode(into: &encoder)
            encoder.append(chance)
            generator.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            let count = try decoder.uint64()
            let arms = try decoder.arms()
            guard arms.allSatisfy({ $0.value <= 0 }) else { throw .corrupt }
            guard arms.isEmpty || arms.contains(where: { $0.value > -700 }) else { throw .corrupt }
            let chance = try decoder.double()
            guard chance >= 0, chance < 1 else { throw .corrupt }
            return (count: count, arms: arms, chance: chance, generator: try RandomGenerator(from: &decoder))
        }
        updateCount = decoded.count
        arms.replace(by: decoded.arms)
        chance = decoded.chance
        generator = decoded.generator
    }

    private static let tag = StateTag("EXP3")
}
