/// Many experts as one model: each learns every event for itself, and what they say is combined by how good they have been
/// (``BinaryCombination``, ``MulticlassCombination``, ``RegressionCombination``).
///
/// Learning has to know what every expert said before it learned. Where the event to learn is the one predicted last, as it
/// is when labels come at once, that is remembered; otherwise the experts are asked again. To the combination an event counts
/// at most ``weightMax`` times.
final class AutoLearner: Learner, ExpertWeighing {
    static let weightMax = 1e6

    let task: LearningTask
    private let experts: [ModelSpecification]
    private let learners: [any Learner]
    private let combination: any ExpertCombination
    private let answers: ExpertAnswers
    private let fingerprint: UInt64
    private let scratch: Scratch
    private var roster: ExpertRoster
    private var learned: UInt64 = 0

    /// What predicting leaves behind for learning; no part of the state.
    private final class Scratch {
        var event: FeatureVector
        var isFresh = false
        var answer = Prediction()

        init(_ shape: LearnerShape) { event = shape.makeVector() }
    }

    /// `budget` is in microseconds an event; infinity for none.
    init(task: LearningTask, experts: [ModelSpecification], budget: Double, shape: LearnerShape, fingerprint: UInt64) {
        precondition(!experts.isEmpty)
        self.task = task
        self.experts = experts
        self.fingerprint = fingerprint
        learners = experts.map { $0.makeLearner(shape) }
        answers = ExpertAnswers(expertCount: experts.count)
        switch task {
        case .binary, .anomaly: combination = BinaryCombination(expertCount: experts.count)
        case .multiclass: combination = MulticlassCombination(expertCount: experts.count)
        case .regression: combination = RegressionCombination(expertCount: experts.count)
        }
        scratch = Scratch(shape)
        roster = ExpertRoster(
            costs: experts.map { ExpertCost.microseconds(of: $0, shape: shape) }, budget: budget)
    }

    var learnedCount: UInt64 { learned }

    var usesKey: Bool { learners.contains { $0.usesKey } }

    var memoryByteCount: Int {
        learners.reduce(answers.memoryByteCount + combination.memoryByteCount) { $0 + $1.memoryByteCount }
    }

    var expertWeights: [ExpertWeight] {
        experts.enumerated().map { index, expert in
            ExpertWeight(
                name: expert.name, parameters: expert.parameters, weight: combination.weight(index),
                isActive: roster.isActive[index])
        } + [
            ExpertWeight(
                name: "stacker", parameters: "", weight: combination.weight(experts.count), isActive: true)
        ]
    }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        ask(features)
        combination.combine(answers, into: &prediction)
        scratch.event.copy(features)
        scratch.isFresh = true
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, LearnableRange.accepts(label, task: task) else { return }
        if !scratch.isFresh || !scratch.event.isIdentical(to: features) {
            ask(features)
            combination.combine(answers, into: &scratch.answer)
        }
        scratch.isFresh = false
        combination.learn(answers, label: label, weight: min(weight, Self.weightMax))
        for index in learners.indices where answers.isActive(index) {
            learners[index].learn(features, label: label, weight: weight)
        }
        learned &+= 1
        if roster.isDue(at: learned) { review() }
    }

    private func ask(_ features: borrowing FeatureVector) {
        answers.removeClasses()
        for index in learners.indices where answers.isActive(index) {
            learners[index].predict(features, into: &scratch.answer)
            answers[index] = scratch.answer.value
            guard task == .multiclass else { continue }
            answers.reserveClasses(scratch.answer.classCount)
            // An expert that knows no class decides for none.
            if scratch.answer.classCount == 0 { answers[index] = -1 }
            answers.setDistribution(index, scratch.answer)
        }
    }

    private func review() {
        for index in roster.review(at: learned, weight: { combination.weight($0) }) {
            answers.setActive(index, roster.isActive[index])
            combination.setActive(index, roster.isActive[index])
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in encodeBody(&encoder) }
    }

    private func encodeBody(_ encoder: inout StateEncoder) {
        encoder.append(fingerprint)
        encoder.append(learned)
        roster.encode(into: &encoder)
        combination.encode(into: &encoder)
        for learner in learners { learner.encode(into: &encoder) }
    }

    /// Each expert decodes all or nothing; should a later one fail, all are put back as they were.
    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try decoder.section(Self.tag, newest: 1, saving: encodeBody, restoring: decodeBody) {
            decoder, _ throws(StateError) in try decodeBody(&decoder)
        }
    }

    private func decodeBody(_ decoder: inout StateDecoder) throws(StateError) {
        guard try decoder.uint64() == fingerprint else { throw .mismatch }
        let learned = try decoder.uint64()
        let roster = try roster.decoded(from: &decoder)
        try combination.decode(from: &decoder)
        for learner in learners { try learner.decode(from: &decoder) }
        self.learned = learned
        self.roster = roster
        for index in learners.indices { answers.setActive(index, roster.isActive[index]) }
        scratch.isFresh = false
    }

    private static let tag = StateTag("AUTO")
}
