/// v = ρ·v + rate·g; w −= v. Source: Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
struct MomentumStep: WeightStep {
    static var stateCount: Int { 1 }
    var rate: Double
    var momentum: Double
    var decay: WeightDecay
    var gradient: Double

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        let velocity =
            Number.all(momentum) * state[0] + .all(rate) * decay.gradient(weight, x, gradient)
        state[0] = velocity
        return decay.kept(weight) - velocity
    }
}

/// G += g²; w −= rate·g/√(G + ε). Source: Duchi, Hazan, Singer: Adaptive subgradient methods for online learning and
/// stochastic optimization, JMLR 12, 2011.
struct AdaGradStep: WeightStep {
    static var stateCount: Int { 1 }
    var rate: Double
    var epsilon: Double
    var decay: WeightDecay
    var gradient: Double

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        let slope = decay.gradient(weight, x, gradient)
        let squares = decay.kept(state[0]) + slope * slope
        state[0] = squares
        return decay.kept(weight) - .all(rate) * slope / (squares + .all(epsilon)).root
    }
}

/// G = ρ·G + (1 − ρ)·g²; w −= rate·g/√(G + ε). Source: Tieleman and Hinton, RMSProp, lecture 6.5 of Neural networks for
/// machine learning, 2012.
struct RMSPropStep: WeightStep {
    static var stateCount: Int { 1 }
    var rate: Double
    /// ρ.
    var memory: Double
    var epsilon: Double
    var decay: WeightDecay
    var gradient: Double

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        let slope = decay.gradient(weight, x, gradient)
        let squares = Number.all(memory) * state[0] + .all(1 - memory) * slope * slope
        state[0] = squares
        return decay.kept(weight) - .all(rate) * slope / (squares + .all(epsilon)).root
    }
}

/// m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²; w −= rate·√(1−β₂ᵗ)/(1−β₁ᵗ)·m/(√v + ε).
/// Source: Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015 (the order of section 2's last lines).
struct AdamStep: WeightStep {
    static var stateCount: Int { 2 }
    /// The learning rate with both corrections of the bias.
    var rate: Double
    var beta1: Double
    var beta2: Double
    var epsilon: Double
    var decay: WeightDecay
    var gradient: Double

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        let slope = decay.gradient(weight, x, gradient)
        let mean = Number.all(beta1) * state[0] + .all(1 - beta1) * slope
        let square = Number.all(beta2) * state[1] + .all(1 - beta2) * slope * slope
        state[0] = mean
        state[1] = square
        return decay.kept(weight) - .all(rate) * mean / (square.root + .all(epsilon))
    }
}
