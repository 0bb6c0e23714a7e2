/// The derivatives of the losses in the score z.
enum LinearLoss {
    /// +1 for the positive class, −1 for the other, without a branch that random labels would make the CPU guess wrong.
    @inline(__always)
    static func classSign(_ label: Double) -> Double { Double(signOf: label - 0.5, magnitudeOf: 1) }

    /// Of the hinge loss max(0, 1 − s·z).
    @inline(__always)
    static func hinge(score: Double, sign: Double) -> Double { sign * score < 1 ? -sign : 0 }

    /// Of (z − y)².
    @inline(__always)
    static func squared(score: Double, label: Double) -> Double { 2 * (score - label) }

    /// Of the loss of Huber 1964: e²/2 up to δ, δ·(|e| − δ/2) beyond.
    @inline(__always)
    static func huber(score: Double, label: Double, delta: Double) -> Double {
        (score - label).larger(-delta).smaller(delta)
    }

    /// Of the pinball loss of Koenker and Bassett 1978: q·e for e = y − z ≥ 0, (q − 1)·e below. 0 at e = 0.
    @inline(__always)
    static func quantile(score: Double, label: Double, quantile: Double) -> Double {
        score < label ? -quantile : score > label ? 1 - quantile : 0
    }

    /// Of |z − y|; 0 at 0.
    @inline(__always)
    static func absolute(score: Double, label: Double) -> Double {
        score < label ? -1 : score > label ? 1 : 0
    }
}
