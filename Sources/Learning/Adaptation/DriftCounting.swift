/// A learner that watches its own errors for drifts.
public protocol DriftCounting: Learner {
    /// How many drifts were signalled so far.
    var driftCount: UInt64 { get }
}
