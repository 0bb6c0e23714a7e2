import Synchronization

/// A number that only grows. Get it from a `MetricRegistry` beforehand and add once a batch; safe from any thread.
public final class Counter: MetricHandle {
    /// `counter`.
    public static let kind = MetricKind.counter
    private let total = Atomic<UInt64>(0)

    /// A counter at zero that no registry shows; for tests and for parts that run without metrics.
    public init() {}

    /// Adds `amount`. One relaxed atomic addition: a few nanoseconds when no other core adds to the same counter.
    public func add(_ amount: UInt64 = 1) { total.wrappingAdd(amount, ordering: .relaxed) }

    /// The present total.
    public var value: UInt64 { total.load(ordering: .relaxed) }
}

/// A number that goes up and down. Safe from any thread; the last `set` wins.
public final class Gauge: MetricHandle {
    /// `gauge`.
    public static let kind = MetricKind.gauge
    private let bits = Atomic<UInt64>(0)

    /// A gauge at zero that no registry shows.
    public init() {}

    /// Replaces the value.
    public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    /// The present value.
    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}

/// Durations in cumulative buckets from 10 µs to 100 s, for Prometheus. Safe from any thread.
///
/// For percentiles of our own use `LatencyHistogram`, which is forty times finer.
public final class Histogram: MetricHandle {
    /// `histogram`.
    public static let kind = MetricKind.histogram

    /// Upper bounds (inclusive) in nanoseconds: 1, 2.5 and 5 times each power of ten. A last bucket takes the rest.
    static let bounds: [UInt64] = {
        var bounds: [UInt64] = []
        var decade: UInt64 = 10_000
        while decade < 100_000_000_000 {
            bounds += [decade, decade * 5 / 2, decade * 5]
            decade *= 10
        }
        return bounds + [decade]
    }()

    // 22 bounds and the bucket above them.
    private let buckets = InlineArray<23, Atomic<UInt64>> { _ in Atomic(0) }
    private let sumNanoseconds = Atomic<UInt64>(0)

    /// An empty histogram that no registry shows.
    public init() { assert(Self.bounds.count + 1 == buckets.count) }

    /// Counts one duration, `times` times. Complexity: at most 22 comparisons and two atomic additions.
    public func observe(nanoseconds: UInt64, times: UInt64 = 1) {
        var index = 0
        while index < Self.bounds.count && nanoseconds > Self.bounds[index] { index += 1 }
        buckets[index].wrappingAdd(times, ordering: .relaxed)
        sumNanoseconds.wrappingAdd(nanoseconds &* times, ordering: .relaxed)
    }

    /// Counts one duration; a negative one counts as zero.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let whole = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let nanoseconds = whole.overflow ? .max : whole.partialValue
        observe(nanoseconds: nanoseconds &+ UInt64(clamping: attoseconds / 1_000_000_000))
    }

    /// Counts per bucket (not cumulative) and the sum in seconds, read one after another: a scrape during an `observe`
    /// may see one without the other.
    var snapshot: (counts: [UInt64], sumSeconds: Double) {
        let counts = (0..<buckets.count).map { buckets[$0].load(ordering: .relaxed) }
        return (counts, Double(sumNanoseconds.load(ordering: .relaxed)) / 1e9)
    }
}
