internal import Hashing

/// Compares each dense feature's recent values with those of a reference window, the first events it saw.
///
/// Two figures for each feature. The population stability index (PSI: Siddiqi 2006, "Credit Risk Scorecards"; its statistics:
/// Yurdakul 2018) over bins of equal mass in the reference, with one more bin for "absent", so that a feature that goes
/// missing is seen too. And the exact two-sample Kolmogorov-Smirnov distance of the values that were present, with the
/// significance of Stephens 1970.
///
/// Only where a recent value falls among the sorted reference values is kept, two bytes an event: both figures follow exactly
/// from the counts. Values that are not finite or outside ``LearnableRange`` are absent.
///
/// Memory is bounded and taken when the monitor is made. An event costs a binary search a feature; an evaluation O(reference),
/// spread so that not all features are evaluated at the same event. Not thread-safe.
@safe public final class FeatureDriftMonitor {
    /// How many dense features it watches.
    public let featureCount: Int
    /// The parameters it was made with.
    public let parameters: Parameters

    /// The reference values of each feature that were present, sorted: `referenceCount` slots a feature.
    let reference: UnsafeMutablePointer<Double>
    /// How many of them there are, per feature.
    let presentCounts: UnsafeMutablePointer<Int>
    /// The recent events' cells, a ring of `recentCount` a feature. See ``cell(of:feature:)``.
    let ring: UnsafeMutablePointer<UInt16>
    /// How many recent events lie in each cell: `cellCount` a feature.
    let counts: UnsafeMutablePointer<UInt16>
    let readings: UnsafeMutablePointer<FeatureDriftReading>
    let progress: UnsafeMutablePointer<Progress>
    /// The λ of the Kolmogorov distribution whose p-value is the warning's and the drift's.
    let criticalWarning: Double
    let criticalDrift: Double

    /// How far the windows are filled.
    struct Progress: Equatable {
        /// Events since the start that were taken.
        var eventCount: UInt64 = 0
        /// Events to leave out before the next is taken.
        var skipCount = 0
    }

    /// A monitor without a reference. `parameters` are valid (a programming error otherwise).
    public init(featureCount: Int, _ parameters: Parameters = Parameters()) {
        precondition(featureCount >= 0 && parameters.isValid)
        self.featureCount = featureCount
        self.parameters = parameters
        unsafe reference = .allocate(capacity: max(1, featureCount * parameters.referenceCount))
        unsafe reference.initialize(repeating: 0, count: featureCount * parameters.referenceCount)
        unsafe presentCounts = .allocate(capacity: max(1, featureCount))
        unsafe presentCounts.initialize(repeating: 0, count: featureCount)
        unsafe ring = .allocate(capacity: max(1, featureCount * parameters.recentCount))
        unsafe ring.initialize(repeating: 0, count: featureCount * parameters.recentCount)
        let cellCount = 2 * parameters.referenceCount + 2
        unsafe counts = .allocate(capacity: max(1, featureCount * cellCount))
        unsafe counts.initialize(repeating: 0, count: featureCount * cellCount)
        unsafe readings = .allocate(capacity: max(1, featureCount))
        unsafe readings.initialize(repeating: FeatureDriftReading(), count: featureCount)
        unsafe progress = .allocate(capacity: 1)
        unsafe progress.initialize(to: Progress())
        criticalWarning = KolmogorovSmirnov.criticalLambda(alpha: parameters.warningAlpha)
        criticalDrift = KolmogorovSmirnov.criticalLambda(alpha: parameters.driftAlpha)
    }

    deinit {
        unsafe reference.deallocate()
        unsafe presentCounts.deallocate()
        unsafe ring.deallocate()
        unsafe counts.deallocate()
        unsafe readings.deallocate()
        unsafe progress.deallocate()
    }

    /// Whether both windows are full, so that features are evaluated.
    public var isComparing: Bool {
        unsafe progress.pointee.eventCount >= UInt64(parameters.referenceCount + parameters.recentCount)
    }

    /// What was found of a feature (0..<`featureCount`) at its last evaluation.
    public func reading(of feature: Int) -> FeatureDriftReading {
        precondition(feature >= 0 && feature < featureCount)
        return unsafe readings[feature]
    }

    /// Bytes of memory of its own.
    public var memoryByteCount: Int {
        featureCount
            * (parameters.referenceCount * 8 + parameters.recentCount * 2 + cellCount * 2
                + MemoryLayout<FeatureDriftReading>.stride + MemoryLayout<Int>.stride)
    }

    /// Forgets everything: the next events are the new reference.
    public func reset() {
        unsafe presentCounts.update(repeating: 0, count: featureCount)
        unsafe counts.update(repeating: 0, count: featureCount * cellCount)
        unsafe readings.update(repeating: FeatureDriftReading(), count: featureCount)
        unsafe progress.pointee = Progress()
    }

    /// Cells of one feature: before, at and behind each reference value, and one for absent ones.
    var cellCount: Int { 2 * parameters.referenceCount + 2 }

    /// Identifies shape and parameters in an encoded state.
    var fingerprint: UInt64 {
        var encoder = StateEncoder()
        let its = parameters
        for number in [featureCount, its.referenceCount, its.recentCount, its.clock, its.stride, its.binCount] {
            encoder.append(UInt64(number))
        }
        encoder.append(its.statistic.rawValue)
        encoder.append([its.warningIndex, its.driftIndex, its.warningAlpha, its.driftAlpha, its.distanceMin])
        return XXH3.hash64(encoder.bytes)
    }
}
