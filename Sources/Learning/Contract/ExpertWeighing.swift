/// How much one expert counts in a model that combines experts.
public struct ExpertWeight: Sendable, Equatable {
    /// The expert's type, the second of a type with `_2` behind it, and so on; `stacker` for the combination of all that is a
    /// candidate itself.
    public let name: String
    /// The parameters it was given, as the pipeline file would write them; empty where all are defaults.
    public let parameters: String
    /// Its part of the mixture, 0...1; those of a model sum to 1.
    public let weight: Double
    /// Whether it takes part now, or is retired to save time.
    public let isActive: Bool
}

/// A learner that combines experts and can say how much each counts.
public protocol ExpertWeighing: Learner {
    /// The present weights, in the order of the experts. Allocates; not for the path of an event.
    var expertWeights: [ExpertWeight] { get }
}

/// The present weights of the experts that `learner` combines, or that the one behind its wrappers does; nil for a model that
/// combines none. Allocates; not for the path of an event.
public func expertWeights(of learner: any Learner) -> [ExpertWeight]? {
    if let wrapper = learner as? any WrappingLearner { return expertWeights(of: wrapper.wrapped) }
    return (learner as? any ExpertWeighing)?.expertWeights
}
