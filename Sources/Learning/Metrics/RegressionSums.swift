/// The sums behind MAE, RMSE and R², with two baselines over the same events: the last value, and the mean so far.
struct RegressionSums: Sendable, Equatable {
    private(set) var count: Double = 0
    private(set) var absoluteError: Double = 0
    private(set) var squaredError: Double = 0
    private(set) var labelMean: Double = 0
    /// Sum of squared distances of the labels from their mean (Welford).
    private(set) var labelSpread: Double = 0
    private(set) var lastValueError: Double = 0
    private(set) var runningMeanError: Double = 0
    /// The label before; 0 before the first, like the running mean.
    private(set) var lastLabel: Double = 0

    init() {}

    @inline(__always)
    mutating func add(prediction: Double, label: Double) {
        let error = prediction - label
        absoluteError += abs(error)
        squaredError += error * error
        lastValueError += abs(label - lastLabel)
        lastLabel = label
        count += 1
        let distance = label - labelMean
        runningMeanError += abs(distance)
        labelMean += distance / count
        labelSpread += distance * (label - labelMean)
    }

    /// Adds the sums of `other` (Chan et al. 1979 for the spread); the last label stays our own.
    mutating func merge(_ other: RegressionSums) {
        guard other.count > 0 else { return }
        let total = count + other.count
        let distance = other.labelMean - labelMean
        labelSpread += other.labelSpread + distance * distance * (count * other.count / total)
        labelMean += distance * (other.count / total)
        count = total
        absoluteError += other.absoluteError
        squaredError += other.squaredError
        lastValueError += other.lastValueError
        runningMeanError += other.runningMeanError
    }

    func encode(into encoder: inout StateEncoder) {
        for value in [
            count, absoluteError, squaredError, labelMean, labelSpread, lastValueError, runningMeanError, lastLabel,
        ] {
            encoder.append(value)
        }
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        count = try decoder.double()
        absoluteError = try decoder.double()
        squaredError = try decoder.double()
        labelMean = try decoder.double()
        labelSpread = try decoder.double()
        lastValueError = try decoder.double()
        runningMeanError = try decoder.double()
        lastLabel = try decoder.double()
    }
}
