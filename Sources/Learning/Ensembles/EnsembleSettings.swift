/// The parameters of an ensemble of trees.
struct EnsembleSettings: Sendable, Equatable {
    /// How members are made different and what happens when the stream changes.
    enum Strategy: Sendable, Equatable {
        /// Gomes et al. 2017: Poisson weights, a random subspace for each leaf, a background tree from a warning on, votes
        /// weighted by accuracy.
        case adaptiveForest
        /// Gomes, Read, Bifet 2019: as above, but a random subspace for each tree.
        case randomPatches
        /// Bifet et al. 2009: Poisson(1) weights; when a member's error grows the worst member starts again.
        case adwinBagging
        /// Bifet, Holmes, Pfahringer 2010: as ADWIN bagging with Poisson(6) weights.
        case leveragingBagging
        /// Oza and Russell 2001: each member learns more of what the members before it got wrong.
        case boosting
    }

    var strategy: Strategy
    var memberCount = 10
    var seed: UInt64 = 0
    /// Mean of the Poisson weights.
    var lambda = 6.0
    var warning = ADWIN.Parameters(delta: 0.01)
    var drift = ADWIN.Parameters(delta: 0.001)
    var tree = TreeSettings()

    /// Whether a tree of its own is grown from a warning on, to stand in after the drift.
    var hasBackground: Bool { strategy == .adaptiveForest || strategy == .randomPatches }

    /// The parameters with the subspace that the strategy takes of so many features.
    func forFeatures(_ count: Int) -> EnsembleSettings {
        var settings = self
        switch strategy {
        case .adaptiveForest:
            settings.tree.subspace = max(1, Int(Double(count).squareRoot().rounded()))
        case .randomPatches:
            settings.tree.subspace = max(1, min(count, max(2, Int((0.6 * Double(count)).rounded()))))
            settings.tree.isSubspaceShared = true
        case .adwinBagging, .leveragingBagging, .boosting: break
        }
        return settings
    }
}
