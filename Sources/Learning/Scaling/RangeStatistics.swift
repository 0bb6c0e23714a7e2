/// The range of the values so far: to 0...1 by least and largest (`min_max`), or to −1...1 by the largest size (`max_abs`).
struct RangeStatistics: SlotStatistics {
    private var least = Double.infinity
    private var largest = -Double.infinity

    init() {}

    mutating func learn(_ value: Double, weight: Double) {
        least = min(least, value)
        largest = max(largest, value)
    }

    @inline(__always)
    func scaled(_ value: Double) -> Double {
        let range = largest - least
        return value.isNaN ? value : range > 0 ? (value - least) / range : 0
    }

    /// The largest size, 0 while nothing was learned.
    @inline(__always)
    var size: Double { least <= largest ? max(abs(least), abs(largest)) : 0 }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(least)
        encoder.append(largest)
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        least = try decoder.double()
        largest = try decoder.double()
    }
}

/// `max_abs`: x over the largest size.
struct SizeStatistics: SlotStatistics {
    private var range = RangeStatistics()

    init() {}

    mutating func learn(_ value: Double, weight: Double) { range.learn(value, weight: weight) }

    @inline(__always)
    func scaled(_ value: Double) -> Double {
        let size = range.size
        return value.isNaN ? value : size > 0 && size < .infinity ? value / size : 0
    }

    func encode(into encoder: inout StateEncoder) { range.encode(into: &encoder) }

    init(from decoder: inout StateDecoder) throws(StateError) { range = try RangeStatistics(from: &decoder) }
}
