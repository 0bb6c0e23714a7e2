extension ClassificationTree {
    /// Puts the votes of the leaf visited last into `prediction`: 0.5, or no class, where nothing was learned.
    @inline(__always)
    func writeVotes(into prediction: inout Prediction, task: LearningTask) {
        let record = unsafe store.pointee.records[core.pointee.visit.leaf]
        if task == .binary {
            let votes = unsafe core.pointee.votes
            var (positive, sum) = (0.0, 0.0)
            for slot in 0..<Int(record.classCount) {
                unsafe sum += votes[slot]
                if record.label(at: slot) == 1 { positive = unsafe votes[slot] }
            }
            prediction.value = sum > 0 ? positive / sum : 0.5
            return
        }
        prediction.value = 0
        prediction.reserveClasses(classCount)
        for slot in 0..<Int(record.classCount) {
            unsafe prediction[record.label(at: slot)] = core.pointee.votes[slot]
        }
        prediction.decideClass()
    }

    /// The probability of `label` at a node: of a split node by its class weights when it was split.
    private func share(of label: Int, at index: Int) -> Double {
        let record = unsafe store.pointee.records[index]
        let total = record.total
        let slot = record.slot(of: label)
        guard slot >= 0, total > 0, let weights = unsafe record.weights else { return 0 }
        return unsafe weights[slot] / total
    }

    /// Adds `share` of how this tree comes to its probability of `label`, for the event visited last (with votes): for each
    /// split on the way what its feature adds to the probability (Saabas 2014, "Interpreting random forests"). The
    /// difference between the leaf's shares and what naive Bayes makes of them is no single feature's; it goes to the base.
    func explain(_ event: borrowing TreeEvent, label: Int, share: Double, into path: PathContributions) {
        var index = 0
        var before = self.share(of: label, at: 0)
        path.base += before * share
        while true {
            let node = unsafe store.pointee.nodes.nodes[index]
            if node.isLeaf { break }
            index = unsafe Int(node.child) + (store.pointee.nodes.goesRight(node, event) ? 1 : 0)
            let after = self.share(of: label, at: index)
            path.add((after - before) * share, of: node)
            before = after
        }
        let record = unsafe store.pointee.records[index]
        let slot = record.slot(of: label)
        let answer = unsafe slot >= 0 ? core.pointee.votes[slot] : 0
        path.base += (answer - before) * share
    }
}

// MARK: - In an ensemble

extension ClassificationTree {
    /// Whether nothing is known of the event that is being looked at.
    var isUnvisited: Bool { unsafe core.pointee.visit.leaf < 0 }
    /// The class said for the event visited last, −1 for none.
    var answeredLabel: Int { unsafe core.pointee.visit.label }
    /// Whether the leaf visited last says any class.
    var hasAnswer: Bool { unsafe core.pointee.visit.label >= 0 }

    /// Adds the votes of the leaf visited last to `sums`, which has a place for each class of the tree.
    @inline(__always)
    func addVotes(weight: Double, to sums: UnsafeMutablePointer<Double>) {
        let record = unsafe store.pointee.records + core.pointee.visit.leaf
        let votes = unsafe core.pointee.votes
        let count = unsafe Int(record.pointee.classCount)
        for slot in 0..<count {
            unsafe sums[record.pointee.label(at: slot)] += weight * votes[slot]
        }
    }
}
