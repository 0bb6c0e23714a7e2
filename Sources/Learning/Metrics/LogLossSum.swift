internal import Glibc

/// The sum of −log p over probabilities, with a logarithm only every few hundred factors.
///
/// The probabilities are multiplied, and the logarithm of the product is taken when it falls below 1e-280; a factor is at
/// least 1e-15, so the product never leaves the normal range. Each factor adds a relative error of at most 2^-53 to the
/// product, so the sum is off by at most 1.2e-16 an event: as exact as adding rounded logarithms, at the price of a
/// multiplication.
struct LogLossSum: Sendable, Equatable {
    /// Probabilities are clipped to this and one minus this.
    static let clip = 1e-15
    private static let productMin = 1e-280

    private(set) var total: Double = 0
    private(set) var product: Double = 1

    init() {}

    /// The sum so far. Complexity: one logarithm.
    var sum: Double { total - log(product) }

    /// Adds the loss of an event whose positive class had `probability`. NaN counts as the worst.
    @inline(__always)
    mutating func add(probability: Double, isPositive: Bool) {
        let low = Self.clip
        let high = 1 - Self.clip
        // Clipped before it is turned round, as the reference does: 1 − (1 − 1e-15) is not 1e-15.
        let notBelow = probability > low ? probability : low
        let clipped = notBelow < high ? notBelow : high
        // Without a branch, which labels would make the CPU guess wrong: exactly `clipped`, or exactly 1 − `clipped`.
        let positive: Double = isPositive ? 1 : 0
        product *= (1 - positive) + (2 * positive - 1) * clipped
        if product < Self.productMin { fold() }
    }

    /// Adds all of `other`.
    mutating func merge(_ other: LogLossSum) { total += other.sum }

    @inline(never)
    private mutating func fold() {
        total -= log(product)
        product = 1
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(total)
        encoder.append(product)
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        total = try decoder.double()
        product = try decoder.double()
    }
}
