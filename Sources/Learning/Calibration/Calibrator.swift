/// Learns, from scores and the labels that came of them, what a score is worth as a probability. It follows a learner that
/// changes: what it learned about ``memory`` events ago has lost two thirds of its weight.
///
/// A calibrated score keeps the order of the scores (ties can appear), is in 0...1, and is the score itself before the
/// first event. Scores are taken by their log odds. No allocation after making.
public protocol Calibrator: AnyObject {
    /// How many events were learned.
    var learnedCount: UInt64 { get }
    /// Bytes of memory, about.
    var memoryByteCount: Int { get }
    /// What `score` (a probability; NaN counts as 0.5) is worth. Changes nothing.
    func calibrated(_ score: Double) -> Double
    /// Learns that an event of `score` had `label` (above 0.5: positive), counted `weight` (above 0) times, at most
    /// 1,000,000.
    func learn(score: Double, label: Double, weight: Double)
    /// Appends the whole state.
    func encode(into encoder: inout StateEncoder)
    /// Replaces the whole state; on an error nothing changes.
    func decode(from decoder: inout StateDecoder) throws(StateError)
}

/// The ways to calibrate, as `calibrate:` names them.
public enum CalibrationMethod: String, Sendable, Equatable, CaseIterable {
    /// A logistic curve with two parameters: few events teach it, and it only bends what a logistic curve can bend.
    case platt
    /// Any non-decreasing curve: it takes some hundred events and mends every monotone distortion.
    case isotonic

    /// A calibrator that has learned nothing.
    public func makeCalibrator() -> any Calibrator {
        switch self {
        case .platt: PlattCalibrator()
        case .isotonic: IsotonicCalibrator()
        }
    }
}

extension Calibrator {
    /// How many events the memory reaches back, about.
    public static var memory: Double { 2_000 }
    /// What an event's weight is multiplied with at each later one.
    static var retention: Double { 1 - 1 / memory }
    static var weightMax: Double { 1e6 }
}

/// ln(p/(1 − p)) within ±`limit`; 0 for NaN.
@inline(__always)
func logOdds(_ probability: Double, limit: Double) -> Double {
    guard probability > 0 else { return probability.isNaN ? 0 : -limit }
    guard probability < 1 else { return limit }
    return min(limit, max(-limit, logarithm(probability / (1 - probability))))
}
