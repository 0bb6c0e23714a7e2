/// A bandit as a classifier: the arms are the classes, and an event's reward is 1 if the arm that the policy chose is its
/// label, else 0. Nothing else is learned from a label, as though the other classes' outcomes had stayed unknown.
///
/// The answer is the arm that the policy chooses now. Its probability is its expected reward, held just on its side of an even
/// share (so that it stays the likeliest class); the rest is spread evenly over the other classes. The draw for the next
/// choice is made when learning, so predicting changes nothing. Before the first event the choice is class 0.
///
/// Classes appear as arms with their first label; an event of a class beyond the bound is not learned.
final class BanditLearner: Learner {
    let task: LearningTask
    private let bandit: any Bandit
    private let armCountMax: Int
    private let fingerprint: UInt64
    private(set) var learnedCount: UInt64 = 0

    init(_ bandit: any Bandit, task: LearningTask, armCountMax: Int, fingerprint: UInt64) {
        self.bandit = bandit
        self.task = task
        self.armCountMax = task == .binary ? 2 : armCountMax
        self.fingerprint = fingerprint
        if task == .binary { bandit.addArms(upTo: 2) }
    }

    var memoryByteCount: Int { bandit.memoryByteCount }

    private func choice(_ features: borrowing FeatureVector) -> Int {
        learnedCount == 0 ? 0 : bandit.choose(features)
    }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        let count = bandit.armCount
        if task == .multiclass { prediction.reserveClasses(learnedCount == 0 ? 0 : count) }
        guard learnedCount > 0 else {
            prediction.value = task == .binary ? 0.5 : 0
            return
        }
        let arm = choice(features)
        let even = 1 / Double(count)
        let expected = bandit.expectedReward(of: arm, features)
        let probability = min(1, max(expected, even + 1e-9))
        guard task == .multiclass else {
            prediction.value = arm == 1 ? probability : 1 - probability
            return
        }
        let rest = count > 1 ? (1 - probability) / Double(count - 1) : 0
        for index in 0..<count { prediction[index] = index == arm ? probability : rest }
        prediction.value = Double(arm)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, LearnableRange.accepts(label, task: task),
            let wanted = LearnableRange.classIndex(label, task: task), wanted < armCountMax
        else { return }
        bandit.addArms(upTo: wanted + 1)
        let arm = choice(features)
        learnedCount &+= 1
        bandit.update(arm: arm, reward: arm == wanted ? 1 : 0, weight: weight, features)
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(learnedCount)
            bandit.encode(into: &encoder)
        }
    }

    /// The bandit decodes last; should anything fail after it, it is put back as it was.
    func decode(from decoder: inout StateDecoder) throws(StateError) {
        learnedCount = try decoder.section(
            Self.tag, newest: 1, saving: bandit.encode, restoring: bandit.decode
        ) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let count = try decoder.uint64()
            try bandit.decode(from: &decoder)
            guard bandit.armCount <= armCountMax, bandit.armCount >= (task == .binary ? 2 : count > 0 ? 1 : 0)
            else { throw .corrupt }
            return count
        }
    }

    private static let tag = StateTag("BAND")
}
