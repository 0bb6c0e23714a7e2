/// Predicted probabilities beside what came true, in ten bins of equal width, (0, 0.1], (0.1, 0.2], … with 0 in the first.
///
/// The bins are those of Guo et al. 2017 and of scikit-learn's `calibration_curve`: one of them ends at 0.5, above which the
/// positive class is predicted, so that one row of four sums holds all that accuracy, precision, recall, Brier score and
/// calibration need of an event.
struct CalibrationTable: Sendable {
    static let binCount = 10

    /// Sums of (weight, weight · probability, weight · came true, weight · squared error).
    private(set) var rows = InlineArray<10, SIMD4<Double>>(repeating: .zero)

    init() {}

    /// `probability` is in 0...1 and `truth` 0 or 1.
    @inline(__always)
    mutating func add(probability: Double, truth: Double, squaredError: Double, weight: Double) {
        let scaled = probability * Double(Self.binCount)
        let floor = Int(scaled)
        // The ceiling less one, by hand: without SSE 4.1 `ceil` is a call.
        let bin = max(0, Double(floor) == scaled ? floor - 1 : floor)
        rows[bin] += weight * SIMD4(1, probability, truth, squaredError)
    }

    /// The column sums of the bins in `range`.
    func sums(_ range: Range<Int>) -> SIMD4<Double> { range.reduce(.zero) { $0 + rows[$1] } }

    var sums: SIMD4<Double> { sums(0..<Self.binCount) }

    mutating func scale(by factor: Double) {
        for bin in 0..<Self.binCount { rows[bin] *= factor }
    }

    mutating func merge(_ other: CalibrationTable, scale: Double) {
        for bin in 0..<Self.binCount { rows[bin] += other.rows[bin] * scale }
    }

    func encode(into encoder: inout StateEncoder) {
        for bin in 0..<Self.binCount {
            for column in 0..<4 { encoder.append(rows[bin][column]) }
        }
    }

    init(from decoder: inout StateDecoder) throws(StateError) {
        for bin in 0..<Self.binCount {
            for column in 0..<4 { rows[bin][column] = try decoder.weight() }
        }
    }
}

extension CalibrationTable: Equatable {
    static func == (left: CalibrationTable, right: CalibrationTable) -> Bool {
        (0..<binCount).allSatisfy { left.rows[$0] == right.rows[$0] }
    }
}

/// One bin of a calibration curve: what was predicted beside what came true.
public struct CalibrationBin: Sendable, Equatable {
    /// The bin holds probabilities above this (the first one 0 too) …
    public let lowerBound: Double
    /// … up to and with this.
    public let upperBound: Double
    /// How many events are in it; in a fading window the sum of their weights, relative to that of the newest event.
    public let count: Double
    /// Mean of the predicted probabilities; nil in an empty bin.
    public let meanProbability: Double?
    /// Share of events that came true (binary: were positive; multiclass: were of the predicted class); nil in an empty bin.
    public let truthShare: Double?
}
