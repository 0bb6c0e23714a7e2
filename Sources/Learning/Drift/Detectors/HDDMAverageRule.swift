/// HDDM_A: the mean of all values against the mean up to the best cut, by Hoeffding's inequality (Frías-Blanco et al. 2015,
/// the A-test). One-sided: only a rising mean counts.
struct HDDMAverageRule: DriftRule {
    static let tag = StateTag("HDMA")
    static let acceptedValues = ClosedRange<Double>.unit

    struct Parameters: Sendable, Equatable {
        var drift = 0.001
        var warning = 0.005
    }

    private let parameters: Parameters
    /// ln(1/drift)/2, ln(2/drift)/2 and ln(2/warning)/2: all logarithms there are.
    private let cutFactor: Double
    private let driftFactor: Double
    private let warningFactor: Double
    private var count = 0.0
    private var mean = 0.0
    private var cutCount = 0.0
    private var cutMean = 0.0
    /// The mean up to the cut plus its bound.
    private var cutLevel = 0.0

    init(_ parameters: Parameters) {
        self.parameters = parameters
        cutFactor = logarithm(1 / parameters.drift) / 2
        driftFactor = logarithm(2 / parameters.drift) / 2
        warningFactor = logarithm(2 / parameters.warning) / 2
    }

    mutating func update(_ value: Double) -> DriftLevel {
        count += 1
        mean += (value - mean) / count
        let level = mean + (cutFactor / count).squareRoot()
        if cutCount == 0 || cutLevel >= level { (cutCount, cutMean, cutLevel) = (count, mean, level) }
        guard count > cutCount else { return .stable }
        let (rise, share) = (mean - cutMean, (count - cutCount) / (cutCount * count))
        // As good as no rise needs no root.
        guard rise > 0 else { return .stable }
        if rise >= (share * driftFactor).squareRoot() { return .drift }
        return rise >= (share * warningFactor).squareRoot() ? .warning : .stable
    }

    mutating func reset() { self = HDDMAverageRule(parameters) }

    func encode(into encoder: inout StateEncoder) {
        for number in [count, mean, cutCount, cutMean, cutLevel] { encoder.append(number) }
    }

    func read(from decoder: inout StateDecoder) throws(StateError) -> HDDMAverageRule {
        var rule = HDDMAverageRule(parameters)
        rule.count = try decoder.count()
        rule.mean = try decoder.finite()
        rule.cutCount = try decoder.count()
        rule.cutMean = try decoder.finite()
        rule.cutLevel = try decoder.finite()
        guard rule.cutCount <= rule.count else { throw .corrupt }
        return rule
    }
}
