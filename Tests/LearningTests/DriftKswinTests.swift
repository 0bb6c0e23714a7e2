// Goal: KSWIN tests what it says: the newest values against a draw of the older ones, equal values included. Method: a plain
// second implementation that draws with the same generator, sorts both samples anew and compares their distribution functions
// at every value.
import Learning
import Testing

@Suite struct DriftKswinTests {
    private struct PlainTest {
        let windowCount: Int
        let recentCount: Int
        let alpha: Double
        var generator: RandomGenerator
        var window: [Double] = []

        mutating func update(_ value: Double) -> Bool {
            window.append(value)
            if window.count > windowCount { window.removeFirst() }
            guard window.count == windowCount else { return false }
            let olderCount = windowCount - recentCount
            var drawn: Set<Int> = []
            for last in olderCount - recentCount..<olderCount {
                let age = generator.next(below: last + 1)
                drawn.insert(drawn.contains(age) ? last : age)
            }
            let older = drawn.map { window[$0] }
            let recent = window[olderCount...]
            let distance =
                window.map { value in
                    abs(older.count { $0 <= value } - recent.count { $0 <= value })
                }.max() ?? 0
            let isChanged =
                Double(distance) > 0.1 * Double(recentCount)
                && KolmogorovSmirnov.probability(height: distance, size: recentCount) <= alpha
            if isChanged { window.removeAll() }
            return isChanged
        }
    }

    /// Few different values, many, or two: the fewer, the more ties.
    @Test(arguments: [2.0, 5, 1e9], [(60, 20, 0.02), (40, 20, 0.3), (21, 3, 1)])
    func comparesTheTwoSamplesAtEveryValue(valueCount: Double, sizes: (Int, Int, Double)) throws {
        let (windowCount, recentCount, alpha) = sizes
        let detector = try DetectorRecipe(
            "kswin",
            [
                "window_size": .number(Double(windowCount)), "stat_size": .number(Double(recentCount)),
                "alpha": .number(alpha), "seed": .number(7),
            ]
        ).detector()
        var plain = PlainTest(
            windowCount: windowCount, recentCount: recentCount, alpha: alpha, generator: RandomGenerator(seed: 7))
        var generator = SeededGenerator(seed: 21)
        var driftCount = 0
        for position in 0..<3000 {
            let level = position / 150 % 2 == 0 ? 0.0 : 0.35
            let value = ((Double.random(in: 0..<1, using: &generator) + level) * valueCount).rounded(.down) / valueCount
            let signal = detector.update(value)
            #expect((signal == .drift) == plain.update(value), "value \(position)")
            if signal == .drift { driftCount += 1 }
        }
        #expect(driftCount > 3)
    }
}
