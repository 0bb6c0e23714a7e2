// MARK: - Answering

extension ClassificationTree {
    /// Finds the event's leaf and the class it says. Changes nothing of the state.
    ///
    /// With `wantsVotes` the leaf's probability of each of its classes is in `core.votes` afterwards, in the leaf's order.
    @inline(__always)
    func visit(_ event: borrowing TreeEvent, wantsVotes: Bool) {
        let leaf = unsafe store.pointee.nodes.leaf(of: event)
        unsafe core.pointee.visit = visit(leaf, event, wantsVotes: wantsVotes)
    }

    /// The same of one leaf.
    @inline(__always)
    func visit(_ leaf: Int, _ event: borrowing TreeEvent, wantsVotes: Bool) -> Visit {
        let record = unsafe store.pointee.records + leaf
        var visit = Visit(leaf: leaf)
        guard unsafe record.pointee.classCount > 0 else { return visit }
        var slot: Int
        if unsafe usesBayes(record.pointee) {
            slot = unsafe bayes(record.pointee, event)
            visit.bayes = slot
            if wantsVotes { unsafe turnIntoProbabilities(count: Int(record.pointee.classCount), best: slot) }
        } else {
            slot = unsafe record.pointee.heaviest
            if wantsVotes { unsafe copyShares(record.pointee) }
        }
        visit.label = unsafe record.pointee.label(at: slot)
        return visit
    }

    @inline(__always)
    private func usesBayes(_ record: LeafRecord) -> Bool {
        switch settings.leaf {
        case .adaptive: record.bayesHits >= record.majorityHits
        case .naiveBayes: true
        case .majority: false
        }
    }

    /// Puts each class's naive Bayes score, a logarithm, into `core.votes`; returns the place of the best class.
    @inline(__always)
    private func bayes(_ record: LeafRecord, _ event: borrowing TreeEvent) -> Int {
        guard let weights = unsafe record.weights else { return -1 }
        let (votes, count) = unsafe (core.pointee.votes, Int(record.classCount))
        if let observers = unsafe record.observers {
            let values = unsafe values(of: event, observers)
            for slot in 0..<count {
                var density = DensityProduct()
                let statistics = unsafe statistics(observers, slot: slot)
                for pair in 0..<pairCount {
                    unsafe density.multiply(statistics[pair], values[pair])
                    if pair & 255 == 255 { density.normalise() }
                }
                // A class without weight scores 1, beside the others' shares of the weight: the reference's definition. All are
                // multiplied by the weight here, which leaves the shares out.
                unsafe votes[slot] =
                    weights[slot] > 0 ? density.logarithmTimes(weights[slot]) : logarithm(record.total)
            }
        } else {
            for slot in 0..<count { unsafe votes[slot] = logarithm(weights[slot] > 0 ? weights[slot] : record.total) }
        }
        if unsafe fieldCount > 0 && record.categories != nil { addCategoryScores(record, event) }
        return unsafe firstLargest(votes, count)
    }

    /// Adds the logarithm of each category's share in the class, (n + 1)/(total + categories), by Laplace's rule.
    private func addCategoryScores(_ record: LeafRecord, _ event: borrowing TreeEvent) {
        guard let categories = unsafe record.categories, let weights = unsafe record.weights else { return }
        let votes = unsafe core.pointee.votes
        for field in 0..<fieldCount where record.fields & (1 << UInt64(field & 63)) != 0 {
            let category = unsafe event.categories[field]
            guard category >= 0,
                let row = unsafe categories.pointee.row(.init(field: Int32(field), category: category))
            else { continue }
            for slot in 0..<Int(record.classCount) where unsafe weights[slot] > 0 {
                let sum = unsafe categories.pointee.sum(field: Int32(field), slot: slot)
                unsafe votes[slot] += logarithm((row[slot] + 1) / (sum.weight + Double(sum.count)))
            }
        }
    }

    /// Turns log scores into probabilities by log-sum-exp.
    private func turnIntoProbabilities(count: Int, best: Int) {
        let votes = unsafe core.pointee.votes
        let largest = unsafe votes[best]
        if count == 2 {
            let other = unsafe exponential(votes[1 - best] - largest)
            unsafe votes[best] = 1 / (1 + other)
            unsafe votes[1 - best] = other / (1 + other)
            return
        }
        var sum = 0.0
        for slot in 0..<count {
            unsafe votes[slot] = exponential(votes[slot] - largest)
            unsafe sum += votes[slot]
        }
        for slot in 0..<count { unsafe votes[slot] /= sum }
    }

