internal import Hashing

/// How a model scales its dense features before it learns from them.
enum FeatureScaling: UInt8, Sendable, Equatable {
    /// Values as they come.
    case none = 0
    /// (x − running mean) / running population standard deviation; 0 while that is 0.
    case standard = 1
}

/// Stochastic gradient descent with the penalties of Tsuruoka et al. 2009 (l1) and plain weight decay (l2).
struct GradientDescent: Sendable, Equatable {
    var learningRate: LearningRate = .constant(0.01)
    var interceptLearningRate: LearningRate = .constant(0.01)
    /// Strength of the cumulative l1 penalty, ≥ 0; never on the intercept.
    var l1: Double = 0
    /// l2·w is added to the gradient of every weight whose feature is present, ≥ 0; never on the intercept.
    var l2: Double = 0
}

/// What a linear learner is: loss with its update, and scaling.
struct LinearParameters: Sendable, Equatable {
    enum Update: Sendable, Equatable {
        case logistic(GradientDescent)
        case squared(GradientDescent)
        /// PA-I for classes: C.
        case passiveAggressiveClassifier(aggressiveness: Double)
        /// PA-I for numbers: C and the half-width of the tube in which an error costs nothing.
        case passiveAggressiveRegressor(aggressiveness: Double, epsilon: Double)
    }

    var update: Update
    var scaling: FeatureScaling

    /// Identifies parameters and shape in an encoded state: a state of others is refused as a mismatch.
    func fingerprint(denseCount: Int) -> UInt64 {
        var encoder = StateEncoder()
        encoder.append(UInt64(denseCount))
        encoder.append(scaling.rawValue)
        switch update {
        case .logistic(let descent):
            encoder.append(UInt8(0))
            descent.encode(into: &encoder)
        case .squared(let descent):
            encoder.append(UInt8(1))
            descent.encode(into: &encoder)
        case .passiveAggressiveClassifier(let aggressiveness):
            encoder.append(UInt8(2))
            encoder.append(aggressiveness)
        case .passiveAggressiveRegressor(let aggressiveness, let epsilon):
            encoder.append(UInt8(3))
            encoder.append(aggressiveness)
            encoder.append(epsilon)
        }
        return XXH3.hash64(encoder.bytes)
    }
}

extension GradientDescent {
    fileprivate func encode(into encoder: inout StateEncoder) {
        learningRate.encode(into: &encoder)
        interceptLearningRate.encode(into: &encoder)
        encoder.append(l1)
        encoder.append(l2)
    }
}
