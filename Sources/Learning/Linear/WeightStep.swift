/// How an optimiser moves one weight for one event. The constants of the event (rates, the derivative of the loss) are its
/// properties; what it remembers of a weight lies behind that weight.
///
/// `x` is the feature as scaled for the event, so the loss's derivative in the weight is `gradient`·x.
protocol WeightStep {
    /// How many numbers it remembers of a weight, 0...5; all start at 0.
    static var stateCount: Int { get }
    /// Whether a feature of 0 leaves weight and state as they are: then absent features need no care.
    static var isBlindToZero: Bool { get }
    /// The derivative of the loss in the score.
    var gradient: Double { get set }
    /// The weight after the step, and the state with it.
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
}

extension WeightStep {
    static var isBlindToZero: Bool { false }
}

/// What an optimiser remembers of one weight (or of a pair): `stateCount` numbers behind it in memory.
@safe struct WeightState<Number> {
    private let numbers: UnsafeMutablePointer<Number>

    /// The state behind the weight at `weight`, which has room for what is read and written.
    @inline(__always)
    init(behind weight: UnsafeMutablePointer<Number>) { unsafe numbers = weight + 1 }

    /// Number `index`, in 0..<`stateCount` of the step.
    @inline(__always)
    subscript(index: Int) -> Number {
        get { unsafe numbers[index] }
        nonmutating set { unsafe numbers[index] = newValue }
    }
}

/// w −= rate·g·x: stochastic gradient descent, and every other rule that moves weights along the event.
struct PlainStep: WeightStep {
    static var stateCount: Int { 0 }
    static var isBlindToZero: Bool { true }
    var rate: Double
    var gradient: Double

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        weight - Number.all(rate * gradient) * x
    }
}

/// w = keep·w − rate·(g·x + l2·w).
struct GradientStep: WeightStep {
    static var stateCount: Int { 0 }
    var rate: Double
    var decay: WeightDecay
    var gradient: Double

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        decay.kept(weight) - .all(rate) * decay.gradient(weight, x, gradient)
    }
}

/// What all gradient steps share: the l2 penalty and forgetting.
struct WeightDecay {
    /// l2·w is added to the gradient of a present feature's weight, ≥ 0.
    var l2: Double
    /// What is left of a weight and of its running sums before an event that has its feature, 0...1.
    var keep: Double

    /// The derivative of loss and penalty in the weight.
    @inline(__always)
    func gradient<Number: LaneNumber>(_ weight: Number, _ x: Number, _ gradient: Double) -> Number {
        Number.all(gradient) * x + .all(l2) * weight
    }

    /// What is left of `sum`.
    @inline(__always)
    func kept<Number: LaneNumber>(_ sum: Number) -> Number { Number.all(keep) * sum }
}

/// A step followed by the cumulative l1 penalty, which pulls the weight towards 0 by what it has missed so far, and not
/// beyond 0. What the weight has paid is the last number of its state.
///
/// Source: Tsuruoka, Tsujii, Ananiadou: Stochastic gradient descent training for l1-regularized log-linear models with
/// cumulative penalty, ACL 2009 (their u and q).
struct PenalisedStep<Base: WeightStep>: WeightStep {
    static var stateCount: Int { Base.stateCount + 1 }
    var base: Base
    /// u: what every weight could have paid so far, this event included.
    var total: Double

    var gradient: Double {
        get { base.gradient }
        set { base.gradient = newValue }
    }

    @inline(__always)
    func step<Number: LaneNumber>(_ weight: Number, _ x: Number, _ state: WeightState<Number>)
        -> Number
    {
        let zero = Number.all(0)
        let stepped = base.step(weight, x, state)
        let paid = state[Base.stateCount]
        let fromAbove = (stepped - (.all(total) + paid)).larger(zero)
        let fromBelow = (stepped + (.all(total) - paid)).smaller(zero)
        let pulled = Number.choose(
            where: stepped, exceeds: zero, fromAbove,
            otherwise: .choose(where: zero, exceeds: stepped, fromBelow, otherwise: stepped))
        state[Base.stateCount] = paid + (pulled - stepped)
        return pulled
    }
}
