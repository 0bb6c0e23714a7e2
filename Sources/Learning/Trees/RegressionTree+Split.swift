extension RegressionTree {
    /// A split that was judged, with the targets of its two sides.
    struct Candidate {
        var split = SplitCandidate()
        var left = TargetStatistics()
        var right = TargetStatistics()
    }

    /// Splits the leaf if its best candidate reduces the variance by more than the second best, beyond chance, or if both
    /// are as good as equal.
    @inline(never)
    func attemptSplit(_ index: Int) {
        let record = unsafe store.pointee.records[index]
        var best = Candidate()
        var second = -Double.infinity
        func offer(_ candidate: Candidate) {
            if candidate.split.merit >= best.split.merit {
                second = best.split.merit
                best = candidate
            } else {
                second = max(second, candidate.split.merit)
            }
        }
        if let observers = unsafe record.observers {
            for observed in 0..<observedCount {
                let feature = unsafe settings.subspace == nil ? observed : Int(observers[observed])
                guard feature >= 0 else { continue }
                var candidate = unsafe bestThreshold(bins(observers, observed), record)
                candidate.split.test = UInt32(feature)
                offer(candidate)
            }
        }
        if unsafe record.categories != nil {
            for field in 0..<fieldCount where record.fields & (1 << UInt64(field & 63)) != 0 {
                var candidate = bestCategory(record, field: field)
                candidate.split.test = UInt32(field) | TreeNodes.Node.isCategory
                offer(candidate)
            }
        }
        guard best.split.merit > 0 else { return }
        let bound = settings.bound(range: 1, weight: record.target.count)
        guard second / best.split.merit < 1 - bound || bound < settings.tau else { return }
        split(index, by: best)
    }

    /// Tries every edge between two bins. What the bins do not hold (what the leaf inherited, and events without the
    /// feature) counts to the right side.
    private func bestThreshold(_ bins: TargetBins, _ record: Record) -> Candidate {
        var best = Candidate()
        guard unsafe bins.numbers[1] > 0 else { return best }
        var sums = SIMD3<Double>.zero
        for bin in 0..<TargetBins.binCount - 1 {
            let place = unsafe bins.numbers + TargetBins.headerCount + 3 * bin
            guard unsafe place[0] > 0 else { continue }
            unsafe sums += SIMD3(place[0], place[1], place[2])
            judge(sums, record, threshold: bins.edge(after: bin), &best)
        }
        return best
    }

    private func bestCategory(_ record: Record, field: Int) -> Candidate {
        var best = Candidate()
        guard let categories = unsafe record.categories else { return best }
        for row in unsafe 0..<categories.pointee.count {
            let key = unsafe categories.pointee.keys[row]
            guard key.field == Int32(field), let parts = unsafe categories.pointee.row(key) else { continue }
            unsafe judge(SIMD3(parts[0], parts[1], parts[2]), record, threshold: Double(key.category), &best)
        }
        return best
    }

    @inline(__always)
    private func judge(_ sums: SIMD3<Double>, _ record: Record, threshold: Double, _ best: inout Candidate) {
        let left = TargetStatistics(weight: sums.x, sum: sums.y, squares: sums.z, reference: record.reference)
        guard left.count >= Self.sideWeightMin, record.target.count - left.count >= Self.sideWeightMin else { return }
        let right = record.target.without(left)
        let total = record.target.count
        let merit =
            record.target.variance - left.count / total * left.variance - right.count / total * right.variance
        guard merit > best.split.merit, merit.isFinite, threshold.isFinite else { return }
        best.split.merit = merit
        best.split.threshold = threshold
        (best.split.left, best.split.right) = (left.count, right.count)
        (best.left, best.right) = (left, right)
    }

    private func split(_ index: Int, by candidate: Candidate) {
        let leafBytes = MemoryLayout<TreeNodes.Node>.stride + MemoryLayout<Record>.stride + 8 * weightCount
        guard hasRoom(for: 2 * leafBytes) else { return }
        let pair = unsafe store.pointee.addChildren()
        let parent = unsafe store.pointee.records[index]
        for side in 0..<2 {
            let target = side == 0 ? candidate.left : candidate.right
            var child = unsafe Record(
                target: target, meanError: parent.meanError, modelError: parent.modelError, lastAttempt: target.count,
                reference: target.mean)
            if let weights = unsafe parent.weights {
                let copy = unsafe allocateWeights()
                unsafe copy.update(from: weights, count: weightCount)
                unsafe child.weights = unsafe copy
            }
            unsafe store.pointee.records[pair + side] = child
        }
        releaseObservers(index)
        releaseWeights(index)
        let missing = candidate.split.right > candidate.split.left ? TreeNodes.Node.missingGoesRight : 0
        unsafe store.pointee.nodes.nodes[index] = TreeNodes.Node(
            threshold: candidate.split.threshold, test: candidate.split.test | missing, child: Int32(pair))
    }

    /// Adds `share` of what the features on the event's way add to the mean (Saabas 2014), for the event visited last; what
    /// the leaf's linear model adds to that goes to the base.
    func explain(_ event: borrowing TreeEvent, share: Double, into path: PathContributions) {
        var index = 0
        var before = unsafe store.pointee.records[0].target.mean
        path.base += before * share
        while true {
            let node = unsafe store.pointee.nodes.nodes[index]
            if node.isLeaf { break }
            index = unsafe Int(node.child) + (store.pointee.nodes.goesRight(node, event) ? 1 : 0)
            let after = unsafe store.pointee.records[index].target.mean
            path.add((after - before) * share, of: node)
            before = after
        }
        path.base += (answer - before) * share
    }
}
