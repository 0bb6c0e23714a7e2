/// The parameters of one Hoeffding tree.
struct TreeSettings: Sendable, Equatable {
    /// What a leaf of a classification tree answers.
    enum LeafRule: String, Sendable, CaseIterable {
        /// Naive Bayes or the class shares, whichever was right more often in this leaf (Holmes, Kirkby, Pfahringer 2005).
        case adaptive
        /// The shares of the classes.
        case majority
        /// Naive Bayes.
        case naiveBayes = "naive_bayes"
    }

    /// The weight of events that a leaf takes between two attempts to split.
    var gracePeriod = 200.0
    /// The probability of choosing another split than endless data would.
    var delta = 1e-7
    /// A bound below which two candidates count as equally good, and the tie is broken.
    var tau = 0.05
    var leaf = LeafRule.adaptive
    /// Bytes that the statistics may take; a tree at its limit goes on learning in its leaves and does not grow.
    var byteCountMax = 100 << 20
    /// The weight of events after which a split is looked at again; nil where splits are final.
    var revisionPeriod: Double?
    /// How subtrees are replaced; nil where they are not.
    var adaptation: AdaptationSettings?
    /// How many features, drawn at random, a leaf looks at; nil for all.
    var subspace: Int?
    /// Whether all leaves of a tree look at the same features, drawn once a tree.
    var isSubspaceShared = false

    /// Both sides of a split have to hold more than this share.
    static let branchShareMin = 0.01
    /// A leaf with a class of more than this share is not split.
    static let classShareMax = 0.99

    /// √(range²·ln(1/delta)/(2·weight)), Hoeffding's bound.
    func bound(range: Double, weight: Double) -> Double {
        (range * range * logarithm(1 / delta) / (2 * weight)).squareRoot()
    }
}
