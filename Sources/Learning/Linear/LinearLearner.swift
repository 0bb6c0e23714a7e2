internal import Glibc

/// A linear model: logistic or squared loss by stochastic gradient descent, or Passive-Aggressive I (Crammer et al. 2006).
///
/// Predicting uses the scaling statistics of the events before; learning takes the event into the statistics first and
/// learns from it as scaled with them. A prediction is always finite: a model that diverged (infinite or NaN score) says
/// 0.5 or 0 and learns no more.
///
/// `weight` counts an event for the statistics as though it came that many times, multiplies the gradient, and multiplies
/// the aggressiveness C, which is what that many events in a row amount to. A weight of 0 changes nothing.
@safe final class LinearLearner: Learner {
    let task: LearningTask
    private let parameters: LinearParameters
    private let weights: LinearWeights
    private let fingerprint: UInt64

    init(parameters: LinearParameters, denseCount: Int) {
        self.parameters = parameters
        switch parameters.update {
        case .logistic, .passiveAggressiveClassifier: task = .binary
        case .squared, .passiveAggressiveRegressor: task = .regression
        }
        weights = LinearWeights(denseCount: denseCount, scaling: parameters.scaling)
        fingerprint = parameters.fingerprint(denseCount: denseCount)
    }

    var learnedCount: UInt64 { weights.learnedCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        let score = weights.score(features)
        switch parameters.update {
        case .logistic, .passiveAggressiveClassifier: prediction.value = sigmoid(score)
        case .squared, .passiveAggressiveRegressor: prediction.value = score.isFinite ? score : 0
        }
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0 else { return }
        let score = weights.absorb(features, weight: weight)
        defer { weights.countLearned() }
        guard score.isFinite else { return }
        switch parameters.update {
        case .logistic(let descent):
            let gradient = logisticGradient(score: score, isPositive: label > 0.5)
            descend(features, by: weight * gradient, descent)
        case .squared(let descent):
            descend(features, by: weight * 2 * (score - label), descent)
        case .passiveAggressiveClassifier(let aggressiveness):
            let sign: Double = label > 0.5 ? 1 : -1
            let loss = max(0, 1 - sign * score)
            move(features, loss: loss, sign: sign, limit: weight * aggressiveness)
        case .passiveAggressiveRegressor(let aggressiveness, let epsilon):
            let loss = max(0, abs(score - label) - epsilon)
            move(features, loss: loss, sign: label >= score ? 1 : -1, limit: weight * aggressiveness)
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

    @inline(__always)
    private func descend(_ features: borrowing FeatureVector, by gradient: Double, _ descent: GradientDescent) {
        let updateCount = weights.learnedCount
        let rate = descent.learningRate.rate(after: updateCount)
        let interceptRate = descent.interceptLearningRate.rate(after: updateCount)
        if descent.l1 == 0 && descent.l2 == 0 {
            weights.descend(features, step: rate * gradient, interceptStep: interceptRate * gradient)
        } else {
            weights.descend(
                features, gradient: gradient, rate: rate, interceptStep: interceptRate * gradient,
                l1: descent.l1, l2: descent.l2)
        }
    }

    /// One Passive-Aggressive step: as far as the loss asks, at most `limit`.
    @inline(__always)
    private func move(_ features: borrowing FeatureVector, loss: Double, sign: Double, limit: Double) {
        let norm = weights.squaredNorm(features)
        let distance = norm > 0 ? min(limit, loss / norm) : 0
        guard distance > 0 else { return }
        weights.descend(features, step: -distance * sign, interceptStep: -distance * sign)
    }
}
