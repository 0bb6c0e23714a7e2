import Synchronization

/// The metrics of the process: hands out counting handles and writes all of them as Prometheus text.
///
/// Ask for handles when a part starts (that takes a lock and builds strings), keep them, count with them. Asking again
/// for the same metric and labels gives the same handle. Safe from any thread.
public final class MetricRegistry: Sendable {
    /// What one series shows.
    enum Series: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
        case reading(@Sendable () -> Double)
    }

    struct Family: Sendable {
        let kind: MetricKind
        let help: String
        let labels: [String]
        var series: [[String]: Series] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    /// An empty registry.
    public init() {}

    /// The handle of `metric` with these label values, in the metric's order; a wrong number of them traps.
    ///
    /// When the metric already has `seriesMax` series, a new combination shares the one whose labels all say `other`.
    public func counter(_ metric: Metric<Counter>, _ labels: String...) -> Counter {
        let made = series(metric, labels) { .counter(Counter()) }
        if case .counter(let counter) = made { return counter }
        return Counter()  // The series is a reading; counting beside it would be shown nowhere anyway.
    }

    /// As `counter(_:_:)`, for a gauge.
    public func gauge(_ metric: Metric<Gauge>, _ labels: String...) -> Gauge {
        let made = series(metric, labels) { .gauge(Gauge()) }
        if case .gauge(let gauge) = made { return gauge }
        return Gauge()
    }

    /// As `counter(_:_:)`, for a histogram.
    public func histogram(_ metric: Metric<Histogram>, _ labels: String...) -> Histogram {
        let made = series(metric, labels) { .histogram(Histogram()) }
        if case .histogram(let histogram) = made { return histogram }
        return Histogram()
    }

    /// Shows what `value` returns at each scrape, replacing an earlier series of the same labels; NaN hides the series.
    ///
    /// `value` runs on the thread that asks for the text, holds up the answer while it runs, and must not wait. Beyond
    /// `seriesMax` series it is not shown. A counter's value must never go down.
    public func read<Handle>(
        _ metric: Metric<Handle>, _ labels: String..., value: @escaping @Sendable () -> Double
    ) {
        precondition(Handle.kind != .histogram, "a histogram is not one value: \(metric.name)")
        precondition(labels.count == metric.labels.count, "labels of \(metric.name): \(metric.labels)")
        families.withLock { families in
            var family = families[metric.name] ?? Self.family(metric)
            if family.series[labels] != nil || family.series.count < metric.seriesMax {
                family.series[labels] = .reading(value)
            }
            families[metric.name] = family
        }
    }

    /// Shows a series no longer, as for a partition that moved away; its handle goes on counting unseen. Unknown labels
    /// change nothing.
    public func remove<Handle>(_ metric: Metric<Handle>, _ labels: String...) {
        families.withLock { families in _ = families[metric.name]?.series.removeValue(forKey: labels) }
    }

    /// Everything, ordered by name and labels. No lock is held while readings run.
    func snapshot() -> [(name: String, family: Family)] {
        families.withLock { families in families.map { ($0.key, $0.value) } }.sorted { $0.name < $1.name }
    }

    private func series<Handle>(
        _ metric: Metric<Handle>, _ labels: [String], make: () -> Series
    ) -> Series {
        precondition(labels.count == metric.labels.count, "labels of \(metric.name): \(metric.labels)")
        return families.withLock { families in
            var family = families[metric.name] ?? Self.family(metric)
            precondition(family.kind == Handle.kind && family.labels == metric.labels, "\(metric.name) declared twice")
            var labels = labels
            if family.series[labels] == nil && family.series.count >= metric.seriesMax {
                labels = labels.map { _ in "other" }
            }
            let series = family.series[labels] ?? make()
            family.series[labels] = series
            families[metric.name] = family
            return series
        }
    }

    private static func family<Handle>(_ metric: Metric<Handle>) -> Family {
        Family(kind: Handle.kind, help: metric.help, labels: metric.labels)
    }
}
