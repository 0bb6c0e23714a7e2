/// A linear model of one score: a loss with an optimiser, the perceptron, or Passive-Aggressive (Crammer et al. 2006).
///
/// Predicting uses the scaling statistics of the events before; learning takes the event into the statistics first and
/// learns from it as scaled with them. A prediction is always finite: a model that diverged (infinite or NaN score) says
/// 0, 0.5 or 1 (binary) or 0 and takes part no more.
///
/// `weight` counts an event for the statistics as though it came that many times, multiplies the gradient, and multiplies
/// the aggressiveness C. A weight of 0 changes nothing.
@safe final class LinearLearner: ExplainingLearner, RateAdjustable {
    let task: LearningTask
    private let parameters: LinearParameters
    private let isPlain: Bool
    private let weights: LinearWeights
    private let fingerprint: UInt64

    init(parameters: LinearParameters, shape: LearnerShape, fingerprint: UInt64) {
        precondition(parameters.rule != .softmax)
        self.parameters = parameters
        self.fingerprint = fingerprint
        isPlain = parameters.isPlain
        switch parameters.rule {
        case .logistic, .softmax, .hinge, .perceptron, .passiveAggressiveClassifier: task = .binary
        case .squared, .huber, .quantile, .absolute, .passiveAggressiveRegressor: task = .regression
        }
        weights = LinearWeights(denseCount: shape.denseCount, hasOneScore: true, parameters: parameters)
    }

    var learnedCount: UInt64 { weights.learnedCount }

    var memoryByteCount: Int { weights.memoryByteCount }

    /// Lengthens every step: the learning rates, FTRL's and coin betting's steps, and C of Passive-Aggressive. Above 0.
    var rateFactor: Double {
        get { weights.rateFactor }
        set { weights.rateFactor = newValue }
    }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        let score = weights.score(features)
        prediction.value = task == .binary ? sigmoid(score) : score.isFinite ? score : 0
    }

    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        weights.explain(features, vector: 0, into: &explanation)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, abs(label) <= LearnableRange.magnitudeMax else { return }
        let score = weights.absorb(features, weight: weight, keep: parameters.keep)
        defer { weights.countLearned() }
        guard score.isFinite else { return }
        let gradient: Double
        switch parameters.rule {
        case .logistic: gradient = logisticGradient(score: score, sign: LinearLoss.classSign(label))
        case .squared: gradient = LinearLoss.squared(score: score, label: label)
        case .huber: gradient = LinearLoss.huber(score: score, label: label, delta: parameters.delta)
        case .quantile:
            gradient = LinearLoss.quantile(score: score, label: label, quantile: parameters.quantile)
        case .absolute: gradient = LinearLoss.absolute(score: score, label: label)
        case .hinge: gradient = LinearLoss.hinge(score: score, sign: LinearLoss.classSign(label))
        case .perceptron, .passiveAggressiveClassifier, .passiveAggressiveRegressor, .softmax:
            return move(features, score: score, label: label, weight: weight)
        }
        let clipped = gradient.larger(-parameters.clip).smaller(parameters.clip)
        if isPlain {
            weights.descendPlainly(features, gradient: weight * clipped)
        } else {
            weights.descend(features, gradient: weight * clipped)
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(LinearWeights.tag, version: LinearWeights.version) { encoder in
            encoder.append(fingerprint)
            weights.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        weights.replace(by: try weights.decoded(from: &decoder, fingerprint: fingerprint))
    }

    /// The rules without a gradient: weights and intercept move along the event, as far as the rule says.
    private func move(
        _ features: borrowing FeatureVector, score: Double, label: Double, weight: Double
    ) {
        let sign = LinearLoss.classSign(label)
        let distance: Double
        switch parameters.rule {
        case .perceptron: distance = sign * score <= 0 ? weight * weights.rateFactor * sign : 0
        case .passiveAggressiveRegressor:
            let error = label - score
            let size = self.distance(features, loss: abs(error) - parameters.epsilon, weight: weight)
            distance = Double(signOf: error, magnitudeOf: size)
        default: distance = sign * self.distance(features, loss: 1 - sign * score, weight: weight)
        }
        guard distance != 0 || parameters.keep < 1 else { return }
        weights.move(features, by: distance, keep: parameters.keep)
    }

    /// How far a Passive-Aggressive step goes: as far as the loss asks, at most C (variant I) or softened by it (variant II).
    /// A loss of 0 or less asks for nothing.
    @inline(__always)
    private func distance(_ features: borrowing FeatureVector, loss: Double, weight: Double) -> Double {
        guard loss > 0 else { return 0 }
        let norm = weights.squaredNorm(features)
        let bound = weight * parameters.aggressiveness * weights.rateFactor
        guard norm > 0 else { return 0 }
        return parameters.isSoft ? loss / (norm + 0.5 / bound) : min(bound, loss / norm)
    }
}
