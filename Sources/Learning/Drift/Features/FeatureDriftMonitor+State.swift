extension FeatureDriftMonitor {
    private static let tag = StateTag("FDRM")

    /// Appends reference, recent window and readings: 8 bytes a reference value and 2 a recent event, for each feature.
    public func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            unsafe encoder.append(progress.pointee.eventCount)
            unsafe encoder.append(UInt64(progress.pointee.skipCount))
            for feature in 0..<featureCount {
                encodeReading(feature, into: &encoder)
                let count = unsafe presentCounts[feature]
                encoder.append(UInt64(count))
                for place in 0..<count {
                    unsafe encoder.append(reference[feature * parameters.referenceCount + place])
                }
                for place in unsafe 0..<Self.recentCount(progress.pointee.eventCount, parameters) {
                    unsafe encoder.append(ring[feature * parameters.recentCount + place])
                }
            }
        }
    }

    /// Replaces the state by that of a monitor with the same shape and parameters (`mismatch` otherwise); on an error it is
    /// unchanged.
    public func decode(from decoder: inout StateDecoder) throws(StateError) {
        let (read, features) = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let eventCount = try decoder.uint64()
            let skipCount = try decoder.uint64()
            guard skipCount < UInt64(parameters.stride), eventCount < 1 << 62 else { throw .corrupt }
            var features: [DecodedFeature] = []
            features.reserveCapacity(featureCount)
            for _ in 0..<featureCount {
                features.append(try DecodedFeature(from: &decoder, parameters, eventCount: eventCount))
            }
            return (Progress(eventCount: eventCount, skipCount: Int(skipCount)), features)
        }
        reset()
        unsafe progress.pointee = read
        for (feature, state) in features.enumerated() { take(state, feature) }
    }

    private func encodeReading(_ feature: Int, into encoder: inout StateEncoder) {
        let reading = unsafe readings[feature]
        encoder.append(reading.level.rawValue)
        encoder.append(reading.stabilityIndex)
        encoder.append(reading.distance)
        encoder.append(reading.absentShare)
    }

    private func take(_ state: DecodedFeature, _ feature: Int) {
        unsafe readings[feature] = state.reading
        unsafe presentCounts[feature] = state.reference.count
        for (place, value) in state.reference.enumerated() {
            unsafe reference[feature * parameters.referenceCount + place] = value
        }
        for (place, cell) in state.cells.enumerated() {
            unsafe ring[feature * parameters.recentCount + place] = cell
            unsafe counts[feature * cellCount + Int(cell)] += 1
        }
    }

    /// How many places of the ring are in use after so many events.
    fileprivate static func recentCount(_ eventCount: UInt64, _ parameters: Parameters) -> Int {
        guard eventCount > UInt64(parameters.referenceCount) else { return 0 }
        return Int(min(eventCount - UInt64(parameters.referenceCount), UInt64(parameters.recentCount)))
    }
}

/// One feature's state, read and checked.
private struct DecodedFeature {
    var reading = FeatureDriftReading()
    var reference: [Double] = []
    var cells: [UInt16] = []

    init(
        from decoder: inout StateDecoder, _ parameters: FeatureDriftMonitor.Parameters, eventCount: UInt64
    ) throws(StateError) {
        guard let level = FeatureDriftLevel(rawValue: try decoder.byte()) else { throw .corrupt }
        reading.level = level
        reading.stabilityIndex = try decoder.finite()
        reading.distance = try decoder.finite()
        reading.absentShare = try decoder.finite()
        guard reading.stabilityIndex >= 0, (0...1).contains(reading.distance), (0...1).contains(reading.absentShare)
        else { throw .corrupt }
        reference = try decoder.doubles()
        guard UInt64(reference.count) <= min(eventCount, UInt64(parameters.referenceCount)) else { throw .corrupt }
        for (place, value) in reference.enumerated() {
            guard ClosedRange.learnable.contains(value), place == 0 || reference[place - 1] <= value else {
                throw .corrupt
            }
        }
        for _ in 0..<FeatureDriftMonitor.recentCount(eventCount, parameters) {
            let cell = try decoder.uint16()
            guard isCell(Int(cell), absent: 2 * parameters.referenceCount + 1) else { throw .corrupt }
            cells.append(cell)
        }
    }

    /// Whether a value can lie there: at or before the first of equal reference values, or behind all of them.
    private func isCell(_ cell: Int, absent: Int) -> Bool {
        if cell == absent || cell == 2 * reference.count { return true }
        let place = cell / 2
        return place < reference.count && (place == 0 || reference[place - 1] < reference[place])
    }
}
