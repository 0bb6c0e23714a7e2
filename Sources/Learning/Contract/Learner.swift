/// What is predicted: the kind of label a learner takes and the meaning of ``Prediction/value``.
public enum LearningTask: String, Sendable, Equatable, CaseIterable {
    /// The label is 0 or 1; the answer is P(1).
    case binary
    /// The label is a class index, 0, 1, 2, … in the order in which classes appeared; the answer is the best class with a
    /// probability for each.
    case multiclass
    /// The label is any finite number; the answer is a number.
    case regression
    /// There need be no label; the answer is how strange the event is, 0...1. Where there is a label, 1 marks an anomaly.
    case anomaly
}

/// The numbers that learners work with; outside it squares would overflow and one event could ruin a model for ever.
public enum LearnableRange {
    /// Largest size of a dense value or label that takes part, 1e150: a larger dense value counts as absent, and an event
    /// with a larger label is not learned.
    public static let magnitudeMax = 1e150
    /// How many classes a multiclass learner tells apart; an event of a later class is not learned.
    public static let classCountMax = 1_024

    /// Whether a learner of `task` may learn from an event of that label.
    @inline(__always)
    static func accepts(_ label: Double, task: LearningTask) -> Bool {
        switch task {
        case .binary, .regression: label.magnitude <= magnitudeMax
        case .multiclass: label >= 0 && label < Double(classCountMax)
        case .anomaly: true
        }
    }

    /// The class that `label` means to a classifier: 0 or 1 by 0.5 for a binary task, the index for a multiclass one; nil for
    /// what is no class index below ``classCountMax``.
    @inline(__always)
    static func classIndex(_ label: Double, task: LearningTask) -> Int? {
        if task == .binary { return label > 0.5 ? 1 : 0 }
        guard label >= 0, label < Double(classCountMax) else { return nil }
        return Int(label)
    }
}

/// The contract of every model: predict one, learn one, encode.
///
/// - Prediction never changes state; learning never changes its input.
/// - Deterministic: same parameters, same inputs, same bits. No clock, no global random source.
/// - Decoding what was encoded and going on equals never having stopped, to the bit.
/// - Not thread-safe: one task owns a learner and calls it from one thread at a time.
/// - No allocation per event in steady state; trees and their kin allocate when they grow.
/// - The answer is always finite: while nothing was learned 0.5, 0, or no class at all.
public protocol Learner: AnyObject {
    /// The kind of label this learner takes.
    var task: LearningTask { get }
    /// How many events were learned.
    var learnedCount: UInt64 { get }
    /// Whether it learns from events without a label too: then `learn` is called with NaN for one.
    var learnsUnlabelled: Bool { get }
    /// Whether it looks at ``FeatureVector/keyHash``, which is not worth computing otherwise.
    var usesKey: Bool { get }
    /// How many bytes of memory the state takes now, and about all of them.
    var memoryByteCount: Int { get }
    /// Predicts `features`' label with the present state.
    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction)
    /// Learns one labelled event. `label` is finite (the caller checks) unless ``learnsUnlabelled``; `weight` ≥ 0 counts it
    /// that many times. Nothing changes when the weight is 0 or the label outside ``LearnableRange``.
    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double)
    /// Appends the whole state.
    func encode(into encoder: inout StateEncoder)
    /// Replaces the whole state by an encoded one; on an error the learner is unchanged.
    func decode(from decoder: inout StateDecoder) throws(StateError)
}

extension Learner {
    /// False: most learners need the label.
    public var learnsUnlabelled: Bool { false }

    /// False: most learners see the features alone.
    public var usesKey: Bool { false }
}

/// A learner whose state can take in that of another, as though it had learned both streams one after the other (up to the
/// order of sums). Only where the mathematics has it: counts, means, naive Bayes.
public protocol MergeableLearner: Learner {
    /// Takes in what `other` learned. Throws ``StateError/mismatch`` for a learner of another kind, parameters or shape, and
    /// nothing changes then.
    func merge(_ other: any Learner) throws(StateError)
}

/// A learner whose steps can be lengthened for a while, as the `boost` action on a drift does.
public protocol RateAdjustable: Learner {
    /// What every learning rate is multiplied with, 1 unless set; it belongs to the state.
    var rateFactor: Double { get set }
}
