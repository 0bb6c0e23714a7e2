/// How a factorisation learner descends.
struct FactorizationParameters: Sendable, Equatable {
    /// Latent factors of a feature, 1 or more.
    var factorCount: Int
    /// Of weights, intercept or biases.
    var learningRate: Double
    /// Of latent factors.
    var factorLearningRate: Double
    /// Strength of the shrinkage of weights and biases.
    var l2: Double
    /// The same of latent factors.
    var factorL2: Double
    /// Standard deviation of a new latent factor.
    var spread: Double
    /// Where the random initial factors come from.
    var seed: UInt64
}
