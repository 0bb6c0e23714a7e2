/// SNARIMAX: a linear regression, learned online, of the (seasonally) differenced labels on their own lags, on the lags of its
/// errors, and on the numeric features of the event (Box and Jenkins, Time series analysis, 1970; learned online as by
/// Anava et al., Online learning for time series prediction, COLT 2013).
///
/// The regression sees, in this order: lags of the differenced series, lags of the errors, dense features; what does not exist
/// yet is absent. A forecast some steps ahead takes its own forecasts for the lags not known, 0 for errors to come,
/// and the features of the events between. Categories are not used.
///
/// **Horizon.** The prediction for event t knows the labels up to event t − horizon: what is learned waits in a queue of
/// horizon − 1 events before it reaches the regression. 0 before the first label; the last known value before
/// d + m·sd labels are known.
/// **Missing.** Time is the count of learned events: one without a label, or of weight 0, takes no time.
@safe final class SNARIMAX: RateAdjustable {
    let orders: SeasonalOrders
    let horizon: Int
    let denseCount: Int
    let fingerprint: UInt64
    let regression: any Learner
    /// One event that waits: label, weight, features.
    let pending: UnsafeMutablePointer<Double>
    let pendingWidth: Int
    var values: HistoryRing
    var series: HistoryRing
    var errors: HistoryRing
    var learnedCount: UInt64 = 0
    private let seriesLags: [Int]
    private let errorLags: [Int]
    private let terms: [SeasonalOrders.Term]
    private var vector: FeatureVector
    /// Forecasts of the values and of the series, by steps ahead; overwritten by every prediction.
    private let futureValues: UnsafeMutablePointer<Double>
    private let futureSeries: UnsafeMutablePointer<Double>

    /// `makeRegression` makes the regression for vectors of a shape.
    init(
        orders: SeasonalOrders, horizon: Int, shape: LearnerShape, fingerprint: UInt64,
        makeRegression: (LearnerShape) -> any Learner
    ) {
        self.orders = orders
        self.horizon = horizon
        self.fingerprint = fingerprint
        denseCount = shape.denseCount
        seriesLags = orders.seriesLags
        errorLags = orders.errorLags
        terms = orders.differenceTerms
        let inner = LearnerShape(denseCount: seriesLags.count + errorLags.count + denseCount)
        regression = makeRegression(inner)
        vector = inner.makeVector()
        values = HistoryRing(capacity: max(1, orders.differenceReach))
        series = HistoryRing(capacity: seriesLags.max() ?? 0)
        errors = HistoryRing(capacity: errorLags.max() ?? 0)
        pendingWidth = denseCount + 2
        unsafe pending = .allocate(capacity: horizon * pendingWidth)
        unsafe pending.initialize(repeating: 0, count: horizon * pendingWidth)
        unsafe futureValues = .allocate(capacity: horizon)
        unsafe futureValues.initialize(repeating: 0, count: horizon)
        unsafe futureSeries = .allocate(capacity: horizon)
        unsafe futureSeries.initialize(repeating: 0, count: horizon)
    }

    deinit {
        unsafe pending.deallocate()
        unsafe futureValues.deallocate()
        unsafe futureSeries.deallocate()
    }

    var task: LearningTask { .regression }
    /// That of the regression.
    var rateFactor: Double {
        get { rateAdjustable(regression)?.rateFactor ?? 1 }
        set { rateAdjustable(regression)?.rateFactor = newValue }
    }
    /// How many learned events wait.
    var pendingCount: Int { Int(min(learnedCount, UInt64(horizon - 1))) }
    var memoryByteCount: Int {
        let numbers = horizon * (pendingWidth + 2) + values.capacity + series.capacity + errors.capacity + denseCount
        return regression.memoryByteCount + 8 * numbers
    }

    /// Where the event that waits as number `position` is kept.
    func pendingEvent(_ position: Int) -> UnsafeMutablePointer<Double> {
        let oldest = learnedCount - UInt64(pendingCount)
        return unsafe pending + Int((oldest + UInt64(position)) % UInt64(horizon)) * pendingWidth
    }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        precondition(features.denseCount == denseCount)
        guard values.count >= orders.differenceReach, values.count > 0 else {
            prediction.value = values.count > 0 ? values[0] : 0
            return
        }
        let ahead = pendingCount
        for step in 0...ahead {
            fillLags(step)
            let first = seriesLags.count + errorLags.count
            if step == ahead {
                for slot in 0..<denseCount { vector[first + slot] = features[slot] }
            } else {
                let event = unsafe pendingEvent(step) + 2
                for slot in 0..<denseCount { vector[first + slot] = unsafe event[slot] }
            }
            regression.predict(vector, into: &prediction)
            unsafe futureSeries[step] = prediction.value
            unsafe futureValues[step] = prediction.value - known(step)
        }
        let forecast = unsafe futureValues[ahead]
        prediction.value = forecast.isFinite ? forecast : values[0]
    }

    /// Σ coefficient·y of the values before the one `step` steps after the next.
    private func known(_ step: Int) -> Double {
        var sum = 0.0
        for term in terms {
            let value = term.lag <= step ? unsafe futureValues[step - term.lag] : values[term.lag - step - 1]
            sum += term.coefficient * value
        }
        return sum
    }

    /// Fills the lags as the event `step` steps after the next one sees them.
    private func fillLags(_ step: Int) {
        var slot = 0
        for lag in seriesLags {
            vector[slot] = lag <= step ? unsafe futureSeries[step - lag] : series[lag - step - 1]
            slot += 1
        }
        for lag in errorLags {
            vector[slot] = lag <= step ? 0 : errors[lag - step - 1]
            slot += 1
        }
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        precondition(features.denseCount == denseCount)
        guard weight > 0, label.magnitude <= LearnableRange.magnitudeMax else { return }
        let event = unsafe pending + Int(learnedCount % UInt64(horizon)) * pendingWidth
        unsafe event[0] = label
        unsafe event[1] = weight
        for slot in 0..<denseCount { unsafe event[2 + slot] = features[slot] }
        // With horizon − 1 events waiting, the oldest of all is now known.
        let isFull = pendingCount == horizon - 1
        learnedCount &+= 1
        guard isFull else { return }
        unsafe absorb(pending + Int((learnedCount &- UInt64(horizon)) % UInt64(horizon)) * pendingWidth)
    }

    /// Learns an event whose time has come.
    private func absorb(_ event: UnsafeMutablePointer<Double>) {
        let label = unsafe event[0]
        if values.count >= orders.differenceReach {
            let difference = label + known(0)
            fillLags(0)
            let first = seriesLags.count + errorLags.count
            for slot in 0..<denseCount { vector[first + slot] = unsafe event[2 + slot] }
            var prediction = Prediction()
            regression.predict(vector, into: &prediction)
            unsafe regression.learn(vector, label: difference, weight: event[1])
            series.push(difference)
            errors.push(difference - prediction.value)
        }
        values.push(label)
    }
}
