// Goal: the feature drift monitor computes exactly the stability index and the Kolmogorov-Smirnov distance of its definition,
// sees shifts, shape changes and features that go missing, stays silent on a stream that stays the same, and keeps its state
// to the bit. Method: a second implementation that keeps every value and computes both figures anew; streams with known
// changes; round trips, damage, hostile numbers.
import Learning
import Testing

@Suite struct DriftFeatureTests {
    /// Both windows as plain lists, NaN for absent.
    private struct PlainWindows {
        let parameters: FeatureDriftMonitor.Parameters
        var reference: [Double] = []
        var recent: [Double] = []

        mutating func update(_ value: Double) {
            if reference.count < parameters.referenceCount {
                reference.append(value)
            } else {
                recent.append(value)
                if recent.count > parameters.recentCount { recent.removeFirst() }
            }
        }

        var distance: Double {
            let (old, new) = (reference.filter { !$0.isNaN }, recent.filter { !$0.isNaN })
            guard !old.isEmpty, !new.isEmpty else { return 0 }
            return (old + new).map { value in
                let oldShare = Double(old.count { $0 <= value }) / Double(old.count)
                return abs(oldShare - Double(new.count { $0 <= value }) / Double(new.count))
            }.max() ?? 0
        }

        /// Edges are the values at which the reference's distribution function reaches 1/B, 2/B, …; each bin ends with its edge.
        var stabilityIndex: Double {
            let old = reference.filter { !$0.isNaN }.sorted()
            let new = recent.filter { !$0.isNaN }
            let atMost = old.map { edge in old.count { $0 <= edge } }
            var edges: [Double] = []
            for bin in 1..<parameters.binCount {
                guard let first = atMost.firstIndex(where: { $0 * parameters.binCount >= bin * old.count }),
                    old[first] != old.last, old[first] != edges.last
                else { continue }
                edges.append(old[first])
            }
            var index = 0.0
            var lower = -Double.infinity
            for upper in edges + [.infinity] {
                index += part(old.count { $0 > lower && $0 <= upper }, new.count { $0 > lower && $0 <= upper })
                lower = upper
            }
            if old.count < reference.count || new.count < recent.count {
                index += part(reference.count - old.count, recent.count - new.count)
            }
            return index
        }

        private func part(_ old: Int, _ new: Int) -> Double {
            let bins = Double(parameters.binCount)
            let expected = (Double(old) + 0.5) / (Double(parameters.referenceCount) + 0.5 * bins)
            let found = (Double(new) + 0.5) / (Double(parameters.recentCount) + 0.5 * bins)
            return (found - expected) * Self.log(found / expected)
        }

        /// By the series 2·artanh((x−1)/(x+1)), slow for what is far from 1, and nothing that the monitor uses.
        private static func log(_ number: Double) -> Double {
            if number < 0.5 { return log(number * 2) - 0.69314718055994530942 }
            if number > 2 { return log(number / 2) + 0.69314718055994530942 }
            let ratio = (number - 1) / (number + 1)
            return (0..<60).reduce(0) { sum, term in
                (0..<term).reduce(2 * ratio) { power, _ in power * ratio * ratio } / Double(2 * term + 1) + sum
            }
        }
    }

    /// Four features: continuous that shifts, few different values that shift, one that goes missing, one that comes late.
    private static func event(_ index: Int, _ generator: inout SeededGenerator) -> [Double] {
        let shift = index < 500 ? 0.0 : Double(index - 500) / 400
        let noise = Double.random(in: -1...1, using: &generator) + Double.random(in: -1...1, using: &generator)
        let level = Double(Int.random(in: 0...4, using: &generator)) + (shift > 0.7 ? 1 : 0)
        let isMissing = Double.random(in: 0..<1, using: &generator) < (index < 500 ? 0.1 : 0.5)
        return [noise + shift, level, isMissing ? .nan : noise, index < 600 ? .nan : noise]
    }

    private static func parameters(_ statistic: FeatureDriftMonitor.Statistic) -> FeatureDriftMonitor.Parameters {
        var parameters = FeatureDriftMonitor.Parameters()
        (parameters.referenceCount, parameters.recentCount, parameters.clock) = (200, 120, 7)
        parameters.statistic = statistic
        return parameters
    }

