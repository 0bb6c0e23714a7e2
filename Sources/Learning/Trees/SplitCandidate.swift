/// A split of a leaf that was judged: what it tests and how much it would tell.
struct SplitCandidate {
    /// Information gain in bits; minus infinity for no split at all.
    var merit = -Double.infinity
    /// The test of a node, see ``TreeNodes/Node``; meaningless while the merit is minus infinity.
    var test: UInt32 = 0
    var threshold = 0.0
    /// Where the feature's statistics are: its slot among the leaf's observed features.
    var observed = 0
    /// Weights of the two sides.
    var left = 0.0
    var right = 0.0

    var isSplit: Bool { merit > -.infinity }
}

/// The best and the second best of the candidates offered, one a feature; of equals the later one is the better.
struct SplitRanking {
    /// Not splitting is a candidate too.
    private(set) var best = SplitCandidate()
    private(set) var secondMerit = -Double.infinity
    /// The test whose merit is wanted too, if there is one.
    var trackedTest: UInt32?
    private(set) var trackedMerit = -Double.infinity

    mutating func offer(_ candidate: SplitCandidate) {
        if candidate.test == trackedTest { trackedMerit = candidate.merit }
        if candidate.merit >= best.merit {
            secondMerit = best.merit
            best = candidate
        } else if candidate.merit > secondMerit {
            secondMerit = candidate.merit
        }
    }
}
