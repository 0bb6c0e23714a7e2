// Goal: recall@k and NDCG@k are their definitions, overall and over windows. Method: scikit-learn's `ndcg_score`, a worked
// example, brute force over random queries, encoding and merging.
import Foundation
import Learning
import Testing

@Suite struct RankingMetricsTests {
    private func queries(count: Int, seed: UInt64) -> [[Double]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                Double(max(0, Int.random(in: -6...3, using: &generator)))
            }
        }
    }

    private func recall(_ grades: [Double], _ k: Int) -> Double {
        Double(grades.prefix(k).count { $0 > 0 }) / Double(grades.count { $0 > 0 })
    }

    private func gain(_ grades: some Sequence<Double>, _ k: Int) -> Double {
        zip(grades, 1...k).reduce(0) { $0 + $1.0 / log2(Double($1.1) + 1) }
    }

    private func ndcg(_ grades: [Double], _ k: Int) -> Double {
        gain(grades, k) / gain(grades.sorted(by: >), k)
    }

    /// Järvelin & Kekäläinen's idea with the numbers that textbooks use: grades 3, 2, 3, 0, 1, 2.
    @Test func workedExample() throws {
        var metrics = RankingMetrics(k: 6)
        metrics.record([3, 2, 3, 0, 1, 2].span)
        // Their published sums, to the digits given.
        let (gain, ideal) = (6.861126688593502, 7.1409951840957005)
        #expect(isNear(try #require(metrics.ndcg), gain / ideal, 1e-12))
        #expect(metrics.recall == 1)
        #expect(metrics.figures.map(\.name) == ["recall_at_6", "ndcg_at_6"])
    }

    @Test func ndcgIsThatOfScikitLearn() throws {
        struct Fixture: Decodable { let ndcgAt5: Double }
        var generator = SeededGenerator(seed: 45)
        var metrics = RankingMetrics(k: 5)
        for _ in 0..<100 {
            let grades = (0..<20).map { _ in (4 * Double(generator.next() >> 11) * 0x1p-53).rounded(.down) }
            metrics.record(grades.span)
        }
        let expected = try DataFiles.json("scikit_metrics.json", as: Fixture.self).ndcgAt5
        #expect(isNear(try #require(metrics.ndcg), expected, 1e-13))
    }

    @Test(arguments: [1, 3, 10, 50]) func figuresAreTheirDefinitions(k: Int) throws {
        let queries = queries(count: 300, seed: 9)
        var fading = RankingMetrics(k: k, window: .fading(factor: 0.9))
        var sliding = RankingMetrics(k: k, window: .sliding(events: 40))
        for query in queries {
            fading.record(query.span)
            sliding.record(query.span)
        }
        let relevant = queries.filter { $0.contains { $0 > 0 } }
        #expect(fading.count == UInt64(relevant.count) && fading.emptyCount == UInt64(queries.count - relevant.count))
        let mean = { (queries: ArraySlice<[Double]>, figure: ([Double], Int) -> Double) in
            queries.reduce(0) { $0 + figure($1, k) } / Double(queries.count)
        }
        #expect(isNear(try #require(fading.recall), mean(relevant[...], recall), 1e-12))
        #expect(isNear(try #require(fading.ndcg), mean(relevant[...], ndcg), 1e-12))
        #expect(isNear(try #require(sliding.recentRecall), mean(relevant.suffix(40), recall), 1e-12))
        #expect(isNear(try #require(sliding.recentNDCG), mean(relevant.suffix(40), ndcg), 1e-12))
        let weights = relevant.indices.map { pow(0.9, Double(relevant.count - 1 - $0)) }
        let faded = zip(relevant, weights).reduce(0) { $0 + $1.1 * ndcg($1.0, k) } / weights.reduce(0, +)
        #expect(isNear(try #require(fading.recentNDCG), faded, 1e-12))
    }

    @Test func gradesThatAreNoneCountAsZero() {
        var metrics = RankingMetrics(k: 2, window: nil)
        metrics.record([Double]().span)
        metrics.record([0, -1, .nan, .infinity].span)
        #expect(metrics.count == 0 && metrics.emptyCount == 2 && metrics.figures.isEmpty && metrics.recentNDCG == nil)
        metrics.record([.nan, 1, -3, 1].span)
        #expect(metrics.recall == 0.5)
        metrics.record([.greatestFiniteMagnitude, .greatestFiniteMagnitude].span)
        #expect(metrics.ndcg?.isFinite ?? false)
    }

    @Test(arguments: [nil, MetricWindow.fading(factor: 0.9), .sliding(events: 7)])
    func restoredEqualsNeverStopped(window: MetricWindow?) throws {
        let queries = queries(count: 60, seed: 10)
        var whole = RankingMetrics(k: 3, window: window)
        for query in queries { whole.record(query.span) }
        for split in [0, 1, 30, 60] {
            var stopped = RankingMetrics(k: 3, window: window)
            for query in queries[..<split] { stopped.record(query.span) }
            var encoder = StateEncoder()
            stopped.encode(into: &encoder)
            var restored = RankingMetrics(k: 3, window: window)
            var decoder = StateDecoder(encoder.bytes)
            try restored.decode(from: &decoder)
            for query in queries[split...] { restored.record(query.span) }
            #expect(restored == whole && restored.recentNDCG == whole.recentNDCG)
            var other = RankingMetrics(k: 4, window: window)
            #expect(throws: StateError.mismatch) {
                var decoder = StateDecoder(encoder.bytes)
                try other.decode(from: &decoder)
            }
            for position in encoder.bytes.indices {
                var flipped = encoder.bytes
                flipped[position] ^= 0x10
                #expect(throws: StateError.self) {
                    var decoder = StateDecoder(flipped)
                    try restored.decode(from: &decoder)
                }
            }
        }
    }

    @Test func mergingPartsEqualsTheWhole() throws {
        let queries = queries(count: 80, seed: 11)
        let metrics = { (queries: ArraySlice<[Double]>) in
            var metrics = RankingMetrics(k: 3, window: .sliding(events: 20))
            for query in queries { metrics.record(query.span) }
            return metrics
        }
        let whole = metrics(queries[...])
        for cut in [0, 5, 40, 79, 80] {
            var merged = metrics(queries[..<cut])
            merged.merge(metrics(queries[cut...]))
            #expect(merged.count == whole.count && merged.emptyCount == whole.emptyCount)
            #expect(isNear(try #require(merged.recall), try #require(whole.recall), 1e-12))
            #expect(isNear(try #require(merged.recentNDCG), try #require(whole.recentNDCG), 1e-12))
        }
    }
}
