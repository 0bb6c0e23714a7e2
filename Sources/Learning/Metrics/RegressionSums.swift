/// The weighted sums behind MAE, RMSE, R² and the quantile loss, with two baselines over the same events: the last value, and
/// the mean so far.
struct RegressionSums: Sendable, Equatable {
    private(set) var weight: Double = 0
    private(set) var absoluteError: Double = 0
    private(set) var squaredError: Double = 0
    /// Sum of prediction − label. With the absolute errors it tells those above from those below.
    private(set) var signedError: Double = 0
    private(set) var labelMean: Double = 0
    /// Sum of squared distances of the labels from their mean (West 1979; with equal weights Welford's).
    private(set) var labelSpread: Double = 0
    /// Sums of the absolute errors of "the last value" and "the mean so far".
    private(set) var trivialErrors = SIMD2<Double>.zero

    init() {}

    @inline(__always)
    mutating func add(_ event: MetricEvent, weight added: Double) {
        let error = event.prediction - event.label
        absoluteError += added * abs(error)
        signedError += added * error
        squaredError += added * error * error
        let trivial = event.trivial - event.label
        trivialErrors += added * SIMD2(abs(trivial[0]), abs(trivial[1]))
        weight += added
        let distance = event.label - labelMean
        labelMean += distance * (added / weight)
        labelSpread += added * distance * (event.label - labelMean)
    }

    /// Sum of the pinball losses (Koenker & Bassett 1978) at `quantile`: quantile · (y − p) where the label is above the
    /// prediction, (1 − quantile) · (p − y) where it is below.
    func pinballLoss(at quantile: Double) -> Double {
        let tooLow = (absoluteError - signedError) / 2
        let tooHigh = (absoluteError + signedError) / 2
        return quantile * tooLow + (1 - quantile) * tooHigh
    }

    mutating func scale(by factor: Double) {
        weight *= factor
        absoluteError *= factor
        squaredError *= factor
        signedError *= factor
        labelSpread *= factor
        trivialErrors *= factor
    }

    /// Adds the sums of `other` (Chan et al. 1979 for the spread), its weights multiplied by `scale`.
    mutating func merge(_ other: RegressionSums, scale: Double) {
        var theirs = other
        theirs.scale(by: scale)
        let total = weight + theirs.weight
        guard theirs.weight > 0 else { return }
        let distance = theirs.labelMean - labelMean
        labelSpread += theirs.labelSpread + distance * distance * (weight * theirs.weight / total)
        labelMean += distance * (theirs.weight / total)
        weight = total
        absoluteError += theirs.absoluteError
        squaredError += theirs.squaredError
        signedError += theirs.signedError
        trivialErrors += theirs.trivialErrors
    }

    func encode(into encoder: inout StateEncoder) {
        for value in [
            weight, absoluteError, squaredError, signedError, labelMean, labelSpread, trivialErrors[0],
            trivialErrors[1],
        ] {
            encoder.append(value)
        }
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        weight = try decoder.weight()
        absoluteError = try decoder.double()
        squaredError = try decoder.double()
        signedError = try decoder.double()
        labelMean = try decoder.double()
        labelSpread = try decoder.double()
        trivialErrors = SIMD2(try decoder.double(), try decoder.double())
    }
}
