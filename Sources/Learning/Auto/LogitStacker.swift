/// Logistic regression over the experts' logits, learned by recursive second-order steps with forgetting: q = σ(w·z), where z
/// is 1 and the experts' logits, each clipped to ±3. It starts as their mean.
///
/// Source: McCormick, Raftery, Madigan, Burd, Dynamic logistic regression and dynamic model averaging for binary
/// classification, Biometrics 68, 2012 (the random-walk state is a forgetting factor, which rests while the covariance is
/// larger than at the start). Complexity: O(experts²) an event, no allocation.
@safe struct LogitStacker: ~Copyable {
    private static let logitMax = 3.0
    private static let startVariance = 0.1
    private static let forgetting = 0.9995
    private static let curvatureMin = 1e-4

    /// The bias and the experts.
    private let size: Int
    private let inputs: UnsafeMutablePointer<Double>
    private let weights: UnsafeMutablePointer<Double>
    private let gains: UnsafeMutablePointer<Double>
    /// The covariance, row after row.
    private let covariance: UnsafeMutablePointer<Double>

    /// A stacker of `expertCount` experts that takes their mean logit.
    init(expertCount: Int) {
        precondition(expertCount > 0)
        size = expertCount + 1
        unsafe inputs = .allocate(capacity: size)
        unsafe inputs.initialize(repeating: 0, count: size)
        unsafe weights = .allocate(capacity: size)
        unsafe weights.initialize(repeating: 1 / Double(expertCount), count: size)
        unsafe gains = .allocate(capacity: size)
        unsafe gains.initialize(repeating: 0, count: size)
        unsafe covariance = .allocate(capacity: size * size)
        unsafe covariance.initialize(repeating: 0, count: size * size)
        unsafe inputs[0] = 1
        unsafe weights[0] = 0
        for index in 0..<size { unsafe covariance[index * size + index] = Self.startVariance }
    }

    deinit {
        unsafe inputs.deallocate()
        unsafe weights.deallocate()
        unsafe gains.deallocate()
        unsafe covariance.deallocate()
    }

    var memoryByteCount: Int { (size + 3) * size * MemoryLayout<Double>.stride }

    /// What the stacker gives the logit of `expert`.
    func weight(_ expert: Int) -> Double {
        precondition(expert >= 0 && expert + 1 < size)
        return unsafe weights[expert + 1]
    }

    /// Sets the input of `expert`, a probability; nil for one that does not take part now.
    @inline(__always)
    func setInput(_ expert: Int, _ probability: Double?) {
        assert(expert >= 0 && expert + 1 < size)
        unsafe inputs[expert + 1] = probability.map(Self.logit) ?? 0
    }

    /// σ⁻¹(p) within ±3. The bounds are compared as probabilities, so that a certain expert costs no logarithm.
    @inline(__always)
    private static func logit(_ probability: Double) -> Double {
        if probability >= 0.9525741268224334 { return logitMax }
        if probability <= 0.04742587317756678 { return -logitMax }
        return logarithm(probability / (1 - probability))
    }

    /// P(1) by the inputs set.
    func probability() -> Double {
        var sum = 0.0
        for index in 0..<size { unsafe sum += weights[index] * inputs[index] }
        return sigmoid(sum)
    }

    /// Learns that the event of the inputs set, of which ``probability()`` said `predicted`, was of class `label` (0 or 1),
    /// `weight` times.
    func learn(predicted: Double, label: Double, weight: Double) {
        let size = size
        let curvature = weight * max(predicted * (1 - predicted), Self.curvatureMin)
        var spread = 0.0
        var largest = 0.0
        for row in 0..<size {
            var gain = 0.0
            let start = row * size
            for column in 0..<size { unsafe gain += covariance[start + column] * inputs[column] }
            unsafe gains[row] = gain
            unsafe spread += gain * inputs[row]
            unsafe largest = max(largest, covariance[start + row])
        }
        let forgetting = largest <= Self.startVariance ? Self.forgetting : 1
        let denominator = forgetting + curvature * spread
        let step = weight * (label - predicted) / denominator
        // Rounding can leave a covariance that is none, a large weight numbers that are none: the event is passed over then.
        guard denominator > 0, denominator < .infinity, step.isFinite else { return }
        let shrink = curvature / denominator
        let growth = 1 / forgetting
        for row in 0..<size {
            let gain = unsafe gains[row]
            unsafe weights[row] += gain * step
            let scaled = gain * shrink
            let start = row * size
            for column in 0..<size {
                unsafe covariance[start + column] = (covariance[start + column] - scaled * gains[column]) * growth
            }
        }
    }

    func encode(into encoder: inout StateEncoder) {
        for index in 0..<size { unsafe encoder.append(weights[index]) }
        for index in 0..<size * size { unsafe encoder.append(covariance[index]) }
    }

    /// The encoded stacker of `expertCount` experts; numbers that are not finite are corrupt.
    init(from decoder: inout StateDecoder, expertCount: Int) throws(StateError) {
        let size = expertCount + 1
        var values: [Double] = []
        for _ in 0..<size * (size + 1) { values.append(try decoder.double()) }
        guard values.allSatisfy(\.isFinite) else { throw .corrupt }
        self.init(expertCount: expertCount)
        for index in 0..<size { unsafe weights[index] = values[index] }
        for index in 0..<size * size { unsafe covariance[index] = values[size + index] }
    }
}
