/// The logistic function, exactly 0 below −30 and exactly 1 above 30 (the tails are under 1e-13); 0.5 for NaN.
@inline(__always)
func sigmoid(_ score: Double) -> Double {
    if score > 30 { return 1 }
    if score >= -30 { return Exponential(-score).reciprocalOfOnePlus }
    return score < -30 ? 0 : 0.5
}

/// Derivative of log(1 + exp(−s·z)) in z, where the sign s is +1 for the positive class, −1 otherwise.
///
/// Beyond |s·z| = 18 the asymptotes stand in, as the reference implementation has it; they differ by less than 2e-8.
@inline(__always)
func logisticGradient(score: Double, sign: Double) -> Double {
    let margin = sign * score
    if margin > 18 { return margin > 700 ? 0 : -sign * Exponential(-margin).value }
    if margin < -18 { return -sign }
    return -sign * Exponential(margin).reciprocalOfOnePlus
}
