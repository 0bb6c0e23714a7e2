/// A learner made of trees.
public protocol NodeCounting: Learner {
    /// How many nodes its trees have together, leaves and trees that may replace others among them.
    var nodeCount: Int { get }
}
