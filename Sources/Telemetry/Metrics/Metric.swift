/// The declaration of one metric: its name, what it says, its labels. All of Millrace's are in `Metric+Millrace.swift`.
///
/// `Handle` is what counts it: `Counter`, `Gauge` or `Histogram`. Names follow Prometheus: base units (seconds,
/// bytes), counters end in `_total`.
public struct Metric<Handle: MetricHandle>: Sendable {
    /// The full name, `millrace_…`.
    public let name: String
    /// One sentence for the person who reads the page.
    public let help: String
    /// Label names, in the order in which `MetricRegistry` takes their values.
    public let labels: [String]
    /// The most series (label combinations) this metric may have; more share one whose labels all say `other`.
    public let seriesMax: Int

    /// A metric. Name and labels must match `[a-zA-Z_][a-zA-Z0-9_]*`; anything else is a programmer's error and traps.
    public init(_ name: String, labels: [String] = [], seriesMax: Int = 1000, help: String) {
        precondition(([name] + labels).allSatisfy(Self.isName), "not a metric or label name: \(name) \(labels)")
        precondition(seriesMax > 0)
        self.name = name
        self.labels = labels
        self.seriesMax = seriesMax
        self.help = help
    }

    private static func isName(_ text: String) -> Bool {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = text.utf8.first, !digits.contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                digits, UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

/// What a metric is counted with. Only `Counter`, `Gauge` and `Histogram` conform.
public protocol MetricHandle: AnyObject, Sendable {
    /// The word after the name on the `# TYPE` line.
    static var kind: MetricKind { get }
}

/// The kinds of metric, by their Prometheus names.
public enum MetricKind: String, Sendable {
    /// Only grows.
    case counter
    /// Goes up and down.
    case gauge
    /// Counts observations in cumulative buckets.
    case histogram
}
