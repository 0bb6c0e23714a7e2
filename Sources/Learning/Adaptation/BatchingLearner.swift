/// Lets events wait and has them learned together (`update: {every: n}` and `{interval: 5m}`). Predictions are those of the
/// learner as it was after the last batch.
///
/// - Every n: the n-th event has all n learned, in the order in which they came.
/// - Interval: it begins with the first event that waits. The first event whose time is the interval or more behind that
///   has all before it learned, and begins the next one. Events without a time, and late ones, wait with the others. When
///   ``waitingMax`` events wait, they are learned at once.
final class BatchingLearner: WrappingLearner {
    enum Trigger: Sendable, Equatable {
        case every(Int)
        case interval(milliseconds: Int64)

        /// The same text for the same trigger, in every version.
        var identity: String {
            switch self {
            case .every(let count): "every \(count)"
            case .interval(let length): "interval \(length)"
            }
        }
    }

    /// The most events that wait for the end of an interval, and the largest n.
    static let waitingMax = 10_000

    private(set) var wrapped: any Learner
    private let make: () -> any Learner
    private let trigger: Trigger
    private let shape: LearnerShape
    private let fingerprint: UInt64
    private var waiting: WaitingEvents
    private var intervalStart: Int64?

    /// `make` makes the learner that learns in batches.
    init(trigger: Trigger, shape: LearnerShape, fingerprint: UInt64, make: @escaping () -> any Learner) {
        self.trigger = trigger
        self.shape = shape
        self.fingerprint = fingerprint
        self.make = make
        wrapped = make()
        waiting = WaitingEvents(shape: shape)
    }

    /// The events that wait among them.
    var learnedCount: UInt64 { wrapped.learnedCount &+ UInt64(waiting.count) }
    var memoryByteCount: Int { wrapped.memoryByteCount + waiting.memoryByteCount }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard accepts(label, weight: weight) else { return }
        if case .interval(let length) = trigger, isOver(length, at: features.eventTime) { learnWaiting() }
        waiting.append(features, label: label, weight: weight)
        if intervalStart == nil { intervalStart = features.eventTime }
        if waiting.count >= limit { learnWaiting() }
    }

    private var limit: Int { if case .every(let count) = trigger { count } else { Self.waitingMax } }

    private func isOver(_ length: Int64, at time: Int64?) -> Bool {
        guard let time, let intervalStart, time > intervalStart else { return false }
        let (elapsed, isBeyond) = time.subtractingReportingOverflow(intervalStart)
        return isBeyond || elapsed >= length
    }

    private func learnWaiting() {
        waiting.drain(into: wrapped)
        intervalStart = nil
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(intervalStart != nil)
            encoder.append(intervalStart ?? 0)
            waiting.encode(into: &encoder)
            wrapped.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let state = try decoder.section(Self.tag, newest: 1) {
            (decoder, _) throws(StateError) -> (start: Int64?, waiting: WaitingEvents, learner: any Learner) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let hasStart = try decoder.flag()
            let start = try decoder.int64()
            let waiting = try WaitingEvents(shape: shape, limit: limit, from: &decoder)
            let learner = make()
            try learner.decode(from: &decoder)
            return (hasStart ? start : nil, waiting, learner)
        }
        (intervalStart, waiting, wrapped) = (state.start, state.waiting, state.learner)
    }

    private static let tag = StateTag("BATC")
}
