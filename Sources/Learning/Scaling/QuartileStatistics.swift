/// `robust`: (x − median) / (third quartile − first quartile), 0 while those are equal. Outliers move neither, so one wild value
/// does not flatten the rest.
struct QuartileStatistics: SlotStatistics {
    private var quartiles = RunningQuartiles()
    /// The median, and 1 / the distance of the quartiles, 0 where that is 0; derived, not encoded.
    private var center = 0.0
    private var inverse = 0.0

    init() {}

    mutating func learn(_ value: Double, weight: Double) {
        quartiles.add(value, weight: weight)
        derive()
    }

    @inline(__always)
    func scaled(_ value: Double) -> Double { (value - center) * inverse }

    private mutating func derive() {
        center = quartiles.quartile(2)
        let range = quartiles.quartile(3) - quartiles.quartile(1)
        inverse = range > 0 ? 1 / range : 0
    }

    func encode(into encoder: inout StateEncoder) { quartiles.encode(into: &encoder) }

    init(from decoder: inout StateDecoder) throws(StateError) {
        quartiles = try RunningQuartiles(from: &decoder)
        derive()
    }
}
