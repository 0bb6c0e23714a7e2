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
///
/// Methods of a generic class that are reached through a protocol are never compiled for one rule (8 times slower). So what
/// runs for every value depends on no generic type here, and calls the rule by a function that was made where its type was
/// known.
@safe final class RuleDetector<Rule: DriftRule & ~Copyable>: DriftDetector {
    let acceptedValues: ClosedRange<Double>
    private let conduct: UnsafeMutablePointer<Conduct>
    private let step: (UnsafeMutableRawPointer, Double) -> DriftLevel
    private let memory: UnsafeMutableRawPointer
    private let rule: UnsafeMutablePointer<Rule>
    /// Of all parameters, so that a state is never read under others.
    private let fingerprint: UInt64

    @inline(__always)
    init(_ first: consuming Rule, fingerprint: UInt64) {
        acceptedValues = Rule.acceptedValues
        unsafe conduct = .allocate(capacity: 1)
        unsafe conduct.initialize(to: Conduct())
        unsafe rule = .allocate(capacity: 1)
        unsafe rule.initialize(to: first)
        unsafe memory = UnsafeMutableRawPointer(rule)
        unsafe step = { memory, value in unsafe memory.assumingMemoryBound(to: Rule.self).pointee.update(value) }
        self.fingerprint = fingerprint
    }

    deinit {
        unsafe rule.deinitialize(count: 1)
        unsafe rule.deallocate()
        unsafe conduct.deallocate()
    }

    var isWarning: Bool { unsafe conduct.pointee.isWarning }
    var memoryByteCount: Int {
        unsafe MemoryLayout<Conduct>.stride + MemoryLayout<Rule>.stride + rule.pointee.heapByteCount
    }

    func update(_ value: Double) -> DriftSignal {
        guard value >= acceptedValues.lowerBound, value <= acceptedValues.upperBound else {
            return isWarning ? .warning : .stable
        }
        if unsafe conduct.pointee.startsOverNext { reset() }
        return unsafe conduct.pointee.signal(of: step(memory, value))
    }

    func reset() {
        unsafe rule.pointee.reset()
        unsafe conduct.pointee = Conduct()
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Rule.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            unsafe encoder.append(conduct.pointee.isWarning)
            unsafe encoder.append(conduct.pointee.startsOverNext)
            unsafe rule.pointee.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let (read, saved) = try decoder.section(Rule.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let read = Conduct(isWarning: try decoder.flag(), startsOverNext: try decoder.flag())
            guard !(read.isWarning && read.startsOverNext) else { throw .corrupt }
            return (read, unsafe try rule.pointee.read(from: &decoder))
        }
        unsafe rule.pointee.take(saved)
        unsafe conduct.pointee = read
    }
}

/// What every detector remembers beside its rule's own state.
private struct Conduct {
    var isWarning = false
    var startsOverNext = false

    @inline(__always)
    mutating func signal(of level: DriftLevel) -> DriftSignal {
        let wasWarning = isWarning
        isWarning = level == .warning
        switch level {
        case .stable: return .stable
        case .warning: return wasWarning ? .warning : .warningBegins
        case .drift:
            startsOverNext = true
            return .drift
        }
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
