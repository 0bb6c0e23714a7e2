/// How gradients move the weights of a linear model. Flat; what an optimiser does not use keeps its default.
struct LinearOptimizer: Sendable, Equatable {
    enum Kind: String, Sendable, Equatable, CaseIterable {
        case sgd
        case momentum
        case adagrad
        case rmsprop
        case adam
        case ftrl
        case coin
    }

    var kind = Kind.sgd
    var learningRate: LearningRate = .constant(0.01)
    var interceptLearningRate: LearningRate = .constant(0.01)
    /// The cumulative l1 penalty, for FTRL its own; never on the intercept.
    var l1: Double = 0
    /// l2·w is added to the gradient of every weight whose feature is present, for FTRL its own; never on the intercept.
    var l2: Double = 0
    /// Of momentum: ρ.
    var momentum: Double = 0.9
    /// Of RMSProp: ρ.
    var memory: Double = 0.9
    /// Of Adam.
    var beta1: Double = 0.9
    /// Of Adam.
    var beta2: Double = 0.999
    /// Of AdaGrad, RMSProp and Adam: keeps the divisor above 0.
    var epsilon: Double = 1e-8
    /// Of FTRL.
    var alpha: Double = 0.05
    /// Of FTRL.
    var beta: Double = 1
    /// Of FTRL: weights one gradient behind.
    var isLagged = false

    /// How many numbers it keeps for each weight, the weight itself included.
    var numbersPerWeight: Int {
        let state =
            switch kind {
            case .sgd: PlainStep.stateCount
            case .momentum: MomentumStep.stateCount
            case .adagrad: AdaGradStep.stateCount
            case .rmsprop: RMSPropStep.stateCount
            case .adam: AdamStep.stateCount
            case .ftrl: LeaderStep.stateCount
            case .coin: CoinStep.stateCount
            }
        return 1 + state + (hasCumulativePenalty ? 1 : 0)
    }

    /// FTRL has an l1 of its own kind, and coin betting none.
    var hasCumulativePenalty: Bool { l1 > 0 && kind != .ftrl && kind != .coin }
}

/// What a linear learner is: loss with its update, and scaling. Flat, so that the hot path reads fields and takes no enum
/// apart; what a rule does not use keeps its default.
struct LinearParameters: Sendable, Equatable {
    enum Rule: UInt8, Sendable, Equatable {
        /// Log loss.
        case logistic
        /// Log loss of several classes.
        case softmax
        case squared
        case huber
        /// Pinball loss.
        case quantile
        case absolute
        /// Hinge loss.
        case hinge
        case perceptron
        case passiveAggressiveClassifier
        case passiveAggressiveRegressor
    }

    var rule: Rule
    /// `none` or `standard`; the others are done before the learner.
    var scaling: FeatureScaling = .standard
    /// Of the gradient rules.
    var optimizer = LinearOptimizer()
    /// Largest size of the loss's derivative in the score; infinite for no clipping.
    var clip: Double = .infinity
    /// What is left of weights and running sums before an event with their feature, above 0 and at most 1.
    var keep: Double = 1
    /// Of the Huber loss: where it turns from square to straight.
    var delta: Double = 1
    /// Of the quantile loss: which quantile.
    var quantile: Double = 0.5
    /// C of the Passive-Aggressive rules.
    var aggressiveness: Double = 1
    /// Whether C softens each step (variant II) instead of bounding it (I).
    var isSoft = false
    /// Half-width of the tube in which an error of a Passive-Aggressive regression costs nothing.
    var epsilon: Double = 0.1
    /// Sparse features share 2^this slots; 0 for no sharing.
    var hashBits: Int = 0

    /// Whether a step is plain gradient descent, the one with a path of its own.
    var isPlain: Bool {
        optimizer.kind == .sgd && optimizer.l1 == 0 && optimizer.l2 == 0 && keep == 1
    }

    /// How many numbers are kept for each weight, the weight itself included.
    var numbersPerWeight: Int { optimizer.numbersPerWeight }
}
