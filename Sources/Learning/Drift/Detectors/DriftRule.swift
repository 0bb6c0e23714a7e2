/// What a rule says of one value, before it is turned into events.
enum DriftLevel {
    case stable, warning, drift
}

/// The arithmetic of one kind of detector; the conduct that all kinds share is ``RuleDetector``'s.
protocol DriftRule: ~Copyable {
    /// A state that was read and checked and is not yet anyone's.
    associatedtype Saved

    static var tag: StateTag { get }
    static var acceptedValues: ClosedRange<Double> { get }
    /// Bytes behind pointers of its own.
    var heapByteCount: Int { get }
    /// Takes an accepted value.
    mutating func update(_ value: Double) -> DriftLevel
    mutating func reset()
    func encode(into encoder: inout StateEncoder)
    func read(from decoder: inout StateDecoder) throws(StateError) -> Saved
    mutating func take(_ saved: Saved)
}

extension DriftRule {
    var heapByteCount: Int { 0 }
    mutating func take(_ saved: Self) { self = saved }
}

extension ClosedRange<Double> {
    /// Every number that learners work with.
    static var learnable: ClosedRange { -LearnableRange.magnitudeMax...LearnableRange.magnitudeMax }
    /// A share, or whether something happened.
    static var unit: ClosedRange { 0...1 }
}

/// A detector by one rule: leaves out what is not accepted, starts over after a drift, tells a warning's beginning from its
/// going on, and frames the state.
@safe final class RuleDetector<Rule: DriftRule & ~Copyable>: DriftDetector {
    private let state: UnsafeMutablePointer<State>
    /// Of all parameters, so that a state is never read under others.
    private let fingerprint: UInt64

    private struct State: ~Copyable {
        var rule: Rule
        var isWarning = false
        var startsOverNext = false
    }

    init(_ rule: consuming Rule, fingerprint: UInt64) {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(rule: rule))
        self.fingerprint = fingerprint
    }

    deinit {
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    var acceptedValues: ClosedRange<Double> { Rule.acceptedValues }
    var isWarning: Bool { unsafe state.pointee.isWarning }
    var memoryByteCount: Int { unsafe MemoryLayout<State>.stride + state.pointee.rule.heapByteCount }

    func update(_ value: Double) -> DriftSignal {
        guard Rule.acceptedValues.contains(value) else { return isWarning ? .warning : .stable }
        if unsafe state.pointee.startsOverNext { reset() }
        let wasWarning = isWarning
        switch unsafe state.pointee.rule.update(value) {
        case .stable:
            unsafe state.pointee.isWarning = false
            return .stable
        case .warning:
            unsafe state.pointee.isWarning = true
            return wasWarning ? .warning : .warningBegins
        case .drift:
            unsafe state.pointee.isWarning = false
            unsafe state.pointee.startsOverNext = true
            return .drift
        }
    }

    func reset() {
        unsafe state.pointee.rule.reset()
        unsafe state.pointee.isWarning = false
        unsafe state.pointee.startsOverNext = false
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Rule.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            unsafe encoder.append(state.pointee.isWarning)
            unsafe encoder.append(state.pointee.startsOverNext)
            unsafe state.pointee.rule.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let (isWarning, startsOver, saved) = try decoder.section(Rule.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let (isWarning, startsOver) = (try decoder.flag(), try decoder.flag())
            guard !(isWarning && startsOver) else { throw .corrupt }
            return (isWarning, startsOver, unsafe try state.pointee.rule.read(from: &decoder))
        }
        unsafe state.pointee.rule.take(saved)
        unsafe state.pointee.isWarning = isWarning
        unsafe state.pointee.startsOverNext = startsOver
    }
}

extension StateDecoder {
    /// A number that is neither NaN nor infinite.
    mutating func finite() throws(StateError) -> Double {
        let number = try double()
        guard number.isFinite else { throw .corrupt }
        return number
    }

    /// A whole number from 0 to 2^53, kept as a `Double` because it takes part in arithmetic.
    mutating func count() throws(StateError) -> Double {
        let number = try double()
        guard number >= 0, number <= 0x1p53, number == number.rounded() else { throw .corrupt }
        return number
    }
}
