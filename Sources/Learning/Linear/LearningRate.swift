internal import Glibc

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
        case .powerLaw(let initial, let power): initial / pow(Double(updateCount) + 1, power)
        }
    }

    func encode(into encoder: inout StateEncoder) {
        switch self {
        case .constant(let rate):
            encoder.append(UInt8(0))
            encoder.append([rate])
        case .decaying(let initial, let decay):
            encoder.append(UInt8(1))
            encoder.append([initial, decay])
        case .powerLaw(let initial, let power):
            encoder.append(UInt8(2))
            encoder.append([initial, power])
        }
    }
}
