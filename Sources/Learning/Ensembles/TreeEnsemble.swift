/// An ensemble of Hoeffding trees for classes. The members differ by the weight that each event has for each of them, drawn
/// from a Poisson distribution (online bagging, Oza and Russell 2001), and by the features they look at.
@safe final class TreeEnsemble: ExplainingLearner, NodeCounting {
    let task: LearningTask
    private let members: EnsembleMembers<ClassificationTree>
    private let votes: UnsafeMutablePointer<Votes>

    /// The sum of votes for each class; scratch.
    @safe private struct Votes {
        var sums: UnsafeMutablePointer<Double>
        var capacity = 2
    }

    init(_ settings: EnsembleSettings, task: LearningTask, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        members = EnsembleMembers(settings, shape: shape, fingerprint: fingerprint)
        let sums = UnsafeMutablePointer<Double>.allocate(capacity: 2)
        unsafe votes = .allocate(capacity: 1)
        unsafe votes.initialize(to: Votes(sums: sums))
    }

    deinit {
        unsafe votes.pointee.sums.deallocate()
        unsafe votes.deallocate()
    }

    var learnedCount: UInt64 { members.learnedCount }
    var memoryByteCount: Int { members.memoryByteCount }
    var nodeCount: Int { members.nodeCount }

    private var strategy: EnsembleSettings.Strategy { members.settings.strategy }
    private var event: EventHolder { members.event }
}

// MARK: - Answering

extension TreeEnsemble {
    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        let classCount = vote(features)
        let sums = unsafe votes.pointee.sums
        var total = 0.0
        for label in 0..<classCount { unsafe total += sums[label] }
        if task == .binary {
            prediction.value = unsafe total > 0 ? sums[1] / total : 0.5
            return
        }
        prediction.value = 0
        prediction.reserveClasses(classCount)
        for label in 0..<classCount where total > 0 { prediction[label] = unsafe sums[label] / total }
        prediction.decideClass()
    }

    /// Sums the members' votes by class; returns how many classes there are, at least 2.
    @inline(__always)
    private func vote(_ features: borrowing FeatureVector) -> Int {
        _ = event.event.load(features)
        var classCount = 2
        for member in members.all { classCount = max(classCount, member.tree.classCount) }
        reserve(classCount)
        let sums = unsafe votes.pointee.sums
        for label in 0..<classCount { unsafe sums[label] = 0 }
        for member in members.all {
            member.tree.visit(event.event, wantsVotes: true)
            let weight = voteWeight(member)
            unsafe member.tree.addVotes(weight: weight, to: sums)
        }
        return task == .binary ? 2 : members.all.reduce(0) { max($0, $1.tree.classCount) }
    }

    private func reserve(_ classCount: Int) {
        guard unsafe classCount > votes.pointee.capacity else { return }
        unsafe votes.pointee.sums.deallocate()
        unsafe votes.pointee.capacity = max(classCount, 2 * votes.pointee.capacity)
        unsafe votes.pointee.sums = .allocate(capacity: votes.pointee.capacity)
    }

    @inline(__always)
    private func voteWeight(_ member: EnsembleMember<ClassificationTree>) -> Double {
        switch strategy {
        case .adaptiveForest, .randomPatches:
            let accuracy = unsafe member.numbers.pointee.standing.accuracy
            return accuracy > 0 ? accuracy : 1
        case .adwinBagging, .leveragingBagging: return 1
        case .boosting: return boostingWeight(member)
        }
    }

    /// log((1 − ε)/ε) of the member's weighted error ε; 1 where that is above a half, or nothing counted yet.
    private func boostingWeight(_ member: EnsembleMember<ClassificationTree>) -> Double {
        let standing = unsafe member.numbers.pointee.standing
        let error = (standing.wrong + 1e-16) / (standing.right + standing.wrong + 1e-16)
        return error > 0.5 ? 1 : logarithm((1 - error) / error)
    }

    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        predict(features, into: &event.prediction)
        event.path.begin()
        var total = 0.0
        for member in members.all where member.tree.hasAnswer { total += voteWeight(member) }
        let label = task == .binary ? 1 : Int(event.prediction.value)
        for member in members.all where member.tree.hasAnswer && total > 0 {
            member.tree.explain(event.event, label: label, share: voteWeight(member) / total, into: event.path)
        }
        if total == 0, task == .binary { event.path.base = 0.5 }
        event.path.finish(event.event, into: &explanation)
    }
}

