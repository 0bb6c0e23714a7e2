/// The shape of the vectors that a learner will see.
public struct LearnerShape: Sendable, Equatable {
    /// How many dense slots a vector has.
    public var denseCount: Int
    /// How many categorical fields there are, each giving an event at most one sparse entry.
    public var fieldCount: Int

    /// A shape. Sparse indexes need no count: what is learned of them grows as they appear, up to each learner's bound.
    public init(denseCount: Int, fieldCount: Int = 0) {
        precondition(denseCount >= 0 && fieldCount >= 0)
        self.denseCount = denseCount
        self.fieldCount = fieldCount
    }

    /// An empty vector of this shape.
    public func makeVector() -> FeatureVector { FeatureVector(denseCount: denseCount, sparseCapacity: fieldCount) }
}