    private func copyShares(_ record: LeafRecord) {
        guard let weights = unsafe record.weights else { return }
        let (votes, total) = unsafe (core.pointee.votes, record.total)
        for slot in 0..<Int(record.classCount) { unsafe votes[slot] = total > 0 ? weights[slot] / total : 0 }
    }
}

// MARK: - Learning

extension ClassificationTree {
    /// Learns one event of class `label`, counted `weight` (above 0) times. `isSame` when `visit` looked at this very event
    /// and nothing was learned since.
    @inline(__always)
    func learn(_ event: borrowing TreeEvent, label: Int, weight: Double, isSame: Bool) {
        if unsafe !isSame || core.pointee.visit.leaf < 0 { visit(event, wantsVotes: false) }
        let visit = unsafe core.pointee.visit
        unsafe core.pointee.visit.leaf = -1
        if learnInLeaf(visit, event, label: label, weight: weight) { attemptSplit(visit.leaf) }
    }

    /// Takes the event into the statistics of its leaf; true when it is time to try a split.
    @inline(__always)
    func learnInLeaf(_ visit: Visit, _ event: borrowing TreeEvent, label: Int, weight: Double) -> Bool {
        let index = visit.leaf
        let record = unsafe store.pointee.records + index
        if settings.leaf == .adaptive { unsafe countHits(visit, record, event, label: label, weight: weight) }
        return takeIn(event, label: label, weight: weight, at: index, period: settings.gracePeriod)
    }

    /// Adds the event to the statistics of a node; true when `period` has passed since the last attempt to split there.
    @inline(__always)
    func takeIn(_ event: borrowing TreeEvent, label: Int, weight: Double, at index: Int, period: Double) -> Bool {
        let record = unsafe store.pointee.records + index
        let slot = slotForAdding(label, to: index)
        guard slot >= 0, let weights = unsafe record.pointee.weights else { return false }
        unsafe weights[slot] += weight
        if let observers = unsafe record.pointee.observers ?? makeObservers(index) {
            let values = unsafe values(of: event, observers)
            let statistics = unsafe statistics(observers, slot: slot)
            for pair in 0..<pairCount { unsafe statistics[pair].add(values[pair], weight: weight) }
        }
        if fieldCount > 0 { addCategories(index, event, slot: slot, weight: weight) }
        let total = unsafe record.pointee.total
        guard unsafe total - record.pointee.lastAttempt >= period else { return false }
        unsafe record.pointee.lastAttempt = total
        return true
    }

    /// Counts which of the two ways to answer was right, before the event is learned.
    @inline(__always)
    private func countHits(
        _ visit: Visit, _ record: UnsafeMutablePointer<LeafRecord>, _ event: borrowing TreeEvent, label: Int,
        weight: Double
    ) {
        let heaviest = unsafe record.pointee.heaviest
        if unsafe heaviest < 0 || record.pointee.label(at: heaviest) == label {
            unsafe record.pointee.majorityHits += weight
        }
        guard heaviest >= 0 else { return }
        let bayes = unsafe visit.bayes >= 0 ? visit.bayes : bayes(record.pointee, event)
        if unsafe record.pointee.label(at: bayes) == label { unsafe record.pointee.bayesHits += weight }
    }

    private func addCategories(_ index: Int, _ event: borrowing TreeEvent, slot: Int, weight: Double) {
        let record = unsafe store.pointee.records + index
        for field in 0..<fieldCount where unsafe record.pointee.fields & (1 << UInt64(field & 63)) != 0 {
            let category = unsafe event.categories[field]
            guard category >= 0 else { continue }
            if unsafe record.pointee.categories == nil {
                let byteCount = unsafe CategoryTable.byteCountMin(record.pointee.capacity, fieldCount)
                guard hasRoom(for: byteCount) else { return }
                _ = unsafe store.pointee.makeCategories(
                    index, classCapacity: record.pointee.capacity, fieldCount: fieldCount)
            }
            guard let table = unsafe record.pointee.categories else { continue }
            let before = unsafe table.pointee.memoryByteCount
            let key = CategoryTable.Key(field: Int32(field), category: category)
            if let row = unsafe table.pointee.row(key) {
                unsafe row[slot] += weight
            } else if hasRoom(for: before), let row = unsafe table.pointee.rowForAdding(key) {
                unsafe row[slot] += weight
                unsafe store.pointee.categoryBytes += table.pointee.memoryByteCount - before
            }
            unsafe table.pointee.addToSum(field: Int32(field), slot: slot, weight: weight)
        }
    }
}
