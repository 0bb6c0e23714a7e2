/// The constants of FTRL-Proximal, which follows the regularised leader: the weight is computed anew from two sums, z (the
/// gradients so far, corrected for the steps taken) and n (their squares).
struct LeaderConstants {
    var alpha: Double
    var beta: Double
    var l1: Double
    var l2: Double
    /// What is left of both sums before an event, 0...1.
    var keep: Double
    /// A step of this many times the length; 1 unless boosted.
    var rateFactor: Double

    /// The weight that the sums stand for: 0 while |z| ≤ l1.
    @inline(__always)
    func weight<Number: LaneNumber>(_ z: Number, rootOfSquares: Number) -> Number {
        let inside = z.larger(.all(-l1)).smaller(.all(l1))
        let divisor = (Number.all(beta) + rootOfSquares) / .all(alpha) + .all(l2)
        // With beta and l2 of 0 there is no divisor before the first gradient, and no evidence either.
        return .choose(where: divisor, exceeds: .all(0), (inside - z) / divisor, otherwise: .all(0))
    }
}

/// FTRL-Proximal as published: z += g − σw, n += g², then the weight from both, with σ = (√(n+g²) − √n)/α.
/// Source: McMahan et al., Ad click prediction: a view from the trenches, KDD 2013, algorithm 1.
struct LeaderStep: WeightStep {
    static var stateCount: Int { 2 }
    var constants: LeaderConstants
    var gradient: Double

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        let slope = Number.all(gradient) * x
        let before = Number.all(constants.keep) * state[1]
        let squares = before + slope * slope
        let root = squares.root
        let sigma = (root - before.root) / .all(constants.alpha)
        let z = .all(constants.keep) * state[0] + (.all(constants.rateFactor) * slope - sigma * weight)
        state[0] = z
        state[1] = squares
        return constants.weight(z, rootOfSquares: root)
    }
}

/// FTRL-Proximal with weights that lag one gradient behind, as River computes it: the weight is rebuilt from the sums as
/// they were before the event (and kept where |z| ≤ l1), then the sums take in the gradient.
struct LaggedLeaderStep: WeightStep {
    static var stateCount: Int { 2 }
    var constants: LeaderConstants
    var gradient: Double

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        let slope = Number.all(gradient) * x
        let z = .all(constants.keep) * state[0]
        let before = Number.all(constants.keep) * state[1]
        let root = before.root
        let rebuilt = Number.choose(
            where: z.magnitude, exceeds: .all(constants.l1), constants.weight(z, rootOfSquares: root),
            otherwise: weight)
        let squares = before + slope * slope
        let sigma = (squares.root - root) / .all(constants.alpha)
        state[0] = z + (.all(constants.rateFactor) * slope - sigma * rebuilt)
        state[1] = squares
        return rebuilt
    }
}
