extension RegressionTree {
    /// Finds the event's leaf and what it answers; changes nothing of the state.
    @inline(__always)
    func visit(_ event: borrowing TreeEvent) {
        let leaf = unsafe store.pointee.nodes.leaf(of: event)
        let record = unsafe store.pointee.records + leaf
        var visit = unsafe Visit(leaf: leaf, answer: record.pointee.target.mean)
        if settings.leaf == .adaptive {
            visit.model = unsafe model(record.pointee, event)
            if unsafe !(record.pointee.meanError < record.pointee.modelError), visit.model.isFinite {
                visit.answer = visit.model
            }
        }
        unsafe core.pointee.visit = visit
    }

    /// Whether it learned anything.
    var hasAnswer: Bool { unsafe nodes.liveCount > 1 || store.pointee.records[0].target.count > 0 }

    /// What the event visited last was answered: always finite.
    var answer: Double { unsafe core.pointee.visit.answer }
    /// Whether nothing is known of the event that is being looked at.
    var isUnvisited: Bool { unsafe core.pointee.visit.leaf < 0 }

    /// The leaf's linear model of the event; 0 without one.
    @inline(__always)
    private func model(_ record: Record, _ event: borrowing TreeEvent) -> Double {
        guard let weights = unsafe record.weights else { return 0 }
        var sum = unsafe weights[0]
        for slot in 0..<denseCount {
            let value = unsafe event.values[slot]
            unsafe sum += value == value ? weights[1 + slot] * value : 0
        }
        return sum
    }

    /// Learns one event, counted `weight` (above 0) times. `isSame` when `visit` looked at this very event and nothing was
    /// learned since.
    @inline(__always)
    func learn(_ event: borrowing TreeEvent, target: Double, weight: Double, isSame: Bool) {
        if !isSame || isUnvisited { visit(event) }
        let visit = unsafe core.pointee.visit
        unsafe core.pointee.visit.leaf = -1
        let record = unsafe store.pointee.records + visit.leaf
        if unsafe record.pointee.target.count == 0 { unsafe record.pointee.reference = target }
        if settings.leaf == .adaptive { unsafe learnModel(visit, record, event, target: target, weight: weight) }
        unsafe record.pointee.target.add(target, weight: weight)
        if let observers = unsafe record.pointee.observers ?? makeObservers(visit.leaf) {
            unsafe observe(event, observers, target: target - record.pointee.reference, weight: weight)
        }
        if fieldCount > 0 { addCategories(visit.leaf, event, target: target, weight: weight) }
        let total = unsafe record.pointee.target.count
        guard unsafe total - record.pointee.lastAttempt >= settings.gracePeriod else { return }
        unsafe record.pointee.lastAttempt = total
        attemptSplit(visit.leaf)
    }

    @inline(__always)
    private func observe(
        _ event: borrowing TreeEvent, _ observers: UnsafeMutablePointer<Double>, target: Double, weight: Double
    ) {
        for observed in 0..<observedCount {
            let feature = unsafe settings.subspace == nil ? observed : Int(observers[observed])
            guard feature >= 0 else { continue }
            let value = unsafe event.values[feature]
            if value == value { unsafe bins(observers, observed).add(value, target: target, weight: weight) }
        }
    }

    /// Counts the errors of both answers and moves the linear model against its own.
    @inline(__always)
    private func learnModel(
        _ visit: Visit, _ record: UnsafeMutablePointer<Record>, _ event: borrowing TreeEvent, target: Double,
        weight: Double
    ) {
        let meanError = unsafe target - record.pointee.target.mean
        let modelError = target - visit.model
        unsafe record.pointee.meanError = Self.errorDecay * record.pointee.meanError + meanError * meanError
        unsafe record.pointee.modelError = Self.errorDecay * record.pointee.modelError + modelError * modelError
        if unsafe record.pointee.weights == nil {
            guard hasRoom(for: 8 * weightCount) else { return }
            let weights = unsafe allocateWeights()
            unsafe weights.update(repeating: 0, count: weightCount)
            unsafe record.pointee.weights = unsafe weights
        }
        guard let weights = unsafe record.pointee.weights else { return }
        let step = (visit.model - target) * stepRate(event, weight: weight)
        unsafe weights[0] -= step
        var isSound = unsafe weights[0].isFinite
        for slot in 0..<denseCount {
            let value = unsafe event.values[slot]
            unsafe weights[1 + slot] -= value == value ? step * value : 0
            unsafe isSound = isSound && abs(weights[1 + slot]) <= LearnableRange.magnitudeMax
        }
        // A model that ran away begins again; its error will say for a while that the mean is the better answer.
        if !isSound { unsafe weights.update(repeating: 0, count: weightCount) }
        if unsafe !(record.pointee.modelError < 1e300) { unsafe record.pointee.modelError = 1e300 }
        if unsafe !(record.pointee.meanError < 1e300) { unsafe record.pointee.meanError = 1e300 }
    }

    /// How much of its error one event takes off: 2·rate·weight, but never more than all of it. Without that limit a leaf
    /// would run away on features that nobody scaled (the normalised least mean squares of Nagumo and Noda 1967).
    @inline(__always)
    private func stepRate(_ event: borrowing TreeEvent, weight: Double) -> Double {
        var norm = 1.0
        for slot in 0..<denseCount {
            let value = unsafe event.values[slot]
            norm += value == value ? value * value : 0
        }
        return min(2 * weight * Self.learningRate, 1 / norm)
    }

    private func addCategories(_ index: Int, _ event: borrowing TreeEvent, target: Double, weight: Double) {
        let record = unsafe store.pointee.records + index
        let deviation = unsafe target - record.pointee.reference
        for field in 0..<fieldCount where unsafe record.pointee.fields & (1 << UInt64(field & 63)) != 0 {
            let category = unsafe event.categories[field]
            guard category >= 0 else { continue }
            if unsafe record.pointee.categories == nil {
                guard hasRoom(for: CategoryTable.byteCountMin(3, fieldCount)) else { return }
                _ = unsafe store.pointee.makeCategories(index, classCapacity: 3, fieldCount: fieldCount)
            }
            guard let table = unsafe record.pointee.categories else { continue }
            let before = unsafe table.pointee.memoryByteCount
            let key = CategoryTable.Key(field: Int32(field), category: category)
            let row = unsafe table.pointee.row(key) ?? (hasRoom(for: before) ? table.pointee.rowForAdding(key) : nil)
            unsafe store.pointee.categoryBytes += table.pointee.memoryByteCount - before
            let parts = SIMD3(
                weight, weight * deviation, min(weight * deviation * deviation, TargetBins.squareMax))
            for part in 0..<3 {
                unsafe row?[part] += parts[part]
                unsafe table.pointee.addToSum(field: Int32(field), slot: part, weight: parts[part])
            }
        }
    }
}
