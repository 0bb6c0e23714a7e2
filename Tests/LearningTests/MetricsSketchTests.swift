// Goal: the area under the ROC curve is exact where it says so, and within its bound elsewhere. Method: scores that are hard
// to sort or to sketch, against the count of all pairs; and a sort that was known before (Swift's own).
import Learning
import Testing

@Suite struct MetricsSketchTests {
    /// Shapes of scores, from a number in 0..<1.
    static let shapes: [(name: String, score: @Sendable (Double) -> Double)] = [
        ("even", { $0 }), ("rounded", { ($0 * 20).rounded() / 20 }), ("near 0", { $0 * $0 * 1e-2 }),
        ("near 1", { 1 - $0 * 1e-3 }), ("below the first cell", { $0 * 1e-9 }),
        ("above the last cell", { 1 - $0 * 1e-12 }),
        ("certain", { $0 < 0.4 ? 0 : $0 > 0.8 ? 1 : $0 }), ("around one half", { 0.5 + ($0 - 0.5) * 1e-14 }),
        ("subnormal", { $0 * 0x1p-1060 }), ("all equal", { _ in 0.3 }),
        ("every power of two", { 0x1p-70 * Double(sign: .plus, exponent: Int($0 * 70), significand: 1 + $0) / 2 }),
    ]

    private func events(_ score: (Double) -> Double, count: Int, seed: UInt64) -> [(score: Double, isPositive: Bool)] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let draw = Double.random(in: 0..<1, using: &generator)
            return (score(draw), Double.random(in: 0..<1, using: &generator) < draw)
        }
    }

    private func area(_ events: [(score: Double, isPositive: Bool)]) -> Double {
        let negatives = events.filter { !$0.isPositive }.map(\.score).sorted()
        let positives = events.filter(\.isPositive).map(\.score)
        // The first index whose score fulfils a condition that holds from there on.
        let first = { (holds: (Double) -> Bool) in
            var (low, high) = (0, negatives.count)
            while low < high {
                let middle = (low + high) / 2
                if holds(negatives[middle]) { high = middle } else { low = middle + 1 }
            }
            return low
        }
        let won = positives.reduce(0.0) { sum, score in
            let below = first { $0 >= score }
            return sum + Double(below) + Double(first { $0 > score } - below) / 2
        }
        return won / (Double(positives.count) * Double(negatives.count))
    }

    @Test(arguments: shapes.map(\.name), [100, 20_000]) func areaIsTheShareOfPairsWon(shape: String, count: Int) throws
    {
        let score = try #require(Self.shapes.first { $0.name == shape }).score
        let events = events(score, count: count, seed: 7)
        var exact = PrequentialMetrics(task: .binary, keepsScores: true)
        var sketched = PrequentialMetrics(task: .binary)
        for event in events {
            exact.record(prediction: event.score, label: event.isPositive ? 1 : 0)
            sketched.record(prediction: event.score, label: event.isPositive ? 1 : 0)
        }
        let expected = area(events)
        #expect(isNear(try #require(exact.rocAUC), expected, 1e-13))
        let bound = try #require(sketched.rocAUCErrorMax)
        #expect(abs(try #require(sketched.rocAUC) - expected) <= bound + 1e-12)
        if shape == "even" || shape == "near 1" || shape == "near 0" {
            #expect(abs(try #require(sketched.rocAUC) - expected) < 0.002 && bound < 0.02)
        }
        // Kept scores are no part of the state, and lost where they are not kept on both sides.
        var (state, stateOfKept) = (StateEncoder(), StateEncoder())
        sketched.encode(into: &state)
        exact.encode(into: &stateOfKept)
        #expect(state.bytes == stateOfKept.bytes)
        var mixed = exact
        mixed.merge(sketched)
        #expect(isNear(try #require(mixed.rocAUC), try #require(sketched.rocAUC), 1e-12))
        var other = sketched
        other.merge(exact)
        #expect(mixed.rocAUC == other.rocAUC && mixed.rocAUCErrorMax != 0)
    }

    @Test func oneClassHasNoArea() {
        for keepsScores in [true, false] {
            var metrics = PrequentialMetrics(task: .binary, keepsScores: keepsScores)
            #expect(metrics.rocAUC == nil)
            metrics.record(prediction: 0.4, label: 1)
            #expect(metrics.rocAUC == nil && metrics.rocAUCErrorMax == nil)
            metrics.record(prediction: 0.6, label: 0)
            #expect(metrics.rocAUC == 0)
        }
    }
}
