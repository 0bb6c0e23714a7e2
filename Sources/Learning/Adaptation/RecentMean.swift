/// A mean that forgets: the plain mean of the first 100 values, and from then on each new value weighs 1 %.
struct RecentMean: Sendable, Equatable {
    /// How many values make it plausible; it fades from there on.
    static let span: UInt64 = 100

    private(set) var count: UInt64 = 0
    private(set) var mean = 0.0

    init() {}

    mutating func add(_ value: Double) {
        count = min(count + 1, Self.span)
        mean += (value - mean) / Double(count)
    }

    /// Whether it has seen as many values as it remembers.
    var isFull: Bool { count == Self.span }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(count)
        encoder.append(mean)
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        count = try decoder.uint64()
        mean = try decoder.double()
        guard count <= Self.span, mean.isFinite else { throw .corrupt }
    }
}
