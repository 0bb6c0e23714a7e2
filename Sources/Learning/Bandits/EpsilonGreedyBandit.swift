/// ε-greedy (Sutton and Barto, Reinforcement learning, 2nd edition, 2018, 2.4; ε falling as in Auer et al. 2002).
final class EpsilonGreedyBandit: Bandit {
    private let epsilon: Double
    private let decay: Double
    private var arms = ArmTable()
    private(set) var updateCount: UInt64 = 0
    private var generator: RandomGenerator
    /// The draws for the next choice: whether to explore, and which arm then.
    private var chance: Double
    private var which: Double

    init(epsilon: Double, decay: Double, seed: UInt64) {
        self.epsilon = epsilon
        self.decay = decay
        generator = RandomGenerator(seed: seed)
        chance = generator.nextUnit()
        which = generator.nextUnit()
    }

    var armCount: Int { arms.count }
    var memoryByteCount: Int { arms.memoryByteCount }

    func addArms(upTo count: Int) { arms.grow(to: count) }

    func choose(_ context: borrowing FeatureVector) -> Int {
        let rate = epsilon / (1 + decay * Double(updateCount))
        return chance < rate ? min(arms.count - 1, Int(which * Double(arms.count))) : arms.best
    }

    func expectedReward(of arm: Int, _ context: borrowing FeatureVector) -> Double { arms[arm].mean }

    func update(arm: Int, reward: Double, weight: Double, _ context: borrowing FeatureVector) {
        let pull = Pull(reward: reward, weight: weight)
        arms.pull(arm, reward: pull.reward, weight: pull.weight)
        updateCount &+= 1
        chance = generator.nextUnit()
        which = generator.nextUnit()
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(updateCount)
            arms.encode(into: &encoder)
            encoder.append(chance)
            encoder.append(which)
            generator.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            let count = try decoder.uint64()
            let arms = try decoder.arms()
            let draws = SIMD2(try decoder.double(), try decoder.double())
            guard all((draws .>= 0) .& (draws .< 1)) else { throw .corrupt }
            return (count: count, arms: arms, draws: draws, generator: try RandomGenerator(from: &decoder))
        }
        updateCount = decoded.count
        arms.replace(by: decoded.arms)
        chance = decoded.draws.x
        which = decoded.draws.y
        generator = decoded.generator
    }

    private static let tag = StateTag("EPSG")
}
