extension FeatureDriftMonitor {
    /// Takes one event; true when some feature's level is now another, which ``reading(of:)`` tells.
    ///
    /// `features` has at least `featureCount` dense slots. Complexity: O(featureCount · log referenceCount), amortised
    /// O(featureCount · referenceCount / clock) more.
    public func update(_ features: borrowing FeatureVector) -> Bool {
        precondition(features.denseCount >= featureCount)
        if unsafe progress.pointee.skipCount > 0 {
            unsafe progress.pointee.skipCount -= 1
            return false
        }
        unsafe progress.pointee.skipCount = parameters.stride - 1
        let event = unsafe progress.pointee.eventCount
        unsafe progress.pointee.eventCount += 1
        if event < UInt64(parameters.referenceCount) {
            for feature in 0..<featureCount { addToReference(features[feature], feature) }
            return false
        }
        let recent = event - UInt64(parameters.referenceCount)
        let place = Int(recent % UInt64(parameters.recentCount))
        let isFull = recent >= UInt64(parameters.recentCount)
        for feature in 0..<featureCount {
            slide(to: cell(of: features[feature], feature: feature), feature, place, isFull: isFull)
        }
        return isComparing ? evaluateDue(recent) : false
    }

    private static func isPresent(_ value: Double) -> Bool { abs(value) <= LearnableRange.magnitudeMax }

    /// Sorted insertion: 1,000 values are moved in less time than an event takes, and no event pays for sorting all.
    private func addToReference(_ value: Double, _ feature: Int) {
        guard Self.isPresent(value) else { return }
        let count = unsafe presentCounts[feature]
        let values = unsafe reference + feature * parameters.referenceCount
        let place = unsafe Self.lowerBound(of: value, in: values, count: count)
        unsafe (values + place + 1).update(from: values + place, count: count - place)
        unsafe values[place] = value
        unsafe presentCounts[feature] = count + 1
    }

    /// Where a value lies: 2·i before the reference value i (and behind all smaller ones), 2·i + 1 when equal to it, where i
    /// is the first of equal values; 2·count behind the last; `cellCount` − 1 when it is absent.
    private func cell(of value: Double, feature: Int) -> UInt16 {
        guard Self.isPresent(value) else { return UInt16(truncatingIfNeeded: cellCount - 1) }
        let count = unsafe presentCounts[feature]
        let values = unsafe reference + feature * parameters.referenceCount
        let place = unsafe Self.lowerBound(of: value, in: values, count: count)
        let isEqual = unsafe place < count && values[place] == value
        return UInt16(truncatingIfNeeded: 2 * place + (isEqual ? 1 : 0))
    }

    /// The number of values below `value`.
    @inline(__always)
    private static func lowerBound(of value: Double, in values: UnsafeMutablePointer<Double>, count: Int) -> Int {
        // Without a branch on the comparison, which random values would make the CPU guess wrong.
        var (start, rest) = (0, count)
        while rest > 0 {
            let half = rest &>> 1
            let isBelow = unsafe values[start &+ half] < value
            start = isBelow ? start &+ half &+ 1 : start
            rest = isBelow ? rest &- half &- 1 : half
        }
        return start
    }

    private func slide(to cell: UInt16, _ feature: Int, _ place: Int, isFull: Bool) {
        let cells = unsafe ring + feature * parameters.recentCount
        let counts = unsafe counts + feature * cellCount
        if isFull { unsafe counts[Int(cells[place])] &-= 1 }
        unsafe cells[place] = cell
        unsafe counts[Int(cell)] &+= 1
    }
}

// MARK: - Evaluating

extension FeatureDriftMonitor {
    /// Evaluates the features whose turn it is: feature f at every event e with e ≡ f modulo the clock.
    private func evaluateDue(_ recent: UInt64) -> Bool {
        var isChanged = false
        var feature = Int(recent % UInt64(parameters.clock))
        while feature < featureCount {
            let before = unsafe readings[feature].level
            let reading = evaluate(feature)
            unsafe readings[feature] = reading
            isChanged = isChanged || reading.level != before
            feature += parameters.clock
        }
        return isChanged
    }

    private func evaluate(_ feature: Int) -> FeatureDriftReading {
        let present = unsafe presentCounts[feature]
        let values = unsafe reference + feature * parameters.referenceCount
        let counts = unsafe counts + feature * cellCount
        let absentCount = unsafe Int(counts[cellCount - 1])
        let recentPresent = parameters.recentCount - absentCount
        var index = StabilityIndex(
            referenceCount: parameters.referenceCount, recentCount: parameters.recentCount,
            binCount: parameters.binCount)
        var (place, below, most) = (0, 0, 0)
        var (binPlace, binBelow, bin) = (0, 0, 1)
        while place < present {
            var end = place + 1
            while unsafe end < present && values[end] == values[place] { end += 1 }
            // Just before this reference value, then at it. Between two of them only the recent ones make steps.
            below += unsafe Int(counts[2 * place])
            most = max(most, abs(below * present - place * recentPresent))
            below += unsafe Int(counts[2 * place + 1])
            most = max(most, abs(below * present - end * recentPresent))
            // A bin ends at the first value with its share of the reference at or below it.
            if end * parameters.binCount >= bin * present && end < present {
                index.add(reference: end - binPlace, recent: below - binBelow)
                (binPlace, binBelow) = (end, below)
                while end * parameters.binCount >= bin * present { bin += 1 }
            }
            place = end
        }
        index.add(reference: present - binPlace, recent: recentPresent - binBelow)
        if absentCount > 0 || present < parameters.referenceCount {
            index.add(reference: parameters.referenceCount - present, recent: absentCount)
        }
        var reading = FeatureDriftReading()
        reading.stabilityIndex = index.value
        let product = Double(present) * Double(recentPresent)
        reading.distance = product > 0 ? Double(most) / product : 0
        reading.absentShare = Double(absentCount) / Double(parameters.recentCount)
        reading.level = level(of: reading, present, recentPresent)
        return reading
    }

    private func level(of reading: FeatureDriftReading, _ present: Int, _ recentPresent: Int) -> FeatureDriftLevel {
        switch parameters.statistic {
        case .stabilityIndex:
            if reading.stabilityIndex >= parameters.driftIndex { return .drift }
            return reading.stabilityIndex >= parameters.warningIndex ? .warning : .stable
        case .kolmogorovSmirnov:
            guard present > 0, recentPresent > 0, reading.distance >= parameters.distanceMin else { return .stable }
            let lambda = KolmogorovSmirnov.lambda(reading.distance, present, recentPresent)
            if lambda >= criticalDrift { return .drift }
            return lambda >= criticalWarning ? .warning : .stable
        }
    }
}

/// The population stability index, bin by bin: Σ (q − p)·ln(q/p).
///
/// Half a value is added to every bin of both windows, so that an empty bin counts for much and not for infinity.
struct StabilityIndex {
    private let referenceTotal: Double
    private let recentTotal: Double
    private(set) var value = 0.0

    /// For windows of that many events; the half values are taken as those of `binCount` bins.
    init(referenceCount: Int, recentCount: Int, binCount: Int) {
        referenceTotal = Double(referenceCount) + 0.5 * Double(binCount)
        recentTotal = Double(recentCount) + 0.5 * Double(binCount)
    }

    mutating func add(reference: Int, recent: Int) {
        let expected = (Double(reference) + 0.5) / referenceTotal
        let found = (Double(recent) + 0.5) / recentTotal
        value += (found - expected) * logarithm(found / expected)
    }
}
