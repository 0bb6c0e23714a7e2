// Goal: the policies are the published ones, their regret grows slower than the number of pulls, and the learner around them
// learns only from its own answers. Method: published indexes and formulas written out, synthetic arms with seeds, and streams.
import Foundation
import Testing

@testable import Learning

@Suite struct BanditTests {
    private static let policies: [BanditPolicy] = [
        .epsilonGreedy(epsilon: 0.5, decay: 0.01, seed: 1), .ucb1(confidence: 1), .thompson(prior: 1, seed: 1),
        .linUCB(alpha: 1, ridge: 1), .exp3(gamma: 0.05, seed: 1),
    ]

    private let worths = [0.3, 0.5, 0.45, 0.75, 0.2]

    private func seeded(_ policy: BanditPolicy, _ seed: UInt64) -> BanditPolicy {
        switch policy {
        case .epsilonGreedy(let epsilon, let decay, _): .epsilonGreedy(epsilon: epsilon, decay: decay, seed: seed)
        case .thompson(let prior, _): .thompson(prior: prior, seed: seed)
        case .exp3(let gamma, _): .exp3(gamma: gamma, seed: seed)
        case .ucb1, .linUCB: policy
        }
    }

    /// Regret in the first half and in the second half of `count` pulls of Bernoulli arms.
    private func regret(_ policy: BanditPolicy, seed: UInt64, count: Int) -> SIMD2<Double> {
        let bandit = seeded(policy, seed).makeBandit(denseCount: 0)
        bandit.addArms(upTo: worths.count)
        let context = FeatureVector(denseCount: 0, sparseCapacity: 0)
        var generator = RandomGenerator(seed: seed &+ 1_000)
        var regret = SIMD2<Double>.zero
        for index in 0..<count {
            let arm = bandit.choose(context)
            #expect(arm == bandit.choose(context))
            regret[2 * index / count] += 0.75 - worths[arm]
            bandit.update(arm: arm, reward: generator.nextUnit() < worths[arm] ? 1 : 0, weight: 1, context)
        }
        return regret
    }

    /// Pulling at random costs 0.31 a pull. EXP3 keeps exploring, so its own bound is looser.
    @Test(arguments: policies) func regretGrowsSlowerThanThePulls(_ policy: BanditPolicy) {
        let count = 8_000
        var total = SIMD2<Double>.zero
        for seed in 1...5 as ClosedRange<UInt64> { total += regret(policy, seed: seed, count: count) / 5 }
        let isEXP3 = if case .exp3 = policy { true } else { false }
        #expect(total.sum() < (isEXP3 ? 0.5 : 0.25) * 0.31 * Double(count), "\(policy): \(total)")
        #expect(total[1] < (isEXP3 ? 0.7 : 0.5) * total[0], "\(policy): \(total)")
    }

    /// x̄ + √(2 ln t / n): with means 0.6 of 10 pulls and 0.5 of 2 after 12 pulls, 1.305 and 2.076.
    @Test func upperConfidenceBoundsArePublished() {
        let bandit = UCB1Bandit(confidence: 1)
        let context = FeatureVector(denseCount: 0, sparseCapacity: 0)
        bandit.addArms(upTo: 2)
        for pull in 0..<10 { bandit.update(arm: 0, reward: pull < 6 ? 1 : 0, weight: 1, context) }
        #expect(bandit.choose(context) == 1, "an arm never pulled comes first")
        for pull in 0..<2 { bandit.update(arm: 1, reward: Double(pull), weight: 1, context) }
        #expect(isNear(bandit.index(of: 0), 0.6 + (2 * log(12.0) / 10).squareRoot(), 1e-12))
        #expect(abs(bandit.index(of: 0) - 1.305) < 5e-4 && abs(bandit.index(of: 1) - 2.076) < 5e-4)
        #expect(bandit.choose(context) == 1)
    }

