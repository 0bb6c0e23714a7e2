/// The sum of −w log p where the weight w changes only every few events: their probabilities are multiplied, so that there is
/// one logarithm for all that share a weight.
struct WeightedLogLoss: Sendable, Equatable {
    /// At most so many events share a weight: their product stays above 1e-15 to this power, a normal number.
    static let shareMax = 16

    private var total: Double = 0
    private var product: Double = 1
    /// The weight of the factors of `product`.
    private var weight: Double = 1

    init() {}

    /// The sum so far. Complexity: one logarithm.
    var sum: Double { total - weight * logarithm(product) }

    /// Adds −log `probability`, which was clipped, with the present weight.
    @inline(__always)
    mutating func add(clipped probability: Double) { product *= probability }

    /// Gives what follows another weight. At most ``shareMax`` events were added since the last change.
    mutating func change(weight: Double) {
        total = sum
        product = 1
        self.weight = weight
    }

    mutating func scale(by factor: Double) {
        total = sum * factor
        product = 1
        weight *= factor
    }

    mutating func merge(_ other: WeightedLogLoss, scale: Double) { total += other.sum * scale }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(total)
        encoder.append(product)
        encoder.append(weight)
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        total = try decoder.double()
        product = try decoder.double()
        weight = try decoder.weight()
        guard total.isFinite, product.isNormal, product > 0, product <= 1 else { throw .corrupt }
    }
}
