import Engine

/// One moment of the demo, as text: a block for a terminal or a line for a log.
struct DemoFrame {
    let snapshot: EngineSnapshot
    /// Events written to the input topic, and those the file holds.
    let loadedCount: Int
    let totalCount: Int
    /// Predictions read back from the output topic.
    let readBackCount: Int
    let eventsPerSecond: Double
    let elapsed: Duration

    /// The block for a terminal: at most 78 columns wide.
    var block: [String] {
        let grouped = NumberText.grouped(_:) as (Int) -> String
        var lines = [
            "",
            "  millrace demo   \(NumberText.duration(milliseconds: elapsed / .milliseconds(1)))",
            "",
            "  events      in \(grouped(loadedCount)) of \(grouped(totalCount))   out \(grouped(readBackCount))   "
                + "\(NumberText.grouped(eventsPerSecond)) events/s",
            "  latency     p50 \(latency(snapshot.latencyMillisecondsP50))   p99 "
                + latency(snapshot.latencyMillisecondsP99),
            "",
        ]
        lines += modelTable.split(separator: "\n").map { "  " + $0 }
        lines.append("")
        for partition in snapshot.partitions {
            lines.append("  partition \(partition.partition) \(bar(Int(partition.deliveredPosition)))")
        }
        lines += ["", "  predictions.jsonl   \(grouped(readBackCount)) lines", ""]
        return lines
    }

    /// One plain line.
    var line: String {
        var line = "in=\(loadedCount) out=\(readBackCount) events_per_second=\(NumberText.fixed(eventsPerSecond, 0))"
        line += " p50=\(latency(snapshot.latencyMillisecondsP50)) p99=\(latency(snapshot.latencyMillisecondsP99))"
        for model in snapshot.models {
            line += " \(model.name)=\(figure(model.accuracy))"
        }
        if let model = snapshot.models.first { line += " same_as_last_label=\(figure(model.baselineAccuracy))" }
        for partition in snapshot.partitions {
            line += " partition_\(partition.partition)=\(max(partition.deliveredPosition, 0))/\(totalCount)"
        }
        return line
    }

    /// Each model beside the baseline over the same events.
    var modelTable: String {
        var table = TextTable(header: ["model", "accuracy", "same as last label", "difference"])
        for (index, model) in snapshot.models.enumerated() {
            let gain = model.accuracy.flatMap { accuracy in model.baselineAccuracy.map { accuracy - $0 } }
            let sign = (gain ?? 0) >= 0 ? "+" : ""
            table.rows.append([
                model.name + (index == 0 ? " (published)" : ""), figure(model.accuracy),
                figure(model.baselineAccuracy), gain.map { sign + NumberText.fixed($0, 4) } ?? "–",
            ])
        }
        return table.text
    }

    private func figure(_ value: Double?) -> String { value.map { NumberText.fixed($0, 4) } ?? "–" }

    private func latency(_ value: Double?) -> String {
        value.map(NumberText.duration(milliseconds:)) ?? "–"
    }

    private func bar(_ position: Int) -> String {
        let done = min(max(position, 0), totalCount)
        let filled = totalCount > 0 ? done * 40 / totalCount : 0
        return String(repeating: "█", count: filled) + String(repeating: "░", count: 40 - filled)
            + "  \(NumberText.grouped(done)) / \(NumberText.grouped(totalCount))"
    }
}
