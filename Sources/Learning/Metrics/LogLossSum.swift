/// The sum of −log p over probabilities, each of weight 1, without a logarithm an event.
///
/// The probabilities are multiplied, and the power of two is split off the product when it falls below 1e-280; a factor is
/// at least 1e-15, so the product never leaves the normal range. Each factor adds a relative error of at most 2^-53 to the
/// product, so the sum is off by at most 1.2e-16 an event: as exact as adding rounded logarithms, at the price of a
/// multiplication. The one logarithm is taken when the sum is asked for.
struct LogLossSum: Sendable, Equatable {
    /// Probabilities are clipped to this and one minus this.
    static let clip = 1e-15
    private static let productMin = 1e-280
    private static let logarithmOf2 = 0.6931471805599453

    /// The product is `mantissa` · 2^`exponent`; a whole number, exact up to 2^53.
    private(set) var exponent: Double = 0
    private(set) var mantissa: Double = 1

    init() {}

    /// The sum so far. Complexity: one logarithm.
    var sum: Double { -(exponent * Self.logarithmOf2 + logarithm(mantissa)) }

    /// P(true class) of an event whose positive class has `probability`, clipped. NaN counts as 0.
    @inline(__always)
    static func clippedTruth(probability: Double, positive: Double) -> Double {
        // Clipped before it is turned round, as the reference does: 1 − (1 − 1e-15) is not 1e-15. Arithmetic instead of a
        // branch, which labels would make the CPU guess wrong: exactly `clipped`, or exactly 1 − `clipped`.
        (1 - positive) + (2 * positive - 1) * clipped(probability)
    }

    /// `probability` clipped to [1e-15, 1 − 1e-15]. NaN counts as 0.
    @inline(__always)
    static func clipped(_ probability: Double) -> Double {
        let notBelow = probability > clip ? probability : clip
        return notBelow < 1 - clip ? notBelow : 1 - clip
    }

    /// Adds −log `probability`, which was clipped.
    @inline(__always)
    mutating func add(clipped probability: Double) {
        mantissa *= probability
        if mantissa < Self.productMin { normalize() }
    }

    /// Adds all of `other`.
    mutating func merge(_ other: LogLossSum) {
        var theirs = other
        theirs.normalize()
        normalize()
        mantissa *= theirs.mantissa
        exponent += theirs.exponent
        normalize()
    }

    /// Moves the power of two from the mantissa to the exponent; exact.
    @inline(never)
    private mutating func normalize() {
        let power = Int64(mantissa.exponent)
        exponent += Double(power)
        mantissa = mantissa.significand
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(exponent)
        encoder.append(mantissa)
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        exponent = try decoder.double()
        mantissa = try decoder.double()
        guard exponent.isFinite, mantissa >= Self.productMin, mantissa < 2 else { throw .corrupt }
    }
}
