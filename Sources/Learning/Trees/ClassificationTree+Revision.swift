// Splits that are made early and looked at again (Manapragada, Webb and Salehi, "Extremely fast decision tree", KDD 2018).

extension ClassificationTree {
    /// Learns one event at every node on its way, and lets a split node that `period` has passed at look for a better split.
    func learnAndRevise(
        _ event: borrowing TreeEvent, label: Int, weight: Double, isSame: Bool, period: Double
    ) {
        if !isSame || isUnvisited { visit(event, wantsVotes: false) }
        let visit = unsafe core.pointee.visit
        unsafe core.pointee.visit.leaf = -1
        var index = 0
        while true {
            let node = unsafe store.pointee.nodes.nodes[index]
            if node.isLeaf { break }
            // The leaf that was visited is gone once a split was revised.
            if takeIn(event, label: label, weight: weight, at: index, period: period), revise(index) { return }
            index = unsafe Int(node.child) + (store.pointee.nodes.goesRight(node, event) ? 1 : 0)
        }
        if learnInLeaf(visit, event, label: label, weight: weight) { attemptSplit(index) }
    }

    /// Splits a leaf as soon as its best candidate is better than no split.
    func splitEarly(_ index: Int, _ ranking: SplitRanking, bound: Double) {
        guard ranking.best.isSplit, ranking.best.merit > 0, ranking.best.merit > bound || bound < settings.tau else {
            return
        }
        split(index, by: ranking.best)
    }

    /// Puts a better split in the place of a node's, or none if none is better; true when the subtree was given up.
    ///
    /// Where the bound is below tau, half of tau has to lie between the two, as in the authors' implementation.
    @inline(never)
    private func revise(_ index: Int) -> Bool {
        let record = unsafe store.pointee.records + index
        guard unsafe record.pointee.weightedClassCount > 1 else { return false }
        let node = unsafe store.pointee.nodes.nodes[index]
        let test = node.test & ~TreeNodes.Node.missingGoesRight
        let ranking = rankSplits(of: index, tracking: test)
        let classes = unsafe max(2, Double(record.pointee.classCount))
        let bound = unsafe settings.bound(range: binaryLogarithm(classes), weight: record.pointee.total)
        // No split has merit 0. A split that is no candidate any more has none either; one below 0 is worse than no split.
        let tracked = ranking.trackedMerit.isFinite ? ranking.trackedMerit : 0
        let difference = max(ranking.best.merit, 0) - tracked
        guard difference > bound || (bound < settings.tau && difference > settings.tau / 2) else { return false }
        guard ranking.best.test != test || ranking.best.merit <= 0 else { return false }
        removeSubtree(below: index)
        if ranking.best.merit > 0 { split(index, by: ranking.best) }
        compactIfSparse()
        return true
    }
}
