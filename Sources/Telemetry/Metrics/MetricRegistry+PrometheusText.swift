extension MetricRegistry {
    /// The media type of `prometheusText()`.
    public static let prometheusMediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// All metrics in Prometheus' text format 0.0.4: families by name, series by label values (numbers by size).
    ///
    /// Runs the readings given to `read`; a metric without series is left out. Complexity: O(series · log series).
    public func prometheusText() -> String {
        var text = ""
        for (name, family) in snapshot() {
            var lines = ""
            for (values, series) in family.series.sorted(by: { Self.isBefore($0.key, $1.key) }) {
                let labels = zip(family.labels, values).map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }
                Self.append(series, name: name, labels: labels, to: &lines)
            }
            guard !lines.isEmpty else { continue }
            text += "# HELP \(name) \(Self.escaped(family.help, quotes: false))\n"
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            text += lines
        }
        return text
    }

    private static func append(_ series: Series, name: String, labels: [String], to lines: inout String) {
        switch series {
        case .counter(let counter): lines += line(name, labels, String(counter.value))
        case .gauge(let gauge): lines += line(name, labels, number(gauge.value))
        case .reading(let read):
            let value = read()
            if !value.isNaN { lines += line(name, labels, number(value)) }
        case .histogram(let histogram):
            let (counts, sum) = histogram.snapshot
            var total: UInt64 = 0
            for (index, count) in counts.enumerated() {
                total &+= count
                let bound = index < Histogram.bounds.count ? number(Double(Histogram.bounds[index]) / 1e9) : "+Inf"
                lines += line(name + "_bucket", labels + ["le=\"\(bound)\""], String(total))
            }
            lines += line(name + "_sum", labels, number(sum))
            lines += line(name + "_count", labels, String(total))
        }
    }

    private static func line(_ name: String, _ labels: [String], _ value: String) -> String {
        labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels.joined(separator: ","))} \(value)\n"
    }

    /// Whole numbers without a fraction, others in the shortest form that reads back equal.
    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value.description
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\"" where quotes: output += "\\\""
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// Label by label: numbers by size before texts by bytes, so that partition 10 comes after partition 9.
    private static func isBefore(_ left: [String], _ right: [String]) -> Bool {
        for (first, second) in zip(left, right) where first != second {
            switch (UInt64(first), UInt64(second)) {
            case (let first?, let second?) where first != second: return first < second
            case (.some, .none): return true
            case (.none, .some): return false
            default: return first < second
            }
        }
        return left.count < right.count
    }
}
