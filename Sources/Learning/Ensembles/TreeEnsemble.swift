/// An ensemble of Hoeffding trees for classes. The members differ by the weight that each event has for each of them, drawn
/// from a Poisson distribution (online bagging, Oza and Russell 2001), and by the features they look at.
@safe final class TreeEnsemble: ExplainingLearner, NodeCounting {
    let task: LearningTask
    let settings: EnsembleSettings
    private let fingerprint: UInt64
    private let sampler: PoissonSampler
    private let members: [EnsembleMember]
    private let event: EventHolder
    private let core: UnsafeMutablePointer<Core>

    @safe private struct Core {
        var learnedCount: UInt64 = 0
        var generator: RandomGenerator
        /// The sum of votes for each class; scratch.
        var sums: UnsafeMutablePointer<Double>
        var capacity = 2
    }

    init(_ settings: EnsembleSettings, task: LearningTask, shape: LearnerShape, fingerprint: UInt64) {
        let settings = settings.forFeatures(shape.denseCount + shape.fieldCount)
        self.settings = settings
        self.task = task
        self.fingerprint = fingerprint
        sampler = PoissonSampler(mean: settings.lambda)
        var generator = RandomGenerator(seed: settings.seed)
        members = (0..<settings.memberCount).map { _ in
            EnsembleMember(settings, shape: shape, seed: generator.next())
        }
        event = EventHolder(shape)
        unsafe core = .allocate(capacity: 1)
        let sums = UnsafeMutablePointer<Double>.allocate(capacity: 2)
        unsafe core.initialize(to: Core(generator: generator, sums: sums))
    }

    deinit {
        unsafe core.pointee.sums.deallocate()
        unsafe core.deallocate()
    }

    var learnedCount: UInt64 { unsafe core.pointee.learnedCount }
    var memoryByteCount: Int { members.reduce(event.event.memoryByteCount) { $0 + $1.memoryByteCount } }
    var nodeCount: Int { members.reduce(0) { $0 + $1.nodeCount } }
}

// MARK: - Answering

extension TreeEnsemble {
    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        let classCount = vote(features)
        let sums = unsafe core.pointee.sums
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
        for member in members { classCount = max(classCount, member.tree.classCount) }
        reserve(classCount)
        let sums = unsafe core.pointee.sums
        for label in 0..<classCount { unsafe sums[label] = 0 }
        for member in members {
            member.tree.visit(event.event, wantsVotes: true)
            let weight = voteWeight(member)
            unsafe member.tree.addVotes(weight: weight, to: sums)
        }
        return task == .binary ? 2 : members.reduce(0) { max($0, $1.tree.classCount) }
    }

    private func reserve(_ classCount: Int) {
        guard unsafe classCount > core.pointee.capacity else { return }
        unsafe core.pointee.sums.deallocate()
        unsafe core.pointee.capacity = max(classCount, 2 * core.pointee.capacity)
        unsafe core.pointee.sums = .allocate(capacity: core.pointee.capacity)
    }

    @inline(__always)
    private func voteWeight(_ member: EnsembleMember) -> Double {
        switch settings.strategy {
        case .adaptiveForest, .randomPatches:
            let accuracy = member.accuracy
            return accuracy > 0 ? accuracy : 1
        case .adwinBagging, .leveragingBagging: return 1
        case .boosting: return boostingWeight(member)
        }
    }

    /// log((1 − ε)/ε) of the member's weighted error ε; 1 where that is a half or more, or nothing yet.
    private func boostingWeight(_ member: EnsembleMember) -> Double {
        let (right, wrong) = unsafe (member.numbers.pointee.right, member.numbers.pointee.wrong)
        let error = (wrong + 1e-16) / (right + wrong + 1e-16)
        return error > 0.5 ? 1 : logarithm((1 - error) / error)
    }

    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        var prediction = Prediction()
        predict(features, into: &prediction)
        event.path.begin()
        var total = 0.0
        for member in members where member.tree.hasAnswer { total += voteWeight(member) }
        let label = task == .binary ? 1 : Int(prediction.value)
        for member in members where member.tree.hasAnswer && total > 0 {
            member.tree.explain(event.event, label: label, share: voteWeight(member) / total, into: event.path)
        }
        if total == 0, task == .binary { event.path.base = 0.5 }
        event.path.finish(event.event, into: &explanation)
    }
}

