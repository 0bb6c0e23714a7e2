/// What the figures need of one event that was predicted before it was learned.
struct MetricEvent: Equatable {
    /// Binary: P(positive) in 0...1. Anomaly: the score in 0...1. Multiclass: the class predicted. Regression: the value.
    var prediction: Double
    /// Binary and anomaly: 0 or 1. Multiclass: the class. Regression: the value.
    var label: Double
    /// What the trivial models said: "same as the last label", and "the majority so far" or "the mean so far". One vector, here
    /// and in the sums: a pair written as two halves and read as one stalls for 5 ns.
    var trivial: SIMD2<Double>
    /// Multiclass: P(true class), clipped; 0 when the model stated no probabilities.
    var truth = 0.0
    /// Multiclass: P(predicted class).
    var confidence = 0.0
    /// Multiclass: Σ (P(class) − [class is true])².
    var squaredError = 0.0

    init(prediction: Double, label: Double, trivial: SIMD2<Double>) {
        self.prediction = prediction
        self.label = label
        self.trivial = trivial
    }

    /// An event of a multiclass task with the probabilities that the model gave: a class beyond them has probability 0. A
    /// model that knows no class says 0, as the trivial ones do, and states no probability.
    init(classesOf prediction: borrowing Prediction, label: Double, trivial: SIMD2<Double>) {
        self.init(prediction: prediction.classCount > 0 ? prediction.value : 0, label: label, trivial: trivial)
        guard prediction.classCount > 0 else { return }
        var squares = 0.0
        var probabilityOfLabel = 0.0
        for index in 0..<prediction.classCount {
            let probability = Self.bounded(prediction[index])
            squares += probability * probability
            if Double(index) == label { probabilityOfLabel = probability }
            if Double(index) == prediction.value { confidence = probability }
        }
        truth = LogLossSum.clipped(probabilityOfLabel)
        // Σ over the other classes of p², and (1 − p)² of the true one.
        squaredError = squares - 2 * probabilityOfLabel + 1
    }

    /// A probability in 0...1: `value`, or the bound that it is beyond by rounding. NaN counts as 0.
    @inline(__always)
    static func bounded(_ value: Double) -> Double {
        let notBelow = value > 0 ? value : 0
        return notBelow < 1 ? notBelow : 1
    }
}
