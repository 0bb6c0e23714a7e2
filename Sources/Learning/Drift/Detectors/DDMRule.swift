/// DDM: an error rate that has risen above its best by so many standard deviations (Gama et al. 2004).
struct DDMRule: DriftRule {
    static let tag = StateTag("DDM_")
    static let acceptedValues = ClosedRange<Double>.unit

    struct Parameters: Sendable, Equatable {
        var warmUp = 30.0
        var warning = 2.0
        var drift = 3.0
    }

    private let parameters: Parameters
    private var count = 0.0
    private var rate = 0.0
    /// Rate and deviation where their sum was smallest; infinite until the warm-up is over.
    private var bestRate = Double.infinity
    private var bestDeviation = Double.infinity

    init(_ parameters: Parameters) { self.parameters = parameters }

    mutating func update(_ value: Double) -> DriftLevel {
        count += 1
        rate += (value - rate) / count
        guard count > parameters.warmUp else { return .stable }
        let deviation = (max(0, rate * (1 - rate)) / count).squareRoot()
        let level = rate + deviation
        if level <= bestRate + bestDeviation { (bestRate, bestDeviation) = (rate, deviation) }
        if level > bestRate + parameters.drift * bestDeviation { return .drift }
        return level > bestRate + parameters.warning * bestDeviation ? .warning : .stable
    }

    mutating func reset() { self = DDMRule(parameters) }

    func encode(into encoder: inout StateEncoder) {
        for number in [count, rate, bestRate, bestDeviation] { encoder.append(number) }
    }

    func read(from decoder: inout StateDecoder) throws(StateError) -> DDMRule {
        var rule = DDMRule(parameters)
        rule.count = try decoder.count()
        rule.rate = try decoder.finite()
        rule.bestRate = try decoder.double()
        rule.bestDeviation = try decoder.double()
        guard Self.acceptedValues.contains(rule.rate), rule.bestRate >= 0, rule.bestDeviation >= 0 else {
            throw .corrupt
        }
        return rule
    }
}
