/// What every ensemble of trees is made of, whatever its trees foretell: the members, the event that they look at, and the
/// random numbers that make them different.
@safe final class EnsembleMembers<Tree: MemberTree> {
    typealias Member = EnsembleMember<Tree>

    let settings: EnsembleSettings
    let all: [Member]
    let event: EventHolder
    let core: UnsafeMutablePointer<Core>
    private let fingerprint: UInt64
    private let sampler: PoissonSampler

    struct Core {
        var learnedCount: UInt64 = 0
        var generator: RandomGenerator
    }

    init(_ settings: EnsembleSettings, shape: LearnerShape, fingerprint: UInt64) {
        let settings = settings.forFeatures(shape.denseCount + shape.fieldCount)
        self.settings = settings
        self.fingerprint = fingerprint
        sampler = PoissonSampler(mean: settings.lambda)
        var generator = RandomGenerator(seed: settings.seed)
        all = (0..<settings.memberCount).map { _ in Member(settings, shape: shape, seed: generator.next()) }
        event = EventHolder(shape)
        unsafe core = .allocate(capacity: 1)
        unsafe core.initialize(to: Core(generator: generator))
    }

    deinit { unsafe core.deallocate() }

    var learnedCount: UInt64 { unsafe core.pointee.learnedCount }
    var memoryByteCount: Int { all.reduce(event.event.memoryByteCount) { $0 + $1.memoryByteCount } }
    var nodeCount: Int { all.reduce(0) { $0 + $1.nodeCount } }

    /// How often a member learns the next event.
    @inline(__always)
    func draw() -> Int { unsafe sampler.sample(&core.pointee.generator) }

    /// The member and what grows in its background learn the event that the member's tree looked at last.
    @inline(__always)
    func learn(_ member: Member, target: Tree.Target, weight: Double) {
        if unsafe member.numbers.pointee.isWarned {
            member.background.look(at: event.event)
            member.background.take(event.event, target: target, weight: weight)
        }
        member.tree.take(event.event, target: target, weight: weight)
    }

    /// Tells a member's detectors of an error, and does what is to be done then.
    @inline(__always)
    func watch(_ member: Member, error: Double) {
        if member.warning.update(error) { unsafe member.beginBackground(seed: core.pointee.generator.next()) }
        if member.drift.update(error) { startOver(member) }
    }

    /// Another tree takes the place of the member's.
    func startOver(_ member: Member) { unsafe member.startOver(seed: core.pointee.generator.next()) }

    func encode(into encoder: inout StateEncoder, tag: StateTag) {
        encoder.section(tag, version: 1) { encoder in
            encoder.append(fingerprint)
            unsafe encoder.append(core.pointee.learnedCount)
            unsafe core.pointee.generator.encode(into: &encoder)
            for member in all { member.encode(into: &encoder) }
        }
    }

    func decode(from decoder: inout StateDecoder, tag: StateTag) throws(StateError) {
        var decoded: [Member.Decoded] = []
        let (count, generator) = try decoder.section(tag, newest: 1) {
            decoder, _ throws(StateError) -> (UInt64, RandomGenerator) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let count = try decoder.uint64()
            let generator = try RandomGenerator(from: &decoder)
            for member in all { decoded.append(try member.decoded(from: &decoder)) }
            return (count, generator)
        }
        unsafe core.pointee.learnedCount = count
        unsafe core.pointee.generator = generator
        for (member, state) in zip(all, decoded) { member.takeOver(state) }
    }
}
