/// `standard`: (x − mean)/√variance, mean and population variance by Welford's recurrence (West 1979 for weights):
/// n += w; m' = m + (x−m)·w/n; v += ((x−m)(x−m') − v)·w/n.
struct MomentStatistics: SlotStatistics {
    private var count = 0.0
    private var mean = 0.0
    private var variance = 0.0
    /// 1/√variance, 0 where that is 0; derived, not encoded.
    private var inverse = 0.0

    init() {}

    mutating func learn(_ value: Double, weight: Double) {
        count += weight
        let share = weight / count
        let before = value - mean
        mean += before * share
        variance += (before * (value - mean) - variance) * share
        derive()
    }

    @inline(__always)
    func scaled(_ value: Double) -> Double { (value - mean) * inverse }

    private mutating func derive() { inverse = variance > 0 ? 1 / variance.magnitude.squareRoot() : 0 }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(count)
        encoder.append(mean)
        encoder.append(variance)
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        count = try decoder.double()
        mean = try decoder.double()
        variance = try decoder.double()
        derive()
    }
}
