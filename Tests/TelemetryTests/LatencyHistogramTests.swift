// Goal: percentiles are right within the stated bound, and merging is addition. Method: exact quantiles of sorted
// samples of several shapes, and an independent transcription of HdrHistogram's bucket arithmetic.

import Telemetry
import Testing

/// HdrHistogram's definitions (org.HdrHistogram.AbstractHistogram) for a lowest value of 1 and two significant digits.
private enum Reference {
    static let subBucketCountMagnitude = 8  // ceil(log2(2 · 10^2))
    static let subBucketHalfCountMagnitude = 7
    static let subBucketMask: UInt64 = 255

    static func highestEquivalent(_ value: UInt64) -> UInt64 {
        let bucket = 64 - (value | subBucketMask).leadingZeroBitCount - subBucketCountMagnitude
        let subBucket = value >> UInt64(bucket)
        let lowest = subBucket << UInt64(bucket)
        return lowest + (1 << UInt64(bucket)) - 1
    }
}

private func samples(_ shape: Int, count: Int) -> [UInt64] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in
        switch shape {
        case 0: UInt64.random(in: 0..<300, using: &generator)
        case 1: UInt64.random(in: 0..<5_000_000, using: &generator)
        case 2: UInt64(1) << UInt64.random(in: 0..<44, using: &generator)
        default: UInt64.random(in: 0...UInt64.max >> UInt64.random(in: 20..<64, using: &generator), using: &generator)
        }
    }
}

private func histogram(_ values: some Sequence<UInt64>) -> LatencyHistogram {
    var histogram = LatencyHistogram()
    for value in values { histogram.record(value) }
    return histogram
}

@Suite struct LatencyHistogramTests {
    @Test(arguments: 0..<4)
    func percentilesAreWithinTheBound(shape: Int) {
        for count in [1, 2, 3, 10, 999, 20_000] {
            let sorted = samples(shape, count: count).sorted()
            let histogram = histogram(sorted)
            for percent in [0, 0.001, 1, 25, 50, 75, 90, 99, 99.9, 99.999, 100] {
                let rank = max(1, Int((percent / 100 * Double(count)).rounded(.up)))
                let exact = sorted[rank - 1]
                let answer = histogram.percentile(percent)
                #expect(
                    answer >= exact && answer <= exact + exact / 128, "\(percent) % of \(count): \(answer), \(exact)")
                #expect(answer == min(Reference.highestEquivalent(exact), sorted.last ?? 0))
            }
        }
    }

    @Test func everyStepEdgeMatchesHdrHistogram() {
        for power in 0..<44 {
            for offset in [-2, -1, 0, 1, 2, 3] {
                let value = Int64(1) << Int64(power) + Int64(offset)
                guard value >= 0, UInt64(value) <= LatencyHistogram.valueMax else { continue }
                var histogram = LatencyHistogram()
                histogram.record(UInt64(value))
                histogram.record(LatencyHistogram.valueMax)
                #expect(histogram.percentile(50) == Reference.highestEquivalent(UInt64(value)), "\(value)")
            }
        }
    }

    @Test func momentsAreExact() {
        let values: [UInt64] = [7, 1_000_003, 123_456_789_123]
        let histogram = histogram(values)
        #expect(histogram.count == 3)
        #expect(histogram.minimum == 7)
        #expect(histogram.maximum == 123_456_789_123)
        #expect(histogram.sum == values.reduce(0, +))
        #expect(histogram.mean == Double(values.reduce(0, +)) / 3)
    }

    @Test func emptyAnswersZero() {
        let histogram = LatencyHistogram()
        #expect(
            histogram.percentile(50) == 0 && histogram.minimum == 0 && histogram.maximum == 0 && histogram.mean == 0)
    }

    @Test func hugeValuesCountAndKeepTheirMaximum() {
        var histogram = LatencyHistogram()
        histogram.record(.max, times: 3)
        histogram.record(5)
        #expect(histogram.count == 4)
        #expect(histogram.percentile(100) == .max)
        #expect(histogram.sum == .max)
        #expect(histogram.percentile(25) == 5)
    }

    @Test func mergeIsAdditionWithAnIdentity() {
        for shape in 0..<4 {
            let parts = (0..<3).map { _ in samples(shape, count: Int.random(in: 0..<500)) }
            let (a, b, c) = (histogram(parts[0]), histogram(parts[1]), histogram(parts[2]))
            var left = a
            left.merge(b)
            left.merge(c)
            var right = b
            right.merge(c)
            var whole = a
            whole.merge(right)
            #expect(left == whole)
            #expect(left == histogram(parts.joined()))
            var swapped = b
            swapped.merge(a)
            var straight = a
            straight.merge(b)
            #expect(swapped == straight)
            var withEmpty = a
            withEmpty.merge(LatencyHistogram())
            #expect(withEmpty == a)
        }
    }

    @Test func resetForgets() {
        var histogram = histogram(samples(1, count: 100))
        histogram.reset()
        #expect(histogram == LatencyHistogram())
    }

    @Test func repeatsEqualSingles() {
        var many = LatencyHistogram()
        many.record(777, times: 1000)
        many.record(888, times: 0)
        #expect(many == histogram(repeatElement(777, count: 1000)))
    }

    @Test func percentOutsideTheRangeCountsAsItsEnd() {
        let histogram = histogram([1, 2, 3])
        #expect(histogram.percentile(-5) == 1)
        #expect(histogram.percentile(500) == 3)
        #expect(histogram.percentile(.nan) >= 1)
    }
}
