/// The adaptive random forest for numbers (Gomes et al. 2018, "Adaptive random forests for data stream regression"): its
/// answer is the median of its trees'.
@safe final class RegressionForest: ExplainingLearner, NodeCounting {
    let settings: EnsembleSettings
    private let fingerprint: UInt64
    private let sampler: PoissonSampler
    private let members: [RegressionMember]
    private let event: EventHolder
    private let core: UnsafeMutablePointer<Core>
    /// The members' answers in order; scratch.
    private let sorted: UnsafeMutablePointer<Double>

    private struct Core {
        var learnedCount: UInt64 = 0
        var generator: RandomGenerator
    }

    init(_ settings: EnsembleSettings, shape: LearnerShape, fingerprint: UInt64) {
        let settings = settings.forFeatures(shape.denseCount + shape.fieldCount)
        self.settings = settings
        self.fingerprint = fingerprint
        sampler = PoissonSampler(mean: settings.lambda)
        var generator = RandomGenerator(seed: settings.seed)
        members = (0..<settings.memberCount).map { _ in
            RegressionMember(settings, shape: shape, seed: generator.next())
        }
        event = EventHolder(shape)
        unsafe core = .allocate(capacity: 1)
        unsafe core.initialize(to: Core(generator: generator))
        unsafe sorted = .allocate(capacity: settings.memberCount)
        unsafe sorted.initialize(repeating: 0, count: settings.memberCount)
    }

    deinit {
        unsafe core.deallocate()
        unsafe sorted.deallocate()
    }

    var task: LearningTask { .regression }
    var learnedCount: UInt64 { unsafe core.pointee.learnedCount }
    var memoryByteCount: Int { members.reduce(event.event.memoryByteCount) { $0 + $1.memoryByteCount } }
    var nodeCount: Int { members.reduce(0) { $0 + $1.nodeCount } }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        _ = event.event.load(features)
        prediction.value = median()
    }

    /// Visits every tree; the median of their answers, by insertion (members are few).
    private func median() -> Double {
        var count = 0
        for member in members {
            member.tree.visit(event.event)
            let answer = member.tree.answer
            var place = count
            while unsafe place > 0 && sorted[place - 1] > answer {
                unsafe sorted[place] = sorted[place - 1]
                place -= 1
            }
            unsafe sorted[place] = answer
            count += 1
        }
        let middle = count / 2
        return unsafe count % 2 == 1 ? sorted[middle] : 0.5 * sorted[middle - 1] + 0.5 * sorted[middle]
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, LearnableRange.accepts(label, task: .regression) else { return }
        let isSame = event.event.load(features)
        unsafe core.pointee.learnedCount &+= 1
        let weight = min(weight, TreeEvent.weightMax)
        for member in members {
            let tree = member.tree
            if !isSame || tree.isUnvisited { tree.visit(event.event) }
            let error = label - tree.answer
            let count = unsafe sampler.sample(&core.pointee.generator)
            guard count > 0 else { continue }
            if unsafe member.numbers.pointee.isWarned {
                member.background.learn(event.event, target: label, weight: weight * Double(count), isSame: false)
            }
            tree.learn(event.event, target: label, weight: weight * Double(count), isSame: true)
            let scaled = member.scaled(error)
            if member.warning.update(scaled) {
                unsafe member.beginBackground(seed: core.pointee.generator.next())
            }
            if member.drift.update(scaled) { unsafe member.startOver(seed: core.pointee.generator.next()) }
        }
    }

    /// The mean of the trees' contributions; what the median differs from the mean goes to the base.
    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        _ = event.event.load(features)
        let answer = median()
        event.path.begin()
        let share = 1 / Double(members.count)
        var mean = 0.0
        for member in members {
            member.tree.explain(event.event, share: share, into: event.path)
            mean += member.tree.answer * share
        }
        event.path.base += answer - mean
        event.path.finish(event.event, into: &explanation)
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            unsafe encoder.append(core.pointee.learnedCount)
            unsafe core.pointee.generator.encode(into: &encoder)
            for member in members { member.encode(into: &encoder) }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        var decoded: [RegressionMember.Decoded] = []
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

    private static let tag = StateTag("RFOR")
}
