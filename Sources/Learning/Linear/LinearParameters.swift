/// Stochastic gradient descent with the penalties of Tsuruoka et al. 2009 (l1) and plain weight decay (l2).
struct GradientDescent: Sendable, Equatable {
    var learningRate: LearningRate = .constant(0.01)
    var interceptLearningRate: LearningRate = .constant(0.01)
    /// Strength of the cumulative l1 penalty, ≥ 0; never on the intercept.
    var l1: Double = 0
    /// l2·w is added to the gradient of every weight whose feature is present, ≥ 0; never on the intercept.
    var l2: Double = 0
}

/// What a linear learner is: loss with its update, and scaling. Flat, so that the hot path reads fields and takes no enum
/// apart; what a rule does not use keeps its default.
struct LinearParameters: Sendable, Equatable {
    enum Rule: UInt8, Sendable, Equatable {
        case logistic = 0
        case squared = 1
        /// PA-I for classes.
        case passiveAggressiveClassifier = 2
        /// PA-I for numbers.
        case passiveAggressiveRegressor = 3
    }

    var rule: Rule
    /// `none` or `standard`; the others are done before the learner.
    var scaling: FeatureScaling = .standard
    /// Of the gradient rules.
    var descent = GradientDescent()
    /// C of the Passive-Aggressive rules.
    var aggressiveness: Double = 1
    /// Half-width of the tube in which an error of a Passive-Aggressive regression costs nothing.
    var epsilon: Double = 0.1
}
