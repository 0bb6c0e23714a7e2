/// How far a feature's recent values are from its reference.
public enum FeatureDriftLevel: UInt8, Sendable, Comparable {
    /// As in the reference, or not yet known: the windows are still filling.
    case stable
    /// A difference worth a look.
    case warning
    /// Another distribution.
    case drift

    /// Stable is below warning is below drift.
    public static func < (left: FeatureDriftLevel, right: FeatureDriftLevel) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What was found of one feature at its last evaluation.
public struct FeatureDriftReading: Sendable, Equatable {
    /// What the deciding figure says.
    public internal(set) var level = FeatureDriftLevel.stable
    /// The population stability index, Σ (q − p)·ln(q/p) over the bins, p the reference's and q the recent share; 0 or more.
    public internal(set) var stabilityIndex = 0.0
    /// The two-sample Kolmogorov-Smirnov distance of the values that were present, 0...1.
    public internal(set) var distance = 0.0
    /// Share of the recent events in which the feature was absent.
    public internal(set) var absentShare = 0.0

    /// What holds before the first evaluation.
    public init() {}
}

extension FeatureDriftMonitor {
    /// Which figure decides the level; both are always computed.
    public enum Statistic: UInt8, Sendable, Equatable {
        /// The population stability index: how much of the mass moved. Independent of the windows' sizes.
        case stabilityIndex
        /// The Kolmogorov-Smirnov test: whether the difference can be chance, however small it is.
        case kolmogorovSmirnov
    }

    /// Windows and thresholds of a monitor.
    public struct Parameters: Sendable, Equatable {
        /// Events of the reference window, the first ones; 20 to 20,000. 14 bytes of memory each for every feature.
        public var referenceCount = 1000
        /// Events of the recent window, which slides; 20 to 60,000. 2 bytes of memory each for every feature.
        public var recentCount = 500
        /// Each feature is evaluated every that many events; at least 1.
        public var clock = 100
        /// Takes every that many events only; at least 1.
        public var stride = 1
        /// Bins of the stability index, 2 to 100, of equal mass in the reference as far as equal values allow.
        public var binCount = 10
        /// Which figure decides.
        public var statistic = Statistic.stabilityIndex
        /// Stability index from which on it is a warning. The usual reading (Siddiqi 2006): under 0.1 no change.
        public var warningIndex = 0.1
        /// Stability index from which on it is a drift. The usual reading: from 0.25 on a shift.
        public var driftIndex = 0.25
        /// Largest p-value of a warning by the Kolmogorov-Smirnov test.
        public var warningAlpha = 0.001
        /// Largest p-value of a drift. Every evaluation is a test, so it is small.
        public var driftAlpha = 0.0001
        /// A smaller Kolmogorov-Smirnov distance is neither, whatever its p-value.
        public var distanceMin = 0.1

        /// The defaults.
        public init() {}

        /// Whether every number is in its range.
        public var isValid: Bool {
            (20...20_000).contains(referenceCount) && (20...60_000).contains(recentCount) && clock >= 1 && stride >= 1
                && (2...100).contains(binCount) && warningIndex > 0 && warningIndex <= driftIndex
                && driftIndex.isFinite && driftAlpha >= 1e-12 && driftAlpha <= warningAlpha && warningAlpha < 1
                && (0...1).contains(distanceMin)
        }
    }
}
