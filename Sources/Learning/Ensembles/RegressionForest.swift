/// The adaptive random forest for numbers (Gomes et al. 2018, "Adaptive random forests for data stream regression"): its
/// answer is the median of its trees'.
@safe final class RegressionForest: ExplainingLearner, NodeCounting {
    private let members: EnsembleMembers<RegressionTree>
    /// The members' answers in order; scratch.
    private let sorted: UnsafeMutablePointer<Double>

    init(_ settings: EnsembleSettings, shape: LearnerShape, fingerprint: UInt64) {
        members = EnsembleMembers(settings, shape: shape, fingerprint: fingerprint)
        unsafe sorted = .allocate(capacity: settings.memberCount)
        unsafe sorted.initialize(repeating: 0, count: settings.memberCount)
    }

    deinit { unsafe sorted.deallocate() }

    var task: LearningTask { .regression }
    var learnedCount: UInt64 { members.learnedCount }
    var memoryByteCount: Int { members.memoryByteCount }
    var nodeCount: Int { members.nodeCount }

    private var event: EventHolder { members.event }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        _ = event.event.load(features)
        prediction.value = median().value
    }

    /// Visits every tree; the median of the answers of those that learned something, by insertion (members are few).
    private func median() -> (value: Double, answerCount: Int) {
        var count = 0
        for member in members.all {
            member.tree.visit(event.event)
            guard member.tree.hasAnswer else { continue }
            let answer = member.tree.answer
            var place = count
            while unsafe place > 0 && sorted[place - 1] > answer {
                unsafe sorted[place] = sorted[place - 1]
                place -= 1
            }
            unsafe sorted[place] = answer
            count += 1
        }
        guard count > 0 else { return (0, 0) }
        let middle = count / 2
        let value = unsafe count % 2 == 1 ? sorted[middle] : 0.5 * sorted[middle - 1] + 0.5 * sorted[middle]
        return (value, count)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight >= TreeEvent.weightMin, LearnableRange.accepts(label, task: .regression) else { return }
        let isSame = event.event.load(features)
        unsafe members.core.pointee.learnedCount &+= 1
        let weight = min(weight, TreeEvent.weightMax)
        for member in members.all {
            let tree = member.tree
            if !isSame || tree.isUnvisited { tree.visit(event.event) }
            let error = label - tree.answer
            let count = members.draw()
            guard count > 0 else { continue }
            members.learn(member, target: label, weight: weight * Double(count))
            unsafe members.watch(member, error: member.numbers.pointee.standing.scaled(error))
        }
    }

    /// The mean of the trees' contributions; what the median differs from the mean goes to the base.
    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        _ = event.event.load(features)
        let (answer, count) = median()
        event.path.begin()
        let share = 1 / Double(max(count, 1))
        var mean = 0.0
        for member in members.all where member.tree.hasAnswer {
            member.tree.explain(event.event, share: share, into: event.path)
            mean += member.tree.answer * share
        }
        event.path.base += answer - mean
        event.path.finish(event.event, into: &explanation)
    }

    func encode(into encoder: inout StateEncoder) { members.encode(into: &encoder, tag: Self.tag) }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try members.decode(from: &decoder, tag: Self.tag)
    }

    private static let tag = StateTag("RFOR")
}
