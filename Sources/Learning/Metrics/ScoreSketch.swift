/// The scores of both classes as a histogram of constant size, for the area under the ROC curve of a service that runs for
/// ever.
///
/// 16 cells to each power of two of min(p, 1 − p) down to 2^-17: 513 in all, 8 KiB. Pairs that share a cell count as ties, so
/// the area is off by at most half their share of all pairs (``areaErrorMax``), and by far less where both classes are
/// spread evenly within cells.
struct ScoreSketch: Sendable, Equatable {
    private static let order = ProbabilityOrder.Cells(octaves: 16, bits: 4)

    /// Weights of (negatives, positives) in each cell; empty for a sketch that is not kept.
    private var cells: [SIMD2<Double>]

    init(isKept: Bool) {
        cells = isKept ? Array(repeating: .zero, count: Self.order.count) : []
    }

    var isKept: Bool { !cells.isEmpty }

    /// `probability` is in 0...1, `positive` 0 or 1. The sketch is kept.
    @inline(__always)
    mutating func add(probability: Double, positive: Double, weight: Double) {
        cells[Int(truncatingIfNeeded: Self.order[ProbabilityOrder.rank(probability)])] += SIMD2(
            weight - positive * weight, positive * weight)
    }

    /// The share of (positive, negative) pairs in which the positive has the higher score, those of one cell counting half;
    /// nil while one class is missing.
    var area: Double? {
        var below = 0.0
        var won = 0.0
        var total = SIMD2<Double>.zero
        for cell in cells {
            won += cell[1] * (below + 0.5 * cell[0])
            below += cell[0]
            total += cell
        }
        return total[0] > 0 && total[1] > 0 ? won / (total[0] * total[1]) : nil
    }

    /// The area is off by no more than this.
    var areaErrorMax: Double? {
        let total = cells.reduce(.zero, +)
        guard total[0] > 0, total[1] > 0 else { return nil }
        return cells.reduce(0) { $0 + $1[0] * $1[1] } / 2 / (total[0] * total[1])
    }

    mutating func scale(by factor: Double) {
        for index in cells.indices { cells[index] *= factor }
    }

    /// Adds `other`, its weights multiplied by `scale`. Both are kept.
    mutating func merge(_ other: ScoreSketch, scale: Double) {
        for index in cells.indices { cells[index] += other.cells[index] * scale }
    }

    /// Only cells that hold something: index, negatives, positives.
    func encode(into encoder: inout StateEncoder) {
        encoder.append(isKept)
        encoder.append(UInt64(cells.count { $0 != .zero }))
        for (index, cell) in cells.enumerated() where cell != .zero {
            encoder.append(UInt16(index))
            encoder.append(cell[0])
            encoder.append(cell[1])
        }
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        self.init(isKept: try decoder.flag())
        for _ in 0..<(try decoder.length(ofElements: 18)) {
            let index = Int(try decoder.uint16())
            let cell = SIMD2(try decoder.weight(), try decoder.weight())
            guard index < cells.count else { throw .corrupt }
            cells[index] = cell
        }
    }
}

extension StateDecoder {
    /// A sum of weights: a number that is finite and not below 0.
    mutating func weight() throws(StateError) -> Double {
        let value = try double()
        guard value >= 0, value.isFinite else { throw .corrupt }
        return value
    }
}
