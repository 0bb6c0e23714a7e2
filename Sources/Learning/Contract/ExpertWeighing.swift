/// How much one expert counts in a model that combines experts.
public struct ExpertWeight: Sendable, Equatable {
    /// The expert's type, with what tells it from others of that type.
    public let name: String
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
