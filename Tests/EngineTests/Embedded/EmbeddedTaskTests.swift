// Goal: labels of several classes, events without a label and the record's own time reach the models of a running engine, and
// its outputs say what the design says. Method: whole runs on the embedded cluster.

import Engine
import Features
import Foundation
import Kafka
import Learning
import Telemetry
import Testing

@Suite(.serialized) struct EmbeddedTaskTests {
    private func configuration(
        _ pipeline: EmbeddedPipeline, _ entries: [ParameterEntry], _ task: LearningTask,
        label: Schema.Label?
    ) throws -> EngineConfiguration {
        var configuration = try pipeline.configuration()
        let (model, problems) = ModelSpecification.parse(name: "champion", entries: entries, task: task)
        configuration.models = [try #require(model, "\(problems)")]
        configuration.schema = Schema(
            fields: [.init(name: "x", kind: .number), .init(name: "label", kind: .category)],
            idField: "id", label: label)
        return configuration
    }

    @Test func classesHaveNamesAndTheRecordsTimeIsTheEvents() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        let events = (0..<20).map {
            "{\"id\":\($0),\"x\":\($0 % 2).\($0 % 3),\"label\":\"\(["ham", "spam"][$0 % 2])\"}"
        }
        try pipeline.load(Array(events[..<10]), timestamp: 1_700_000_000_000)
        try pipeline.load(Array(events[10...]), timestamp: 1_700_000_002_000)
        let interval = ParameterValue.map([ParameterEntry("interval", .text("2s"))])
        let configuration = try configuration(
            pipeline, [ParameterEntry("type", .text("gaussian_nb")), ParameterEntry("update", interval)],
            .multiclass,
            label: .init(field: "label", kind: .multiclass))
        let running = RunningEngine(configuration, log: pipeline.log)
        let summary = try #require(running.wait()).get()
        #expect(summary.snapshot.models[0].scored == 20)
        let outputs = try pipeline.read("out")
        #expect(outputs.count == 20)
        // The interval ends with the eleventh event, which was predicted before.
        for (index, output) in outputs.enumerated() {
            let value = output.value ?? ""
            #expect(output.text(of: "event_time") == (index < 10 ? "1700000000000" : "1700000002000"))
            guard index > 10 else {
                #expect(value.hasSuffix("\"prediction\":null,\"scores\":{}}"), "\(index): \(value)")
                continue
            }
            #expect(output.text(of: "prediction") == ["ham", "spam"][index % 2])
            #expect(value.contains("\"scores\":{\"ham\":") && value.contains(",\"spam\":"))
        }
        let page = running.metrics.prometheusText()
        #expect(page.contains("millrace_learned_total{model=\"champion\"} 20"))
    }

    @Test func withoutALabelEveryEventIsLearned() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load((0..<200).map { "{\"id\":\($0),\"x\":\($0 == 199 ? 900 : $0 % 5)}" })
        let configuration = try configuration(
            pipeline, [ParameterEntry("type", .text("z_score"))], .anomaly, label: nil)
        let running = RunningEngine(configuration, log: pipeline.log)
        _ = try #require(running.wait()).get()
        let outputs = try pipeline.read("out")
        #expect(outputs[150].text(of: "prediction") == "false")
        #expect(outputs[199].text(of: "prediction") == "true")
        #expect(Double(outputs[199].text(of: "score") ?? "") ?? 0 > 0.9)
        let page = running.metrics.prometheusText()
        #expect(page.contains("millrace_learned_total{model=\"champion\"} 200"))
        #expect(page.contains("millrace_labels_missing_total 0"))
    }

    /// Two tasks, each with experts of its own; the label is always the last one, so that one expert leads.
    @Test func expertsAreOnTheMetricsPage() throws {
        let pipeline = try EmbeddedPipeline(partitions: 2)
        try pipeline.load(
            (0..<400).map { "{\"id\":\($0),\"x\":\($0 * 7_919 % 1_000),\"label\":\($0 / 100 % 2)}" })
        let experts = ParameterValue.list([.text("logistic_regression"), .text("last_label"), .text("majority")])
        var configuration = try configuration(
            pipeline, [ParameterEntry("type", .text("auto")), ParameterEntry("experts", experts)], .binary,
            label: .init(field: "label", kind: .binary(positive: "1")))
        configuration.exitsAtEnd = false
        let running = RunningEngine(configuration, log: pipeline.log)
        #expect(running.wait { $0.models[0].scored == 400 })
        let page = running.metrics.prometheusText()
        running.engine.stop()
        _ = try #require(running.wait()).get()
        var weights: [String: Double] = [:]
        for match in page.matches(of: /millrace_expert_weight\{model="champion",expert="([a-z_]+)"\} (.+)/) {
            weights[String(match.1)] = Double(match.2)
        }
        #expect(Set(weights.keys) == ["logistic_regression", "last_label", "majority", "stacker"], "\(page)")
        #expect(abs(weights.values.reduce(0, +) - 1) < 1e-9)
        #expect(weights["last_label"] ?? 0 > 10 * (weights["majority"] ?? 1))
    }

    @Test func driftsAreCountedOnTheMetricsPage() throws {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(
            (0..<3_000).map { index in
                let x = Double(index * 7_919 % 1_000) / 500 - 1
                return "{\"id\":\(index),\"x\":\(x),\"label\":\((x > 0) == (index < 1_500) ? 1 : 0)}"
            })
        let reaction = ParameterValue.map([ParameterEntry("action", .text("reset"))])
        let configuration = try configuration(
            pipeline,
            [ParameterEntry("type", .text("logistic_regression")), ParameterEntry("on_drift", reaction)],
            .binary, label: .init(field: "label", kind: .binary(positive: "1")))
        let running = RunningEngine(configuration, log: pipeline.log)
        _ = try #require(running.wait()).get()
        let page = running.metrics.prometheusText()
        let count = try #require(
            page.firstMatch(of: /millrace_drifts_total\{model="champion"\} ([0-9]+)/)?.1)
        #expect((1...5).contains(Int(count) ?? 0))
    }
}
