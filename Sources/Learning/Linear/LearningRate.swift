/// How far a gradient step goes, as a function of t, the number of earlier updates of the model.
public enum LearningRate: Sendable, Equatable {
    /// The same rate for ever.
    case constant(Double)
    /// initial / (1 + decay·t).
    case decaying(initial: Double, decay: Double)
    /// initial / (t + 1)^power.
    case powerLaw(initial: Double, power: Double)

    /// The rate after `updateCount` earlier updates.
    @inline(__always)
    func rate(after updateCount: UInt64) -> Double {
        switch self {
        case .constant(let rate): rate
        case .decaying(let initial, let decay): initial / (1 + decay * Double(updateCount))
        case .powerLaw(let initial, let power): initial / Learning.power(Double(updateCount) + 1, power)
        }
    }
}
