/// A linear model: logistic or squared loss by stochastic gradient descent, or Passive-Aggressive I (Crammer et al. 2006).
///
/// Predicting uses the scaling statistics of the events before; learning takes the event into the statistics first and
/// learns from it as scaled with them. A prediction is always finite: a model that diverged (infinite or NaN score) says
/// 0.5 or 0 and takes part no more.
///
/// `weight` counts an event for the statistics as though it came that many times, multiplies the gradient, and multiplies
/// the aggressiveness C, which is what that many events in a row amount to. A weight of 0 changes nothing.
@safe final class LinearLearner: Learner {
    let task: LearningTask
    private let parameters: LinearParameters
    private let weights: LinearWeights
    private let fingerprint: UInt64

    init(parameters: LinearParameters, shape: LearnerShape, fingerprint: UInt64) {
        self.parameters = parameters
        self.fingerprint = fingerprint
        switch parameters.rule {
        case .logistic, .passiveAggressiveClassifier: task = .binary
        case .squared, .passiveAggressiveRegressor: task = .regression
        }
        weights = LinearWeights(denseCount: shape.denseCount, scaling: parameters.scaling)
    }

    var learnedCount: UInt64 { weights.learnedCount }

    var memoryByteCount: Int { weights.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        let score = weights.score(features)
        switch parameters.rule {
        case .logistic, .passiveAggressiveClassifier: prediction.value = sigmoid(score)
        case .squared, .passiveAggressiveRegressor: prediction.value = score.isFinite ? score : 0
        }
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, abs(label) <= LearnableRange.magnitudeMax else { return }
        let score = weights.absorb(features, weight: weight)
        defer { weights.countLearned() }
        guard score.isFinite else { return }
        switch parameters.rule {
        case .logistic:
            descend(features, by: weight * logisticGradient(score: score, sign: classSign(label)))
        case .squared:
            descend(features, by: weight * (2 * (score - label)))
        case .passiveAggressiveClassifier:
            let sign = classSign(label)
            move(features, loss: 1 - sign * score, sign: sign, weight: weight)
        case .passiveAggressiveRegressor:
            let error = label - score
            move(
                features, loss: abs(error) - parameters.epsilon, sign: Double(signOf: error, magnitudeOf: 1),
                weight: weight)
        }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            weights.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let state = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            return try LinearWeights.Decoded(from: &decoder, denseCount: weights.denseCount)
        }
        weights.replace(by: state)
    }

    private static let tag = StateTag("LINR")

    /// +1 for the positive class, −1 for the other, without a branch that random labels would make the CPU guess wrong.
    @inline(__always)
    private func classSign(_ label: Double) -> Double { Double(signOf: label - 0.5, magnitudeOf: 1) }

    @inline(__always)
    private func descend(_ features: borrowing FeatureVector, by gradient: Double) {
        let updateCount = weights.learnedCount
        let rate = parameters.descent.learningRate.rate(after: updateCount)
        let interceptRate = parameters.descent.interceptLearningRate.rate(after: updateCount)
        if parameters.descent.l1 == 0 && parameters.descent.l2 == 0 {
            weights.descend(features, step: rate * gradient, interceptStep: interceptRate * gradient)
        } else {
            weights.descend(
                features, gradient: gradient, rate: rate, interceptStep: interceptRate * gradient,
                l1: parameters.descent.l1, l2: parameters.descent.l2)
        }
    }

    /// One Passive-Aggressive I step: as far as the loss asks, at most C. A loss of 0 or less asks for nothing.
    @inline(__always)
    private func move(_ features: borrowing FeatureVector, loss: Double, sign: Double, weight: Double) {
        guard loss > 0 else { return }
        let norm = weights.squaredNorm(features)
        guard norm > 0 else { return }
        let distance = min(weight * parameters.aggressiveness, loss / norm)
        weights.descend(features, step: -distance * sign, interceptStep: -distance * sign)
    }
}
