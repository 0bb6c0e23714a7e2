/// How far a gradient step goes, as a function of t, the number of earlier updates of the model.
public enum LearningRate: Sendable, Equatable {
    /// The same rate for ever.
    case constant(Double)
    /// initial / (1 + decay·t).
    case decaying(initial: Double, decay: Double)
    /// initial / (t + 1)^power. The powers 1/2 and 1 go by a root and a division, 1 ns; others by a logarithm, 20 ns.
    case powerLaw(initial: Double, power: Double)

    /// The rate after `updateCount` earlier updates.
    @inline(__always)
    func rate(after updateCount: UInt64) -> Double {
        if case .constant(let rate) = self { return rate }
        return changingRate(after: updateCount)
    }

    @inline(never)
    private func changingRate(after updateCount: UInt64) -> Double {
        switch self {
        case .constant(let rate): return rate
        case .decaying(let initial, let decay): return initial / (1 + decay * Double(updateCount))
        case .powerLaw(let initial, let power):
            let time = Double(updateCount) + 1
            if power == 0.5 { return initial / time.squareRoot() }
            if power == 1 { return initial / time }
            return initial / Learning.power(time, power)
        }
    }
}
