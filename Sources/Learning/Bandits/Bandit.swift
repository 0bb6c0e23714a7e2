/// Chooses among arms whose worth it learns only by pulling them: each update tells the reward of one arm, the one pulled.
///
/// Choosing is a function of the state and the context: random policies draw the numbers for the next choice when they are
/// updated, and keep them in their state. So asking twice gives the same arm, and a restored bandit goes on as if it had
/// never stopped. No allocation after making but when arms are added.
public protocol Bandit: AnyObject {
    /// How many arms there are; 0..<`armCount` can be pulled.
    var armCount: Int { get }
    /// How many updates there were.
    var updateCount: UInt64 { get }
    /// Bytes of memory, about.
    var memoryByteCount: Int { get }
    /// Adds arms never pulled until there are `count` of them; it never takes any away.
    func addArms(upTo count: Int)
    /// The arm to pull now; there has to be one. Of arms worth the same, the first.
    func choose(_ context: borrowing FeatureVector) -> Int
    /// What the arm's reward is expected to be, 0...1; 0.5 for an arm never pulled.
    func expectedReward(of arm: Int, _ context: borrowing FeatureVector) -> Double
    /// Learns that pulling `arm` gave `reward` (0...1), counted `weight` (above 0) times, at most 1,000,000.
    func update(arm: Int, reward: Double, weight: Double, _ context: borrowing FeatureVector)
    /// Appends the whole state.
    func encode(into encoder: inout StateEncoder)
    /// Replaces the whole state, the number of arms with it; on an error nothing changes.
    func decode(from decoder: inout StateDecoder) throws(StateError)
}

/// A policy with its parameters.
public enum BanditPolicy: Sendable, Equatable {
    /// The best arm so far, and with probability epsilon/(1 + decay·updates) any.
    case epsilonGreedy(epsilon: Double, decay: Double, seed: UInt64)
    /// The largest upper confidence bound, mean + confidence·√(2 ln t/n).
    case ucb1(confidence: Double)
    /// The largest of one draw for each arm from what is believed of it: Beta(prior + rewards, prior + the rest).
    case thompson(prior: Double, seed: UInt64)
    /// The largest upper confidence bound of a ridge regression of the reward on the context, one for each arm.
    case linUCB(alpha: Double, ridge: Double)
    /// Exponential weights with a share gamma of uniform exploration: no assumption about the rewards.
    case exp3(gamma: Double, seed: UInt64)

    /// A bandit without arms, for contexts of `denseCount` dense slots.
    public func makeBandit(denseCount: Int) -> any Bandit {
        switch self {
        case .epsilonGreedy(let epsilon, let decay, let seed):
            EpsilonGreedyBandit(epsilon: epsilon, decay: decay, seed: seed)
        case .ucb1(let confidence): UCB1Bandit(confidence: confidence)
        case .thompson(let prior, let seed): ThompsonBandit(prior: prior, seed: seed)
        case .linUCB(let alpha, let ridge): LinUCBBandit(alpha: alpha, ridge: ridge, denseCount: denseCount)
        case .exp3(let gamma, let seed): EXP3Bandit(gamma: gamma, seed: seed)
        }
    }
}
