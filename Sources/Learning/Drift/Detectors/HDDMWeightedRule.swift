/// HDDM_W: exponentially weighted means before and after the best cut, by McDiarmid's inequality (Frías-Blanco et al. 2015,
/// the W-test). One-sided: only a rising mean counts.
struct HDDMWeightedRule: DriftRule {
    static let tag = StateTag("HDMW")
    static let acceptedValues = ClosedRange<Double>.unit

    struct Parameters: Sendable, Equatable {
        var drift = 0.001
        var warning = 0.005
        var lambda = 0.05
    }

    /// A weighted mean with the sum of its squared weights; `independence` 0 says that it holds no value.
    private struct Sample {
        var mean = 0.0
        var independence = 0.0

        /// The sum of squared weights starts at 1 and fades from the first value on, whose mean is the value itself.
        @inline(__always)
        mutating func take(_ value: Double, lambda: Double) {
            let rest = 1 - lambda
            mean = independence > 0 ? lambda * value + rest * mean : value
            independence = lambda * lambda + rest * rest * (independence > 0 ? independence : 1)
        }

        func encode(into encoder: inout StateEncoder) {
            encoder.append(mean)
            encoder.append(independence)
        }

        static func read(from decoder: inout StateDecoder) throws(StateError) -> Sample {
            let sample = Sample(mean: try decoder.finite(), independence: try decoder.finite())
            guard (0...1).contains(sample.independence) else { throw .corrupt }
            return sample
        }
    }

    private let parameters: Parameters
    /// ln(1/drift)/2 and ln(1/warning)/2: all logarithms there are.
    private let driftFactor: Double
    private let warningFactor: Double
    private var total = Sample()
    private var before = Sample()
    private var after = Sample()
    /// The smallest mean so far plus its bound.
    private var cutLevel = Double.infinity

    init(_ parameters: Parameters) {
        self.parameters = parameters
        driftFactor = logarithm(1 / parameters.drift) / 2
        warningFactor = logarithm(1 / parameters.warning) / 2
    }

    mutating func update(_ value: Double) -> DriftLevel {
        total.take(value, lambda: parameters.lambda)
        let level = total.mean + (total.independence * driftFactor).squareRoot()
        if level < cutLevel {
            cutLevel = level
            before = total
            after = Sample()
            return .stable
        }
        after.take(value, lambda: parameters.lambda)
        guard before.independence > 0 else { return .stable }
        let (rise, independence) = (after.mean - before.mean, before.independence + after.independence)
        guard rise > 0 else { return .stable }
        if rise > (independence * driftFactor).squareRoot() { return .drift }
        return rise > (independence * warningFactor).squareRoot() ? .warning : .stable
    }

    mutating func reset() { self = HDDMWeightedRule(parameters) }

    func encode(into encoder: inout StateEncoder) {
        total.encode(into: &encoder)
        before.encode(into: &encoder)
        after.encode(into: &encoder)
        encoder.append(cutLevel)
    }

    func read(from decoder: inout StateDecoder) throws(StateError) -> HDDMWeightedRule {
        var rule = HDDMWeightedRule(parameters)
        rule.total = try Sample.read(from: &decoder)
        rule.before = try Sample.read(from: &decoder)
        rule.after = try Sample.read(from: &decoder)
        rule.cutLevel = try decoder.double()
        guard rule.cutLevel >= 0 else { throw .corrupt }
        return rule
    }
}
