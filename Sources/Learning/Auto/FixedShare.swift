/// The weights of a mixture of candidates under the fixed-share rule: each candidate's weight shrinks by exp(−η·loss), and a
/// small part of all weight is then shared out evenly, so that a candidate that was wrong for long can lead again soon.
///
/// Source: Herbster and Warmuth, Tracking the best expert, Machine Learning 32, 1998. Weights are positive and sum to 1 over
/// the active candidates; an inactive one has weight 0. Complexity: O(candidates) an event, no allocation.
@safe struct FixedShare: ~Copyable {
    /// How fast a loss shrinks a weight.
    static let learningRate = 0.5
    /// What part of all weight is shared out at each event.
    static let share = 1e-4

    let count: Int
    private let weights: UnsafeMutablePointer<Double>

    /// Equal weights of `count` candidates, 1 or more.
    init(count: Int) {
        precondition(count > 0)
        self.count = count
        unsafe weights = .allocate(capacity: count)
        unsafe weights.initialize(repeating: 1 / Double(count), count: count)
    }

    deinit { unsafe weights.deallocate() }

    /// The weight of candidate `index`.
    @inline(__always)
    subscript(index: Int) -> Double {
        assert(index >= 0 && index < count)
        return unsafe weights[index]
    }

    /// Shrinks a weight by the loss of its candidate; call ``settle()`` after all of them. A factor below 10⁻¹⁰⁰, as events of
    /// a large weight have, counts as that: a weight that became 0 would be that of an inactive candidate, for ever.
    @inline(__always)
    func charge(_ index: Int, factor: Double) { unsafe weights[index] *= max(factor, 1e-100) }

    /// Brings the weights back to a sum of 1 and shares.
    func settle() {
        var total = 0.0
        var activeCount = 0.0
        for index in 0..<count where unsafe weights[index] > 0 {
            unsafe total += weights[index]
            activeCount += 1
        }
        guard activeCount > 0 else { return }
        let scale = total > 0 ? (1 - Self.share) / total : 0
        let part = Self.share / activeCount
        for index in 0..<count where unsafe weights[index] > 0 { unsafe weights[index] = weights[index] * scale + part }
    }

    /// Takes a candidate out, its weight going to the others in proportion, or back in with an even part.
    func setActive(_ index: Int, _ isActive: Bool) {
        unsafe weights[index] = isActive ? 1 / Double(count) : 0
        settle()
    }

    func encode(into encoder: inout StateEncoder) {
        for index in 0..<count { unsafe encoder.append(weights[index]) }
    }

    /// The encoded weights of `count` candidates: finite, not negative, not all 0.
    init(from decoder: inout StateDecoder, count: Int) throws(StateError) {
        var values: [Double] = []
        for _ in 0..<count { values.append(try decoder.double()) }
        guard values.allSatisfy({ $0 >= 0 && $0.isFinite }), values.contains(where: { $0 > 0 }) else { throw .corrupt }
        self.init(count: count)
        for (index, value) in values.enumerated() { unsafe weights[index] = value }
    }
}
