/// Sums over a set of predicted events, from which every figure of a task follows.
///
/// A value of constant size (but for kept scores and the confusion matrix, which grows with the classes up to 128 of them).
/// Which figures there are depends on the task; a figure is nil while it has no meaning: no event, another task, one class
/// only (ROC AUC), chance agreement of 1 (kappa), labels that are all equal (R²).
///
/// In a fading window the sums are weighted, so that a count is relative to the weight of the newest event.
public struct MetricTally: Sendable, Equatable {
    /// The task, which decides which figures there are.
    public let task: LearningTask
    /// Sum of the weights of all events.
    var weight: Double = 0
    /// Binary: P(positive) against positive. Multiclass: P(predicted class) against correct; events with probabilities only.
    var table = CalibrationTable()
    /// Multiclass: weight of the events whose class was predicted.
    var correct: Double = 0
    /// Weights of the events that "same as the last label" and "the majority so far" get right.
    var trivialCorrect = SIMD2<Double>.zero
    /// −log P(true class) of events with weight 1.
    var logLossSum = LogLossSum()
    /// The same of events with another weight.
    var weightedLogLoss = WeightedLogLoss()
    var matrix = ConfusionMatrix()
    var regression = RegressionSums()
    /// Scores where there are two classes.
    var sketch: ScoreSketch
    /// All of them too, where they are kept: for reading an exact figure, no part of the state.
    var scores: RankedScores?

    /// `keepsScores` keeps every score of a binary model: an exact ROC AUC for 8 bytes an event.
    init(task: LearningTask, keepsScores: Bool) {
        self.task = task
        scores = keepsScores && task.hasTwoClasses ? RankedScores() : nil
        sketch = ScoreSketch(isKept: task.hasTwoClasses)
    }

    /// Adds an event with weight 1.
    mutating func add(_ event: MetricEvent) {
        switch task {
        case .binary, .anomaly: addBinary(event)
        case .multiclass: addMulticlass(event)
        case .regression: addRegression(event, weight: 1)
        }
    }

    @inline(__always)
    mutating func addBinary(_ event: MetricEvent) {
        addBinarySums(event, weight: 1)
        logLossSum.add(clipped: LogLossSum.clippedTruth(probability: event.prediction, positive: event.label))
        sketch.add(probability: event.prediction, positive: event.label, weight: 1)
        scores?.add(probability: event.prediction, isPositive: event.label > 0.5)
    }

    /// Adds an event with the weight that was given to `weightedLogLoss`; keeps no score.
    @inline(__always)
    mutating func addBinary(_ event: MetricEvent, weight: Double) {
        addBinarySums(event, weight: weight)
        weightedLogLoss.add(clipped: LogLossSum.clippedTruth(probability: event.prediction, positive: event.label))
        sketch.add(probability: event.prediction, positive: event.label, weight: weight)
    }

    @inline(__always)
    private mutating func addBinarySums(_ event: MetricEvent, weight added: Double) {
        weight += added
        let error = event.prediction - event.label
        table.add(probability: event.prediction, truth: event.label, squaredError: error * error, weight: added)
        addTrivial(event, weight: added)
    }

    @inline(__always)
    mutating func addMulticlass(_ event: MetricEvent) {
        addMulticlassSums(event, weight: 1)
        if event.truth > 0 { logLossSum.add(clipped: event.truth) }
    }

    /// Adds an event with the weight that was given to `weightedLogLoss`.
    @inline(__always)
    mutating func addMulticlass(_ event: MetricEvent, weight: Double) {
        addMulticlassSums(event, weight: weight)
        if event.truth > 0 { weightedLogLoss.add(clipped: event.truth) }
    }

    @inline(__always)
    private mutating func addMulticlassSums(_ event: MetricEvent, weight added: Double) {
        weight += added
        let isCorrect: Double = event.prediction == event.label ? 1 : 0
        correct += added * isCorrect
        matrix.add(label: event.label, predicted: event.prediction, weight: added)
        if event.truth > 0 {
            table.add(
                probability: event.confidence, truth: isCorrect, squaredError: event.squaredError, weight: added)
        }
        addTrivial(event, weight: added)
    }

    @inline(__always)
    mutating func addRegression(_ event: MetricEvent, weight added: Double) {
        weight += added
        regression.add(event, weight: added)
    }

    @inline(__always)
    private mutating func addTrivial(_ event: MetricEvent, weight added: Double) {
        let isCorrect = event.trivial .== SIMD2(repeating: event.label)
        trivialCorrect += SIMD2.zero.replacing(with: added, where: isCorrect)
    }

    /// Multiplies every weight by `factor`. No scores are kept, and no event was added without a weight.
    mutating func scale(by factor: Double) {
        weight *= factor
        table.scale(by: factor)
        correct *= factor
        trivialCorrect *= factor
        weightedLogLoss.scale(by: factor)
        matrix.scale(by: factor)
        regression.scale(by: factor)
        sketch.scale(by: factor)
    }

    /// Adds the events of `other`, with their weights multiplied by `scale` (which is 1 unless the events are weighted). Two
    /// tallies that kept scores keep them; otherwise there is the sketch.
    mutating func merge(_ other: MetricTally, scale: Double = 1) {
        weight += other.weight * scale
        table.merge(other.table, scale: scale)
        correct += other.correct * scale
        trivialCorrect += other.trivialCorrect * scale
        weightedLogLoss.merge(other.weightedLogLoss, scale: scale)
        logLossSum.merge(other.logLossSum)
        matrix.merge(other.matrix, scale: scale)
        regression.merge(other.regression, scale: scale)
        sketch.merge(other.sketch, scale: scale)
        if let theirs = other.scores { scores?.merge(theirs) } else if other.weight > 0 { scores = nil }
    }

    func encode(into encoder: inout StateEncoder) {
        for value in [weight, correct, trivialCorrect[0], trivialCorrect[1]] { encoder.append(value) }
        weightedLogLoss.encode(into: &encoder)
        logLossSum.encode(into: &encoder)
        table.encode(into: &encoder)
        matrix.encode(into: &encoder)
        regression.encode(into: &encoder)
        sketch.encode(into: &encoder)
    }

    init(task: LearningTask, from decoder: inout StateDecoder) throws(StateError) {
        self.task = task
        weight = try decoder.weight()
        correct = try decoder.weight()
        trivialCorrect = SIMD2(try decoder.weight(), try decoder.weight())
        weightedLogLoss = try WeightedLogLoss(from: &decoder)
        logLossSum = try LogLossSum(from: &decoder)
        table = try CalibrationTable(from: &decoder)
        matrix = try ConfusionMatrix(from: &decoder)
        regression = try RegressionSums(from: &decoder)
        sketch = try ScoreSketch(from: &decoder)
        scores = nil
        guard sketch.isKept == task.hasTwoClasses else { throw .corrupt }
    }
}

extension LearningTask {
    /// Whether the label is 0 or 1 and the answer a score in 0...1: figures are of class 1, said to be where the score is above
    /// one half.
    var hasTwoClasses: Bool { self == .binary || self == .anomaly }
}