    @Test(arguments: [UInt64(1), 2, 3], [4, 10, 100])
    func bothFiguresAreThoseOfTheDefinition(seed: UInt64, binCount: Int) {
        var parameters = Self.parameters(.stabilityIndex)
        parameters.binCount = binCount
        let monitor = FeatureDriftMonitor(featureCount: 4, parameters)
        var plain = (0..<4).map { _ in PlainWindows(parameters: parameters) }
        var features = FeatureVector(denseCount: 4, sparseCapacity: 0)
        var generator = SeededGenerator(seed: seed)
        var comparedCount = 0
        for index in 0..<1200 {
            let values = Self.event(index, &generator)
            features.setDense(values)
            _ = monitor.update(features)
            for slot in 0..<4 { plain[slot].update(values[slot]) }
            guard monitor.isComparing else { continue }
            let feature = (index - parameters.referenceCount) % parameters.clock
            guard feature < 4, index % 5 == 0 else { continue }
            let reading = monitor.reading(of: feature)
            #expect(isNear(reading.distance, plain[feature].distance, 1e-12), "feature \(feature), event \(index)")
            #expect(
                isNear(reading.stabilityIndex, plain[feature].stabilityIndex, 1e-10),
                "feature \(feature), event \(index)")
            comparedCount += 1
        }
        #expect(comparedCount > 60)
    }

    @Test(arguments: [FeatureDriftMonitor.Statistic.stabilityIndex, .kolmogorovSmirnov])
    func changesAreSeenAndSameStreamsAreNot(statistic: FeatureDriftMonitor.Statistic) {
        var parameters = FeatureDriftMonitor.Parameters()
        parameters.statistic = statistic
        let monitor = FeatureDriftMonitor(featureCount: 4, parameters)
        var features = FeatureVector(denseCount: 4, sparseCapacity: 0)
        var generator = RandomGenerator(seed: 17)
        var firstAlarm: [Int?] = Array(repeating: nil, count: 4)
        var isTold = true
        for index in 0..<20_000 {
            let isLate = index >= 15_000
            let before = (0..<4).map { monitor.reading(of: $0).level }
            features.setDense([
                generator.nextGaussian(), generator.nextGaussian() + (isLate ? 1 : 0),
                generator.nextGaussian() * (isLate ? 3 : 1), isLate && index % 2 == 0 ? .nan : generator.nextGaussian(),
            ])
            let isChanged = monitor.update(features)
            let after = (0..<4).map { monitor.reading(of: $0).level }
            isTold = isTold && isChanged == (before != after)
            for slot in 0..<4 where firstAlarm[slot] == nil && after[slot] == .drift { firstAlarm[slot] = index }
        }
        #expect(isTold)
        #expect(firstAlarm[0] == nil)
        for slot in 1...2 {
            #expect(firstAlarm[slot].map { (15_000..<15_600).contains($0) } == true, "\(firstAlarm)")
        }
        // That half the values are missing is no other distribution of those that are there.
        #expect((firstAlarm[3] != nil) == (statistic == .stabilityIndex))
        #expect(isNear(monitor.reading(of: 3).absentShare, 0.5, 0.01))
    }

    @Test(arguments: [FeatureDriftMonitor.Statistic.stabilityIndex, .kolmogorovSmirnov])
    func continuesFromItsStateToTheBit(statistic: FeatureDriftMonitor.Statistic) throws {
        var parameters = Self.parameters(statistic)
        parameters.stride = 2
        let (monitor, restored) = (
            FeatureDriftMonitor(featureCount: 4, parameters), FeatureDriftMonitor(featureCount: 4, parameters)
        )
        var features = FeatureVector(denseCount: 4, sparseCapacity: 0)
        var generator = SeededGenerator(seed: 5)
        for index in 0..<1200 {
            features.setDense(Self.event(index, &generator))
            #expect(monitor.update(features) == restored.update(features), "event \(index)")
            guard index % 37 == 0 else { continue }
            let bytes = Self.bytes(monitor)
            try Self.restore(restored, bytes)
            #expect(Self.bytes(restored) == bytes)
        }
        #expect((0..<4).contains { monitor.reading(of: $0).level != .stable })
        for slot in 0..<4 { #expect(monitor.reading(of: slot) == restored.reading(of: slot)) }
        monitor.reset()
        #expect(Self.bytes(monitor) == Self.bytes(FeatureDriftMonitor(featureCount: 4, parameters)))
    }

    private static func bytes(_ monitor: FeatureDriftMonitor) -> [UInt8] {
        var encoder = StateEncoder()
        monitor.encode(into: &encoder)
        return encoder.bytes
    }

    private static func restore(_ monitor: FeatureDriftMonitor, _ bytes: [UInt8]) throws(StateError) {
        var decoder = StateDecoder(bytes)
        try monitor.decode(from: &decoder)
        guard decoder.isAtEnd else { throw .corrupt }
    }

    private static func filled(_ parameters: FeatureDriftMonitor.Parameters, events: Int) -> FeatureDriftMonitor {
        let monitor = FeatureDriftMonitor(featureCount: 2, parameters)
        var features = FeatureVector(denseCount: 2, sparseCapacity: 0)
        var generator = SeededGenerator(seed: 6)
        for index in 0..<events {
            features.setDense(Array(Self.event(index, &generator)[1...2]))
            _ = monitor.update(features)
        }
        return monitor
    }

    @Test func damageAndForgeryAreRefusedOrHarmless() throws {
        var parameters = Self.parameters(.stabilityIndex)
        (parameters.referenceCount, parameters.recentCount) = (20, 20)
        let bytes = Self.bytes(Self.filled(parameters, events: 47))
        let victim = FeatureDriftMonitor(featureCount: 2, parameters)
        let untouched = Self.bytes(victim)
        for count in bytes.indices {
            #expect(throws: StateError.self) { try Self.restore(victim, Array(bytes[..<count])) }
        }
        for at in bytes.indices {
            var flipped = bytes
            flipped[at] ^= 0x10
            #expect(throws: StateError.self) { try Self.restore(victim, flipped) }
        }
        #expect(Self.bytes(victim) == untouched)
        var features = FeatureVector(denseCount: 2, sparseCapacity: 0)
        let body = Array(bytes[14..<bytes.count - 8])
        var generator = SeededGenerator(seed: 7)
        var refusedCount = 0
        for _ in 0..<4000 {
            var forged = body
            forged[Int.random(in: 8..<body.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            var encoder = StateEncoder()
            encoder.section(StateTag("FDRM"), version: 1) { encoder in for byte in forged { encoder.append(byte) } }
            let monitor = FeatureDriftMonitor(featureCount: 2, parameters)
            do throws(StateError) {
                try Self.restore(monitor, encoder.bytes)
                for index in 0..<60 {
                    features.setDense(Array(Self.event(index, &generator)[1...2]))
                    _ = monitor.update(features)
                }
                try Self.restore(monitor, Self.bytes(monitor))
            } catch {
                refusedCount += 1
            }
        }
        #expect(refusedCount > 500)
    }

    @Test func otherShapesAndParametersAreAMismatch() {
        let bytes = Self.bytes(Self.filled(Self.parameters(.stabilityIndex), events: 500))
        let changes: [(inout FeatureDriftMonitor.Parameters) -> Void] = [
            { $0.referenceCount += 1 }, { $0.recentCount += 1 }, { $0.clock += 1 }, { $0.stride += 1 },
            { $0.binCount += 1 }, { $0.statistic = .kolmogorovSmirnov }, { $0.warningIndex /= 2 },
            { $0.driftIndex *= 2 }, { $0.warningAlpha *= 2 }, { $0.driftAlpha /= 2 }, { $0.distanceMin *= 2 },
        ]
        for (position, change) in changes.enumerated() {
            var parameters = Self.parameters(.stabilityIndex)
            change(&parameters)
            let other = FeatureDriftMonitor(featureCount: 2, parameters)
            #expect(throws: StateError.mismatch, "change \(position)") { try Self.restore(other, bytes) }
        }
        let wider = FeatureDriftMonitor(featureCount: 3, Self.parameters(.stabilityIndex))
        #expect(throws: StateError.mismatch) { try Self.restore(wider, bytes) }
    }

    @Test func hostileNumbersCountAsAbsentOrAreCompared() {
        let monitor = FeatureDriftMonitor(featureCount: 1, Self.parameters(.kolmogorovSmirnov))
        var features = FeatureVector(denseCount: 1, sparseCapacity: 0)
        let values = [1e150, -1e150, 0, -0.0, .leastNonzeroMagnitude, 1.1e150, .infinity, .nan]
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<2000 {
            features[0] = values[Int.random(in: 0..<values.count, using: &generator)]
            _ = monitor.update(features)
        }
        let reading = monitor.reading(of: 0)
        #expect(reading.level == .stable)
        #expect(isNear(reading.absentShare, 3.0 / 8, 0.15))
        #expect(reading.stabilityIndex.isFinite && reading.distance < 0.3)
    }

    @Test func memoryIsTakenOnceAndStated() {
        let monitor = Self.filled(FeatureDriftMonitor.Parameters(), events: 10)
        let byteCount = monitor.memoryByteCount
        #expect(byteCount < 2 * 14_000)
        let later = Self.filled(FeatureDriftMonitor.Parameters(), events: 5000)
        #expect(later.memoryByteCount == byteCount)
        #expect(Self.bytes(later).count < byteCount)
    }
}
