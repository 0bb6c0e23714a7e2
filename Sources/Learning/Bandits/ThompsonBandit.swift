/// Thompson sampling for rewards in 0...1 (Thompson, Biometrika 25, 1933; Agrawal and Goyal, COLT 2012): of each arm a draw
/// from Beta(prior + Σ rewards, prior + Σ (1 − reward)), and the arm of the largest. A reward between 0 and 1 counts as
/// that share of a success.
///
/// All arms are drawn anew at each update, from two gamma variates each (Marsaglia and Tsang, A simple method for generating
/// gamma variables, 2000).
final class ThompsonBandit: Bandit {
    private let prior: Double
    private var arms = ArmTable()
    private(set) var updateCount: UInt64 = 0
    private var generator: RandomGenerator

    init(prior: Double, seed: UInt64) {
        self.prior = prior
        generator = RandomGenerator(seed: seed)
    }

    var armCount: Int { arms.count }
    var memoryByteCount: Int { arms.memoryByteCount }

    func addArms(upTo count: Int) {
        let known = arms.count
        arms.grow(to: count)
        redraw(known..<max(known, count))
    }

    func choose(_ context: borrowing FeatureVector) -> Int {
        var best = 0
        for arm in 1..<max(1, arms.count) where arms[arm].value > arms[best].value { best = arm }
        return best
    }

    func expectedReward(of arm: Int, _ context: borrowing FeatureVector) -> Double {
        (arms[arm].rewards + prior) / (arms[arm].pulls + 2 * prior)
    }

    func update(arm: Int, reward: Double, weight: Double, _ context: borrowing FeatureVector) {
        let pull = Pull(reward: reward, weight: weight)
        arms.pull(arm, reward: pull.reward, weight: pull.weight)
        updateCount &+= 1
        redraw(0..<arms.count)
    }

    /// The arm's draw for the next choice.
    func draw(of arm: Int) -> Double { arms[arm].value }

    private func redraw(_ range: Range<Int>) {
        var drawing = generator
        for arm in range {
            let known = arms[arm]
            let successes = Self.gamma(known.rewards + prior, &drawing)
            let failures = Self.gamma(max(0, known.pulls - known.rewards) + prior, &drawing)
            let sum = successes + failures
            arms[arm].value = sum > 0 ? successes / sum : 0.5
        }
        generator = drawing
    }

    /// A gamma variate of shape `shape` above 0 and scale 1.
    private static func gamma(_ shape: Double, _ generator: inout RandomGenerator) -> Double {
        guard shape >= 1 else {
            let part = logarithm(1 - generator.nextUnit()) / shape
            return gamma(shape + 1, &generator) * exponential(part)
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).magnitude.squareRoot()
        while true {
            let x = generator.nextGaussian()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let u = 1 - generator.nextUnit()
            if logarithm(u) < 0.5 * x * x + d * (1 - v + logarithm(v)) { return d * v }
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(updateCount)
            arms.encode(into: &encoder)
            generator.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            (
                count: try decoder.uint64(), arms: try decoder.arms(), generator: try RandomGenerator(from: &decoder)
            )
        }
        updateCount = decoded.count
        arms.replace(by: decoded.arms)
        generator = decoded.generator
    }

    private static let tag = StateTag("THOM")
}