    /// n and t are weights of pulls: one pull of weight 3 is three pulls.
    @Test func aWeightedPullIsSoManyPulls() {
        let (weighted, repeated) = (UCB1Bandit(confidence: 1), UCB1Bandit(confidence: 1))
        let context = FeatureVector(denseCount: 0, sparseCapacity: 0)
        for bandit in [weighted, repeated] { bandit.addArms(upTo: 2) }
        for (arm, reward, times) in [(0, 1.0, 3), (1, 0.5, 2), (0, 0.25, 4)] {
            weighted.update(arm: arm, reward: reward, weight: Double(times), context)
            for _ in 0..<times { repeated.update(arm: arm, reward: reward, weight: 1, context) }
        }
        for arm in 0..<2 { #expect(isNear(weighted.index(of: arm), repeated.index(of: arm), 1e-12)) }
        #expect(isNear(weighted.index(of: 1), 0.5 + (2 * log(9.0) / 2).squareRoot(), 1e-12))
    }

    /// Sutton and Barto 2.4: with probability ε any of the arms, all alike, else the best; ε/(1 + decay·t) after t pulls.
    @Test(arguments: [(1.0, 0.0), (0.4, 0), (1, 0.001)]) func greedIsBroken(_ epsilon: Double, _ decay: Double) {
        let bandit = EpsilonGreedyBandit(epsilon: epsilon, decay: decay, seed: 9)
        let context = FeatureVector(denseCount: 0, sparseCapacity: 0)
        bandit.addArms(upTo: 4)
        bandit.update(arm: 1, reward: 1, weight: 1, context)
        var (counts, explored) = ([0.0, 0, 0, 0], 0.0)
        for index in 1...20_000 {
            explored += epsilon / (1 + decay * Double(index))
            counts[bandit.choose(context)] += 1
            bandit.update(arm: 0, reward: 0, weight: 1, context)
        }
        for arm in 0..<4 {
            let expected = explored / 4 + (arm == 1 ? 20_000 - explored : 0)
            #expect(abs(counts[arm] - expected) < 4 * (20_000 * 0.25 * 0.75).squareRoot(), "arm \(arm): \(counts)")
        }
    }

    @Test func exponentialWeightsArePublished() {
        let bandit = EXP3Bandit(gamma: 0.2, seed: 3)
        let context = FeatureVector(denseCount: 0, sparseCapacity: 0)
        bandit.addArms(upTo: 3)
        var weights = [1.0, 1, 1]
        var generator = RandomGenerator(seed: 4)
        for _ in 0..<200 {
            let shares = weights.map { 0.8 * $0 / weights.reduce(0, +) + 0.2 / 3 }
            for arm in 0..<3 { #expect(isNear(bandit.probability(of: arm), shares[arm], 1e-12)) }
            let (arm, reward) = (generator.next(below: 3), generator.nextUnit())
            let times = 1 + generator.nextUnit()
            bandit.update(arm: arm, reward: reward, weight: times, context)
            weights[arm] *= exp(times * 0.2 * reward / shares[arm] / 3)
        }
    }

    /// EXP3 chooses as often as its probabilities say.
    @Test func exponentialWeightsAreSampled() {
        let bandit = EXP3Bandit(gamma: 0.3, seed: 5)
        let context = FeatureVector(denseCount: 0, sparseCapacity: 0)
        bandit.addArms(upTo: 3)
        bandit.update(arm: 1, reward: 1, weight: 5, context)
        let expected = (0..<3).map { bandit.probability(of: $0) }
        var counts = [0.0, 0, 0]
        for _ in 0..<20_000 {
            counts[bandit.choose(context)] += 1
            bandit.update(arm: 0, reward: 0, weight: 1, context)
        }
        for arm in 0..<3 { #expect(abs(counts[arm] / 20_000 - expected[arm]) < 0.015) }
    }

    /// The draws behind Thompson sampling have mean and variance of Beta(prior + successes, prior + failures).
    @Test(arguments: [(0.5, 0.0, 0.0), (1, 3, 1), (1, 40, 160)])
    func thompsonDrawsBeta(_ prior: Double, _ successes: Double, _ failures: Double) throws {
        let bandit = ThompsonBandit(prior: prior, seed: 6)
        let context = FeatureVector(denseCount: 0, sparseCapacity: 0)
        bandit.addArms(upTo: 2)
        if successes > 0 { bandit.update(arm: 0, reward: 1, weight: successes, context) }
        if failures > 0 { bandit.update(arm: 0, reward: 0, weight: failures, context) }
        var (sum, squares) = (0.0, 0.0)
        for _ in 0..<20_000 {
            bandit.update(arm: 1, reward: 0, weight: 1, context)
            let draw = bandit.draw(of: 0)
            sum += draw / 20_000
            squares += draw * draw / 20_000
        }
        let (a, b) = (prior + successes, prior + failures)
        #expect(isNear(bandit.expectedReward(of: 0, context), a / (a + b), 1e-12))
        let variance = a * b / ((a + b) * (a + b) * (a + b + 1))
        #expect(abs(sum - a / (a + b)) < 4 * (variance / 20_000).squareRoot())
        #expect(abs(squares - sum * sum - variance) < 0.06 * variance)
    }

    /// θ and the bound by solving the normal equations of the ridge regression.
    @Test func linUCBIsRidgeRegression() {
        let bandit = LinUCBBandit(alpha: 0.7, ridge: 2, denseCount: 1)
        bandit.addArms(upTo: 1)
        var context = FeatureVector(denseCount: 1, sparseCapacity: 0)
        var (a, b, c, u, v) = (2.0, 0.0, 2.0, 0.0, 0.0)
        var generator = RandomGenerator(seed: 7)
        for _ in 0..<300 {
            let (x, reward, weight) = (generator.nextGaussian(), generator.nextUnit(), 1 + generator.nextUnit())
            context[0] = x
            bandit.update(arm: 0, reward: reward, weight: weight, context)
            a += weight
            b += weight * x
            c += weight * x * x
            u += weight * reward
            v += weight * reward * x
            context[0] = generator.nextGaussian()
            let determinant = a * c - b * b
            let expected = ((c * u - b * v) + (a * v - b * u) * context[0]) / determinant
            let spread = (c - 2 * b * context[0] + a * context[0] * context[0]) / determinant
            #expect(isNear(bandit.expectedReward(of: 0, context), min(1, max(0, expected)), 1e-9))
            #expect(isNear(bandit.bound(of: 0, context), expected + 0.7 * spread.squareRoot(), 1e-9))
        }
    }

    /// Arms whose worth the context turns round: LinUCB learns which, no policy without context can.
    @Test func contextMatters() throws {
        var right: [String: Double] = [:]
        for type in ["linucb", "ucb1"] {
            let learner = try Recipe("m", .binary, type: type).learner(denseCount: 1)
            var generator = RandomGenerator(seed: 8)
            var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
            for index in 0..<3_000 {
                features[0] = generator.nextGaussian()
                let label = features[0] > 0 ? 1.0 : 0
                if index >= 1_000, (learner.predicted(features) > 0.5) == (label == 1) { right[type, default: 0] += 1 }
                learner.learn(features, label: label, weight: 1)
            }
        }
        #expect(right["linucb"] ?? 0 > 1_900 && right["ucb1"] ?? 0 < 1_200, "\(right)")
    }

    /// Two wrong labels teach the same: the class that was not chosen stays unknown.
    @Test(arguments: Recipe.bandits.filter { $0.task == .multiclass })
    func onlyTheRewardOfTheChoiceIsLearned(_ recipe: Recipe) throws {
        let (one, other) = (try recipe.learner(denseCount: 1), try recipe.learner(denseCount: 1))
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        features[0] = 1
        for learner in [one, other] {
            for label in [2.0, 1, 0] { learner.learn(features, label: label, weight: 1) }
        }
        var wrongCount = 0
        for index in 0..<50 {
            let choice = one.predicted(features)
            let wrong = [0.0, 1, 2].filter { $0 != choice }
            one.learn(features, label: wrong[0], weight: 1)
            other.learn(features, label: wrong[index & 1], weight: 1)
            wrongCount += 1
        }
        #expect(wrongCount == 50 && one.encoded == other.encoded)
    }

    /// The choice is the likeliest class, and the classes' probabilities sum to 1.
    @Test(arguments: Recipe.bandits.filter { $0.task == .multiclass })
    func theAnswerIsADistribution(_ recipe: Recipe) throws {
        let learner = try recipe.learner(denseCount: 2)
        var features = FeatureVector(denseCount: 2, sparseCapacity: RandomEvent.fieldCount)
        var prediction = Prediction()
        for event in RandomEvent.stream(count: 300, denseCount: 2, task: .multiclass, seed: 10) {
            event.fill(&features)
            learner.learn(features, label: event.label, weight: 1)
            learner.predict(features, into: &prediction)
            let shares = (0..<prediction.classCount).map { prediction[$0] }
            #expect(isNear(shares.reduce(0, +), 1, 1e-12) && shares.allSatisfy { $0 >= 0 })
            #expect(shares.max() == prediction[Int(prediction.value)])
        }
    }

    @Test func anArmBeyondTheBoundIsNotLearned() throws {
        let learner = try Recipe("m", .multiclass, type: "ucb1", [ParameterEntry("classes", .number(3))])
            .learner(denseCount: 0)
        let features = FeatureVector(denseCount: 0, sparseCapacity: 0)
        learner.learn(features, label: 2, weight: 1)
        let before = learner.encoded
        learner.learn(features, label: 3, weight: 1)
        learner.learn(features, label: -1, weight: 1)
        #expect(learner.encoded == before && learner.learnedCount == 1)
    }
}
