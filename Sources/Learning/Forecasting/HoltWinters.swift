/// Holt-Winters exponential smoothing of the labels, in the order in which they are learned: a level, a trend and a season,
/// each by its own smoothing constant. The features are ignored.
///
/// With l, b and s before the value y, m the length of the season (component form of Hyndman and Athanasopoulos,
/// Forecasting: principles and practice, 8.3):
///
///     additive:        l' = α(y − s) + (1−α)(l + b);  b' = β(l' − l) + (1−β)b;  s' = γ(y − l − b) + (1−γ)s
///     multiplicative:  l' = α·y/s + (1−α)(l + b);     b' as above;              s' = γ·y/(l + b) + (1−γ)s
///     forecast for h events later:  l + h·b, plus (or times) the season's part of that event
///
/// Before that the first two seasons (two values where there is none) set the components: b is the difference of the two
/// seasons' means over m, l the mean of all moved to the last event by b, and each season's part the mean of its two
/// differences (quotients) to that line. Until then the forecast is the last value.
///
/// **Horizon.** The prediction for event t is the forecast made when event t − horizon had been learned; 0 where there was none.
/// **Missing.** Time is the count of learned events: one without a label, or of weight 0, takes no time. An event of weight w
/// moves the components as far as w equal ones would at one instant: 1 − α becomes (1 − α)^w. A step whose result would
/// be no finite number is not made.
@safe final class HoltWinters: Learner {
    let parameters: Parameters
    let fingerprint: UInt64
    /// Room for the values of the first two seasons, of which the first half holds the season afterwards.
    let values: UnsafeMutablePointer<Double>
    /// The last `horizon` forecasts, as a ring.
    let forecasts: UnsafeMutablePointer<Double>
    var state = State()

    struct Parameters: Sendable {
        var alpha: Double
        var beta: Double
        var gamma: Double
        /// 1 where there is no season.
        var season: Int
        var isMultiplicative: Bool
        var hasTrend: Bool
        var horizon: Int
    }

    struct State {
        var learnedCount: UInt64 = 0
        var level = 0.0
        var trend = 0.0
        /// Learned events modulo the season, and modulo the horizon.
        var phase = 0
        var ringPlace = 0
    }

    init(parameters: Parameters, fingerprint: UInt64) {
        self.parameters = parameters
        self.fingerprint = fingerprint
        unsafe values = .allocate(capacity: 2 * parameters.season)
        unsafe values.initialize(repeating: 0, count: 2 * parameters.season)
        unsafe forecasts = .allocate(capacity: parameters.horizon)
        unsafe forecasts.initialize(repeating: 0, count: parameters.horizon)
    }

    deinit {
        unsafe values.deallocate()
        unsafe forecasts.deallocate()
    }

    var task: LearningTask { .regression }
    var learnedCount: UInt64 { state.learnedCount }
    var valueCount: Int { 2 * parameters.season }
    var memoryByteCount: Int { (valueCount + parameters.horizon) * 8 + MemoryLayout<State>.size }

    /// What a season's part is where there is none.
    private var neutral: Double { parameters.isMultiplicative ? 1 : 0 }
    private var hasSeason: Bool { parameters.season > 1 }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        // The place to be overwritten next is the oldest: made `horizon` events before the one to come.
        prediction.value = unsafe forecasts[state.ringPlace]
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, label.magnitude <= LearnableRange.magnitudeMax else { return }
        if state.learnedCount < UInt64(valueCount) {
            unsafe values[Int(state.learnedCount)] = label
            state.learnedCount &+= 1
            if state.learnedCount == UInt64(valueCount) { begin() }
        } else {
            smooth(label, weight: weight)
            state.learnedCount &+= 1
        }
        state.phase = state.phase + 1 == parameters.season ? 0 : state.phase + 1
        unsafe forecasts[state.ringPlace] = forecast(afterLearning: label)
        state.ringPlace = state.ringPlace + 1 == parameters.horizon ? 0 : state.ringPlace + 1
    }

    private func forecast(afterLearning label: Double) -> Double {
        guard state.learnedCount >= UInt64(valueCount) else { return label }
        let line = state.level + Double(parameters.horizon) * state.trend
        // `phase` is already that of the event after this one.
        let part = hasSeason ? unsafe values[(state.phase + parameters.horizon - 1) % parameters.season] : neutral
        let forecast = parameters.isMultiplicative ? line * part : line + part
        return forecast.isFinite ? forecast : label
    }

    private func begin() {
        let season = parameters.season
        let length = Double(season)
        var (first, second) = (0.0, 0.0)
        for index in 0..<season {
            unsafe first += values[index] / length
            unsafe second += values[season + index] / length
        }
        state.trend = parameters.hasTrend ? (second - first) / length : 0
        state.level = 0.5 * (first + second) + state.trend * (length - 0.5)
        for index in 0..<season {
            // Places of the two values on the line, seen from the last event.
            let later = state.level - state.trend * Double(season - 1 - index)
            let earlier = later - state.trend * length
            let (one, other) = unsafe (values[index], values[season + index])
            let part =
                parameters.isMultiplicative
                ? 0.5 * (one / earlier + other / later) : 0.5 * (one - earlier + other - later)
            unsafe values[index] = part.isFinite && hasSeason ? part : neutral
        }
    }

    private func smooth(_ label: Double, weight: Double) {
        let old = hasSeason ? unsafe values[state.phase] : neutral
        let line = state.level + state.trend
        let alpha = step(parameters.alpha, weight)
        let bare = parameters.isMultiplicative ? label / old : label - old
        let level = alpha * bare + (1 - alpha) * line
        if hasSeason {
            let gamma = step(parameters.gamma, weight)
            let part = parameters.isMultiplicative ? label / line : label - line
            let next = gamma * part + (1 - gamma) * old
            if next.isFinite { unsafe values[state.phase] = next }
        }
        let beta = step(parameters.beta, weight)
        let trend = parameters.hasTrend ? beta * (level - state.level) + (1 - beta) * state.trend : 0
        guard level.isFinite, trend.isFinite else { return }
        state.level = level
        state.trend = trend
    }

    /// What `weight` steps of `constant` at one instant amount to.
    @inline(__always)
    private func step(_ constant: Double, _ weight: Double) -> Double {
        guard weight != 1, constant < 1 else { return constant }
        return 1 - power(1 - constant, weight)
    }
}
