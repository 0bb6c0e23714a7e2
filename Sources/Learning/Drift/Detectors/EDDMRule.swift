/// EDDM: errors that come closer together than they did at best (Baena-García et al. 2006). A value above one half is an
/// error.
struct EDDMRule: DriftRule {
    static let tag = StateTag("EDDM")
    static let acceptedValues = ClosedRange<Double>.unit

    struct Parameters: Sendable, Equatable {
        var warmUp = 30.0
        var warning = 0.95
        var drift = 0.9
    }

    private let parameters: Parameters
    private var count = 0.0
    private var errorCount = 0.0
    private var lastErrorAt = 0.0
    private var meanDistance = 0.0
    /// Sum of squared deviations of the distances from their mean.
    private var squares = 0.0
    private var best = 0.0
    private var isWarning = false

    init(_ parameters: Parameters) { self.parameters = parameters }

    mutating func update(_ value: Double) -> DriftLevel {
        count += 1
        guard value > 0.5 else { return isWarning ? .warning : .stable }
        errorCount += 1
        let distance = count - lastErrorAt
        lastErrorAt = count
        let deviation = distance - meanDistance
        meanDistance += deviation / errorCount
        squares += deviation * (distance - meanDistance)
        guard count > parameters.warmUp else { return .stable }
        let spread = errorCount > 1 ? (squares / (errorCount - 1)).squareRoot() : 0
        let level = meanDistance + 2 * spread
        if level > best {
            best = level
        } else if errorCount > parameters.warmUp {
            if level / best < parameters.drift { return .drift }
            isWarning = level / best < parameters.warning
        }
        return isWarning ? .warning : .stable
    }

    mutating func reset() { self = EDDMRule(parameters) }

    func encode(into encoder: inout StateEncoder) {
        for number in [count, errorCount, lastErrorAt, meanDistance, squares, best] { encoder.append(number) }
        encoder.append(isWarning)
    }

    func read(from decoder: inout StateDecoder) throws(StateError) -> EDDMRule {
        var rule = EDDMRule(parameters)
        rule.count = try decoder.count()
        rule.errorCount = try decoder.count()
        rule.lastErrorAt = try decoder.count()
        rule.meanDistance = try decoder.finite()
        rule.squares = try decoder.finite()
        rule.best = try decoder.finite()
        rule.isWarning = try decoder.flag()
        guard rule.errorCount <= rule.count, rule.lastErrorAt <= rule.count, rule.squares >= 0, rule.best >= 0 else {
            throw .corrupt
        }
        return rule
    }
}
