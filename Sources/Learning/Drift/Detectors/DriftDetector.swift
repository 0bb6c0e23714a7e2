/// What a detector says of the value it was given last.
public enum DriftSignal: Sendable, Equatable {
    /// Nothing unusual.
    case stable
    /// A warning zone begins with this value: a change may be coming. Detectors without warnings never say so.
    case warningBegins
    /// The warning zone goes on.
    case warning
    /// The stream has changed. The detector starts again from scratch with the next value.
    case drift
}

/// Watches one stream of numbers, usually a model's errors, and says when its distribution changes.
///
/// - Deterministic: same parameters, same values, same signals. No clock, no global random source.
/// - Decoding what was encoded and going on equals never having stopped, to the bit.
/// - A value outside ``acceptedValues``, NaN and infinity included, is ignored: it changes nothing and never signals a
///   drift or the beginning of a warning.
/// - Not thread-safe: one task owns a detector. No allocation per value in steady state.
public protocol DriftDetector: AnyObject {
    /// The values it works with; others are ignored.
    var acceptedValues: ClosedRange<Double> { get }
    /// Whether it is in a warning zone.
    var isWarning: Bool { get }
    /// Bytes of memory of its own.
    var memoryByteCount: Int { get }
    /// Takes one value. Complexity: see ``DetectorType/documentation``.
    func update(_ value: Double) -> DriftSignal
    /// Forgets everything but its random numbers, which go on.
    func reset()
    /// Appends the whole state.
    func encode(into encoder: inout StateEncoder)
    /// Replaces the whole state by an encoded one of a detector with the same parameters (`mismatch` otherwise); on an
    /// error the detector is unchanged.
    func decode(from decoder: inout StateDecoder) throws(StateError)
}
