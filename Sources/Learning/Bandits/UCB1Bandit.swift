/// UCB1 (Auer, Cesa-Bianchi and Fischer, Finite-time analysis of the multiarmed bandit problem, Machine Learning 47, 2002):
/// each arm once, then the one with the largest x̄ + c·√(2 ln t / n), t the pulls of all arms and n those of the arm. c = 1
/// in the paper.
final class UCB1Bandit: Bandit {
    private let confidence: Double
    private var arms = ArmTable()
    private var total = 0.0
    private(set) var updateCount: UInt64 = 0

    init(confidence: Double) { self.confidence = confidence }

    var armCount: Int { arms.count }
    var memoryByteCount: Int { arms.memoryByteCount }

    func addArms(upTo count: Int) { arms.grow(to: count) }

    /// The bound of an arm that was pulled.
    func index(of arm: Int) -> Double { index(arms[arm], logarithm(max(1, total))) }

    @inline(__always)
    private func index(_ arm: ArmTable.Arm, _ logTotal: Double) -> Double {
        arm.mean + confidence * (2 * logTotal / arm.pulls).magnitude.squareRoot()
    }

    func choose(_ context: borrowing FeatureVector) -> Int {
        let logTotal = logarithm(max(1, total))
        var best = 0
        var largest = -Double.infinity
        for arm in 0..<arms.count {
            let known = arms[arm]
            guard known.pulls > 0 else { return arm }
            let index = index(known, logTotal)
            if index > largest {
                best = arm
                largest = index
            }
        }
        return best
    }

    func expectedReward(of arm: Int, _ context: borrowing FeatureVector) -> Double { arms[arm].mean }

    func update(arm: Int, reward: Double, weight: Double, _ context: borrowing FeatureVector) {
        let pull = Pull(reward: reward, weight: weight)
        arms.pull(arm, reward: pull.reward, weight: pull.weight)
        total += pull.weight
        updateCount &+= 1
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(updateCount)
            encoder.append(total)
            arms.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let decoded = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            let count = try decoder.uint64()
            let total = try decoder.double()
            guard total >= 0, total < .infinity else { throw .corrupt }
            return (count: count, total: total, arms: try decoder.arms())
        }
        updateCount = decoded.count
        total = decoded.total
        arms.replace(by: decoded.arms)
    }

    private static let tag = StateTag("UCB1")
}
