/// The result of `bench` as a table.
struct BenchReport {
    let engine: Bench.Figures
    let pass: Bench.Figures
    let eventCount: Int

    var text: String {
        var speed = TextTable(header: ["\(NumberText.grouped(eventCount)) events", "pipeline", "pass-through", "ratio"])
        for (index, pair) in zip(engine.rates, pass.rates).enumerated() {
            speed.rows.append(row("events/s, round \(index + 1)", pair.0, pair.1, digits: 0))
        }
        speed.rows.append(row("events/s, median", median(engine.rates), median(pass.rates), digits: 0))
        speed.rows.append(
            row(
                "CPU µs/event, median", median(engine.processorMicroseconds), median(pass.processorMicroseconds),
                digits: 2))
        var latency = TextTable(
            header: [
                "ms from send to output at \(NumberText.grouped(Bench.quietRate))/s", "pipeline", "pass-through",
                "difference",
            ])
        for share in [0.5, 0.99, 0.999] {
            let (left, right) = (percentile(engine.latencies, share), percentile(pass.latencies, share))
            latency.rows.append([
                "p\(NumberText.fixed(share * 100, share == 0.999 ? 1 : 0))", NumberText.fixed(left, 2),
                NumberText.fixed(right, 2), NumberText.fixed(left - right, 2),
            ])
        }
        return speed.text + "\n" + latency.text
    }

    private func row(_ name: String, _ left: Double, _ right: Double, digits: Int) -> [String] {
        func text(_ value: Double) -> String {
            digits == 0 ? NumberText.grouped(value) : NumberText.fixed(value, digits)
        }
        return [name, text(left), text(right), NumberText.fixed(left / right, 2)]
    }

    private func median(_ values: [Double]) -> Double { percentile(values.sorted(), 0.5) }

    /// The value at `share` of the way through sorted `values`; NaN when there are none.
    private func percentile(_ values: [Double], _ share: Double) -> Double {
        guard let last = values.indices.last else { return .nan }
        return values[min(last, Int(Double(values.count) * share))]
    }
}
