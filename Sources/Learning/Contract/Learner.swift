/// What is predicted: the kind of label a learner takes and the meaning of ``Prediction/value``.
public enum LearningTask: Sendable, Equatable {
    /// The label is 0 or 1.
    case binary
    /// The label is a class index, 0, 1, 2, … in the order in which classes appeared.
    case multiclass
    /// The label is any finite number.
    case regression
}

/// The numbers that learners work with; outside it squares would overflow and one event could ruin a model for ever.
public enum LearnableRange {
    /// Largest size of a dense value or label that takes part, 1e150: a larger dense value counts as absent, and an event
    /// with a larger label is not learned.
    public static let magnitudeMax = 1e150
}

/// The contract of every model: predict one, learn one, encode.
///
/// - Prediction never changes state; learning never changes its input.
/// - Deterministic: same parameters, same inputs, same bits. No clock, no global random source.
/// - Decoding what was encoded and going on equals never having stopped, to the bit.
/// - Not thread-safe: one task owns a learner and calls it from one thread at a time.
/// - No allocation per event in steady state.
public protocol Learner: AnyObject {
    /// The kind of label this learner takes.
    var task: LearningTask { get }
    /// How many events were learned.
    var learnedCount: UInt64 { get }
    /// Predicts `features`' label with the present state.
    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction)
    /// Learns one labelled event. `label` is finite (the caller checks); `weight` ≥ 0 counts it that many times. Nothing
    /// changes when the weight is 0 or the label outside ``LearnableRange``.
    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double)
    /// Appends the whole state.
    func encode(into encoder: inout StateEncoder)
    /// Replaces the whole state by an encoded one; on an error the learner is unchanged.
    func decode(from decoder: inout StateDecoder) throws(StateError)
}
