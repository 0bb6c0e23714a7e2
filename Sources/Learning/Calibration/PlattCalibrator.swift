/// Platt scaling, online: p = σ(a·f + b) of the log odds f, a and b by Newton steps on the log loss.
///
/// Platt (Probabilistic outputs for support vector machines, 1999) fits a and b in a batch. Here each event adds p(1−p)·ffᵀ to
/// the Hessian H, whose past fades, and a, b move by (H + diag(m, 1))⁻¹·gradient, m the running mean of f²: the ridge is as
/// much as one event weighs, so a step is bounded also where p is near 0 or 1 and the Hessian of the event vanishes. a stays
/// at 0 or above: the order of scores is kept.
final class PlattCalibrator: Calibrator {
    private var state = State()

    private struct State {
        var learnedCount: UInt64 = 0
        var slope = 1.0
        var intercept = 0.0
        /// The Hessian: in the slope, in both, in the intercept.
        var curvature = SIMD4<Double>.zero
        var meanSquare = 0.0
    }

    private static let limit = 30.0

    /// A calibrator that has learned nothing.
    init() {}

    var learnedCount: UInt64 { state.learnedCount }
    var memoryByteCount: Int { MemoryLayout<State>.size }
    /// a: how much the log odds are stretched, 1 at first.
    var slope: Double { state.slope }
    /// b: what is added to them then, 0 at first.
    var intercept: Double { state.intercept }

    func calibrated(_ score: Double) -> Double {
        guard state.learnedCount > 0 else { return score.isNaN ? 0.5 : score }
        return sigmoid(state.slope * logOdds(score, limit: Self.limit) + state.intercept)
    }

    func learn(score: Double, label: Double, weight: Double) {
        guard weight > 0 else { return }
        let weight = min(weight, Self.weightMax)
        let odds = logOdds(score, limit: Self.limit)
        var next = state
        next.learnedCount &+= 1
        let probability = sigmoid(next.slope * odds + next.intercept)
        let gradient = weight * (probability - (label > 0.5 ? 1 : 0))
        let share = weight * probability * (1 - probability)
        next.curvature =
            next.curvature * Self.retention + share * SIMD4(odds * odds, odds, 1, 0)
        next.meanSquare +=
            (odds * odds - next.meanSquare) * max(1 / Double(next.learnedCount), 1 - Self.retention)
        let ridge = max(1, weight)
        let inSlope = next.curvature[0] + ridge * max(next.meanSquare, 0.01)
        let inIntercept = next.curvature[2] + ridge
        let inBoth = next.curvature[1]
        let determinant = inSlope * inIntercept - inBoth * inBoth
        next.slope -= gradient * (inIntercept * odds - inBoth) / determinant
        next.intercept -= gradient * (inSlope - inBoth * odds) / determinant
        next.slope = max(0, next.slope)
        // Where rounding left no number the event is counted and nothing else changes.
        if next.slope.isFinite, next.intercept.isFinite { state = next } else { state.learnedCount &+= 1 }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(state.learnedCount)
            for value in [state.slope, state.intercept, state.meanSquare] { encoder.append(value) }
            for index in 0..<3 { encoder.append(state.curvature[index]) }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        state = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            var state = State(
                learnedCount: try decoder.uint64(), slope: try decoder.double(), intercept: try decoder.double())
            state.meanSquare = try decoder.double()
            for index in 0..<3 { state.curvature[index] = try decoder.double() }
            guard state.slope >= 0, state.slope.isFinite, state.intercept.isFinite, state.meanSquare >= 0,
                state.meanSquare.isFinite, (0..<3).allSatisfy({ state.curvature[$0].isFinite })
            else { throw .corrupt }
            return state
        }
    }

    private static let tag = StateTag("PLAT")
}