// MARK: - Learning

extension TreeEnsemble {
    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, LearnableRange.accepts(label, task: task),
            let label = LearnableRange.classIndex(label, task: task)
        else { return }
        let isSame = event.event.load(features)
        unsafe core.pointee.learnedCount &+= 1
        let weight = min(weight, TreeEvent.weightMax)
        switch settings.strategy {
        case .adaptiveForest, .randomPatches: learnForest(label, weight, isSame)
        case .adwinBagging, .leveragingBagging: learnBags(label, weight, isSame)
        case .boosting: learnBoosting(label, weight)
        }
    }

    @inline(__always)
    private func learnForest(_ label: Int, _ weight: Double, _ isSame: Bool) {
        for member in members {
            let tree = member.tree
            if !isSame || tree.isUnvisited { tree.visit(event.event, wantsVotes: false) }
            let isRight = tree.answeredLabel == label
            member.count(isRight, weight: weight)
            let count = unsafe sampler.sample(&core.pointee.generator)
            guard count > 0 else { continue }
            if unsafe member.numbers.pointee.isWarned {
                member.background.learn(event.event, label: label, weight: weight * Double(count), isSame: false)
            }
            tree.learn(event.event, label: label, weight: weight * Double(count), isSame: true)
            if member.warning.update(isRight ? 0 : 1) {
                unsafe member.beginBackground(seed: core.pointee.generator.next())
            }
            if member.drift.update(isRight ? 0 : 1) {
                unsafe member.startOver(seed: core.pointee.generator.next())
            }
        }
    }

    @inline(__always)
    private func learnBags(_ label: Int, _ weight: Double, _ isSame: Bool) {
        var hasChanged = false
        for member in members {
            let tree = member.tree
            if !isSame || tree.isUnvisited { tree.visit(event.event, wantsVotes: false) }
            let isRight = tree.answeredLabel == label
            let count = unsafe sampler.sample(&core.pointee.generator)
            // Heavy weights are learned at once, a sixth of the cost; light ones event by event, as published.
            if settings.strategy == .leveragingBagging {
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
        guard var worst = members.first else { return }
        for member in members where member.drift.estimation > worst.drift.estimation { worst = member }
        unsafe worst.startOver(seed: core.pointee.generator.next())
    }

    private func learnBoosting(_ label: Int, _ weight: Double) {
        var lambda = 1.0
        for member in members {
            let count = unsafe PoissonSampler.sample(mean: lambda, &core.pointee.generator)
            for _ in 0..<count { member.tree.learn(event.event, label: label, weight: weight, isSame: false) }
            member.tree.visit(event.event, wantsVotes: false)
            let isRight = member.tree.answeredLabel == label
            member.count(isRight, weight: lambda)
            let numbers = unsafe member.numbers.pointee
            lambda *= (numbers.right + numbers.wrong) / (2 * (isRight ? numbers.right : numbers.wrong))
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
    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            unsafe encoder.append(core.pointee.learnedCount)
            unsafe core.pointee.generator.encode(into: &encoder)
            for member in members { member.encode(into: &encoder) }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        var decoded: [EnsembleMember.Decoded] = []
        let (count, generator) = try decoder.section(Self.tag, newest: 1) {
            decoder, _ throws(StateError) -> (UInt64, RandomGenerator) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let count = try decoder.uint64()
            let generator = try RandomGenerator(from: &decoder)
            for member in members { decoded.append(try member.decoded(from: &decoder)) }
            return (count, generator)
        }
        unsafe core.pointee.learnedCount = count
        unsafe core.pointee.generator = generator
        for (member, state) in zip(members, decoded) { member.takeOver(state) }
    }

    private static let tag = StateTag("TENS")
}
