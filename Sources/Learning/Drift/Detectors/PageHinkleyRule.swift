/// Page-Hinkley: two fading sums of deviations from the running mean, one that grows when the mean rises and one that sinks
/// when it falls; a change is a sum far from its extreme (Page 1954; Mouss et al. 2004; the fading as in River).
struct PageHinkleyRule: DriftRule {
    static let tag = StateTag("PGHK")
    static let acceptedValues = ClosedRange<Double>.learnable

    /// Which change counts.
    enum Direction: String, Sendable {
        case up, down, both
    }

    struct Parameters: Sendable, Equatable {
        var warmUp = 30.0
        var delta = 0.005
        var threshold = 50.0
        var fading = 0.9999
        var direction = Direction.both
    }

    private let parameters: Parameters
    private var count = 0.0
    private var mean = 0.0
    private var rising = 0.0
    private var falling = 0.0
    private var risingMin = Double.infinity
    private var fallingMax = -1.0

    init(_ parameters: Parameters) { self.parameters = parameters }

    mutating func update(_ value: Double) -> DriftLevel {
        count += 1
        mean += (value - mean) / count
        let deviation = value - mean
        rising = parameters.fading * rising + deviation - parameters.delta
        falling = parameters.fading * falling + deviation + parameters.delta
        risingMin = min(risingMin, rising)
        fallingMax = max(fallingMax, falling)
        guard count >= parameters.warmUp else { return .stable }
        let hasRisen = rising - risingMin > parameters.threshold && parameters.direction != .down
        let hasFallen = fallingMax - falling > parameters.threshold && parameters.direction != .up
        return hasRisen || hasFallen ? .drift : .stable
    }

    mutating func reset() { self = PageHinkleyRule(parameters) }

    func encode(into encoder: inout StateEncoder) {
        for number in [count, mean, rising, falling, risingMin, fallingMax] { encoder.append(number) }
    }

    func read(from decoder: inout StateDecoder) throws(StateError) -> PageHinkleyRule {
        var rule = PageHinkleyRule(parameters)
        rule.count = try decoder.count()
        rule.mean = try decoder.finite()
        rule.rising = try decoder.finite()
        rule.falling = try decoder.finite()
        let risingMin = try decoder.double()
        guard risingMin.isFinite || (rule.count == 0 && risingMin == .infinity) else { throw .corrupt }
        rule.risingMin = risingMin
        rule.fallingMax = try decoder.finite()
        return rule
    }
}