// MARK: - Learning

extension TreeEnsemble {
    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight >= TreeEvent.weightMin, LearnableRange.accepts(label, task: task),
            let label = LearnableRange.classIndex(label, task: task)
        else { return }
        let isSame = event.event.load(features)
        unsafe members.core.pointee.learnedCount &+= 1
        let weight = min(weight, TreeEvent.weightMax)
        switch strategy {
        case .adaptiveForest, .randomPatches: learnForest(label, weight, isSame)
        case .adwinBagging, .leveragingBagging: learnBags(label, weight, isSame)
        case .boosting: learnBoosting(label, weight)
        }
    }

    @inline(__always)
    private func learnForest(_ label: Int, _ weight: Double, _ isSame: Bool) {
        for member in members.all {
            let tree = member.tree
            if !isSame || tree.isUnvisited { tree.visit(event.event, wantsVotes: false) }
            let isRight = tree.answeredLabel == label
            unsafe member.numbers.pointee.standing.count(isRight, weight: weight)
            let count = members.draw()
            guard count > 0 else { continue }
            members.learn(member, target: label, weight: weight * Double(count))
            members.watch(member, error: isRight ? 0 : 1)
        }
    }

    @inline(__always)
    private func learnBags(_ label: Int, _ weight: Double, _ isSame: Bool) {
        var hasChanged = false
        for member in members.all {
            let tree = member.tree
            if !isSame || tree.isUnvisited { tree.visit(event.event, wantsVotes: false) }
            let isRight = tree.answeredLabel == label
            let count = members.draw()
            // Heavy weights are learned at once, a sixth of the cost; light ones event by event, as published.
            if strategy == .leveragingBagging {
                if count > 0 { tree.learn(event.event, label: label, weight: weight * Double(count), isSame: true) }
            } else {
                for repetition in 0..<count {
                    tree.learn(event.event, label: label, weight: weight, isSame: repetition == 0)
                }
            }
            let before = member.drift.estimation
            if member.drift.update(isRight ? 0 : 1), member.drift.estimation > before { hasChanged = true }
        }
        if hasChanged { restartWorst() }
    }

    private func restartWorst() {
        guard var worst = members.all.first else { return }
        for member in members.all where member.drift.estimation > worst.drift.estimation { worst = member }
        members.startOver(worst)
    }

    private func learnBoosting(_ label: Int, _ weight: Double) {
        var lambda = 1.0
        for member in members.all {
            let count = unsafe PoissonSampler.sample(mean: lambda, &members.core.pointee.generator)
            for _ in 0..<count { member.tree.learn(event.event, label: label, weight: weight, isSame: false) }
            member.tree.visit(event.event, wantsVotes: false)
            let isRight = member.tree.answeredLabel == label
            unsafe member.numbers.pointee.standing.count(isRight, weight: lambda)
            let standing = unsafe member.numbers.pointee.standing
            lambda *= (standing.right + standing.wrong) / (2 * (isRight ? standing.right : standing.wrong))
            lambda = min(max(lambda, 1e-9), 30)
        }
    }
}

extension PoissonSampler {
    /// One draw of a mean that differs from draw to draw, at most 30, by inversion.
    static func sample(mean: Double, _ generator: inout RandomGenerator) -> Int {
        let drawn = generator.nextUnit()
        var probability = exponential(-mean)
        var (count, cumulative) = (0, probability)
        while drawn >= cumulative, count < 128 {
            count += 1
            probability *= mean / Double(count)
            cumulative += probability
        }
        return count
    }
}

// MARK: - State

extension TreeEnsemble {
    func encode(into encoder: inout StateEncoder) { members.encode(into: &encoder, tag: Self.tag) }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try members.decode(from: &decoder, tag: Self.tag)
    }

    private static let tag = StateTag("TENS")
}
