/// Betting on a coin, which needs no learning rate: the weight is a share of the wealth that earlier bets on the gradient's
/// sign have won.
///
/// With c = −g: L = max(L, |c|); G += |c|; R = max(R + c·w, 0); θ += c; w = θ·(L + R)/(L·max(G + L, 100·L)).
///
/// Source: Orabona and Tommasi, Training deep networks without learning rates through coin betting, NIPS 2017, algorithm 2
/// (COCOB-Backprop, with its α = 100 and weights that start at 0).
struct CoinStep: WeightStep {
    static var stateCount: Int { 4 }
    /// Every outcome counts as though it came this many times; 1 unless boosted.
    var rateFactor: Double
    var decay: WeightDecay
    var gradient: Double

    /// α: the first bets are at most a hundredth of the wealth.
    private static let caution = 100.0

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        let zero = Number.all(0)
        let outcome = zero - decay.gradient(weight, x, gradient)
        let counted = .all(rateFactor) * outcome
        let largest = state[0].larger(outcome.magnitude)
        let sum = decay.kept(state[1]) + counted.magnitude
        let reward = (decay.kept(state[2]) + counted * weight).larger(zero)
        let direction = decay.kept(state[3]) + counted
        state[0] = largest
        state[1] = sum
        state[2] = reward
        state[3] = direction
        let bet =
            direction * (largest + reward)
            / (largest * (sum + largest).larger(.all(Self.caution) * largest))
        // Nothing is won or lost before the first gradient that is not 0.
        return .choose(where: largest, exceeds: zero, bet, otherwise: zero)
    }
}
