/// How often each class followed the class learned last, older events counting less: a first-order Markov chain that ignores
/// the features. Binary: P(1), 0.5 before the first. Classes from the 65th on are not told apart by what came before them.
final class TransitionLearner: Learner {
    private static let contextCountMax = 64

    let task: LearningTask
    private let keep: Double
    private let fingerprint: UInt64
    private var learned: UInt64 = 0
    private var last: Int?
    private var contexts: [Context] = []

    /// What followed one class; a class, so that the counts are changed where they lie.
    private final class Context {
        var counts: ClassCounts

        init(_ counts: consuming ClassCounts) { self.counts = counts }
    }

    /// `fading` is how much of the counts each event takes away, 0..<1.
    init(task: LearningTask, fading: Double, fingerprint: UInt64) {
        self.task = task
        self.fingerprint = fingerprint
        keep = 1 - fading
    }

    var learnedCount: UInt64 { learned }
    var memoryByteCount: Int { contexts.reduce(0) { $0 + $1.counts.memoryByteCount } }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        let context = last.flatMap { $0 < contexts.count ? contexts[$0] : nil }
        guard task == .multiclass else {
            prediction.value = 0.5
            if let context, context.counts.total > 0 {
                // Half an event of each class stands in for what was not seen yet.
                let total = context.counts.total
                prediction.value = (context.counts.share(1) * total + 0.5) / (total + 1)
            }
            return
        }
        let classCount = contexts.reduce(0) { max($0, $1.counts.classCount) }
        prediction.reserveClasses(classCount)
        // Nothing is known yet of what follows a class that just appeared.
        let isKnown = (context?.counts.total ?? 0) > 0
        for index in 0..<classCount {
            prediction[index] = isKnown ? context?.counts.share(index) ?? 0 : 1 / Double(classCount)
        }
        prediction.decideClass()
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, weight <= LearnableRange.magnitudeMax, LearnableRange.accepts(label, task: task),
            let index = LearnableRange.classIndex(label, task: task)
        else { return }
        learned &+= 1
        let place = min(index, Self.contextCountMax - 1)
        while contexts.count <= place { contexts.append(Context(ClassCounts(keep: keep))) }
        if let last { contexts[last].counts.add(index, weight: weight) }
        last = place
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(learned)
            encoder.append(UInt8(truncatingIfNeeded: contexts.count))
            encoder.append(UInt8(truncatingIfNeeded: last ?? 255))
            for context in contexts { context.counts.encode(into: &encoder) }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let learned = try decoder.uint64()
            let count = Int(try decoder.byte())
            let last = Int(try decoder.byte())
            guard count <= Self.contextCountMax, last < count || last == 255 else { throw .corrupt }
            var decoded: [Context] = []
            for _ in 0..<count { decoded.append(Context(try ClassCounts(from: &decoder, keep: keep))) }
            guard decoder.isAtEnd else { throw .corrupt }
            (self.learned, self.last, contexts) = (learned, last == 255 ? nil : last, decoded)
        }
    }

    private static let tag = StateTag("MARK")
}
