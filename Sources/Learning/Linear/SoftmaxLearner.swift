/// Softmax (multinomial logistic) regression: a score for each class, by gradient descent on the log loss. Classes appear as
/// the stream goes: a new one starts with weights of 0. With
/// `hash_bits` there are at most 2^(24 − bits) of them; events of later ones are not learned.
///
/// Scaling, weights of events and divergence are as in ``LinearLearner``; a model that diverged says the same for every class.
@safe final class SoftmaxLearner: ExplainingLearner, RateAdjustable {
    let task = LearningTask.multiclass
    private let parameters: LinearParameters
    private let weights: LinearWeights
    private let fingerprint: UInt64

    init(parameters: LinearParameters, shape: LearnerShape, fingerprint: UInt64) {
        precondition(parameters.rule == .softmax)
        self.parameters = parameters
        self.fingerprint = fingerprint
        weights = LinearWeights(
            denseCount: shape.denseCount, hasOneScore: false, parameters: parameters)
    }

    var learnedCount: UInt64 { weights.learnedCount }

    var memoryByteCount: Int { weights.memoryByteCount }

    /// Lengthens every step; above 0.
    var rateFactor: Double {
        get { weights.rateFactor }
        set { weights.rateFactor = newValue }
    }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        weights.scale(features)
        weights.scoreVectors(features)
        weights.makeProbabilities()
        prediction.reserveClasses(weights.vectorCount)
        prediction.value = 0
        for index in 0..<weights.vectorCount { prediction[index] = weights.output(index) }
        prediction.decideClass()
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, let truth = LearnableRange.classIndex(label, task: .multiclass) else {
            return
        }
        guard truth < LinearWeights.vectorLimit(hashBits: parameters.hashBits) else { return }
        if truth >= weights.vectorCount { weights.makeVectors(truth + 1) }
        weights.absorbOnly(features, weight: weight, keep: parameters.keep)
        defer { weights.countLearned() }
        weights.scoreVectors(features)
        guard weights.makeProbabilities() else { return }
        for index in 0..<weights.vectorCount {
            let gradient = weights.output(index) - (index == truth ? 1 : 0)
            weights.setOutput(index, weight * gradient.larger(-parameters.clip).smaller(parameters.clip))
        }
        weights.descend(features, gradient: 0)
    }

    /// Explains the score of the best class.
    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        guard weights.vectorCount > 0 else { return explanation.begin(base: 0) }
        weights.scale(features)
        weights.scoreVectors(features)
        weights.makeProbabilities()
        var best = 0
        for index in 1..<max(1, weights.vectorCount) where weights.output(index) > weights.output(best) { best = index }
        weights.explain(features, vector: best, into: &explanation)
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
}
