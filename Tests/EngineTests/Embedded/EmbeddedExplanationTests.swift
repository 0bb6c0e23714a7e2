// Goal: with `explain`, and only then, every prediction says why, from the model as it was when it predicted; nothing else of the
// run changes. Method: runs on the embedded cluster beside a logistic regression that the test computes itself, and beside the
// same run without explanations.

import Engine
import Features
import Foundation
import Kafka
import Learning
import Telemetry
import Testing

@Suite(.serialized) struct EmbeddedExplanationTests {
    private static let events: [(x: Double, y: Double, zone: String, label: Int)] = (0..<300).map { index in
        let (x, y) = (Double(index * 7_919 % 100) / 50 - 1, Double(index * 104_729 % 100) / 25 - 2)
        return (x, y, ["north", "so\"uth", "west"][index % 3], x - y / 2 + (index % 3 == 0 ? 1 : 0) > 0 ? 1 : 0)
    }

    private func run(_ entries: [ParameterEntry], explanationLength: Int?) throws -> [TestRecord] {
        let pipeline = try EmbeddedPipeline(partitions: 1)
        try pipeline.load(
            Self.events.map { event in
                let zone = event.zone.replacing("\"", with: "\\\"")
                return "{\"x\":\(event.x),\"y\":\(event.y),\"zone\":\"\(zone)\",\"label\":\(event.label)}"
            }, timestamp: 1_700_000_000_000)
        var configuration = try pipeline.configuration()
        configuration.schema = Schema(
            fields: [
                .init(name: "x", kind: .number), .init(name: "y", kind: .number), .init(name: "zone", kind: .category),
                .init(name: "label", kind: .category),
            ], label: .init(field: "label", kind: .binary(positive: "1")))
        configuration.features = [.allNumbers, .oneHot("zone")]
        let (model, problems) = ModelSpecification.parse(name: "champion", entries: entries, task: .binary)
        configuration.models = [try #require(model, "\(problems)")]
        configuration.explanationLength = explanationLength
        _ = try #require(RunningEngine(configuration, log: pipeline.log).wait()).get()
        let outputs = try pipeline.read("out")
        #expect(outputs.count == Self.events.count)
        return outputs
    }

    /// Logistic regression by its definition, with the reference's learning rate of 0.01.
    private static var contributions: [[(feature: String, amount: Double)]] {
        var weights: [String: Double] = [:]
        var intercept = 0.0
        return events.map { event in
            let features = ["x": event.x, "y": event.y, "zone=" + event.zone: 1]
            let parts = features.map { ($0, weights[$0, default: 0] * $1) }.filter { $0.1 != 0 }
            let score = parts.reduce(intercept) { $0 + $1.1 }
            let gradient = 1 / (1 + exp(-score)) - Double(event.label)
            for (name, value) in features { weights[name, default: 0] -= 0.01 * gradient * value }
            intercept -= 0.01 * gradient
            return parts.sorted { abs($0.1) > abs($1.1) }
        }
    }

    @Test func predictionsSayWhyAndNothingElseChanges() throws {
        let entries = [ParameterEntry("type", .text("logistic_regression")), ParameterEntry("scale", .text("none"))]
        let plain = try run(entries, explanationLength: nil)
        let explained = try run(entries, explanationLength: 2)
        for (index, (record, expected)) in zip(explained, Self.contributions).enumerated() {
            let value = try #require(record.value)
            let without = try #require(plain[index].value)
            #expect(!without.contains("explanation"))
            #expect(value.hasPrefix(without.dropLast() + ",\"explanation\":["), "\(value)")
            let object = try #require(try JSONSerialization.jsonObject(with: Data(value.utf8)) as? [String: Any])
            let found = try #require(object["explanation"] as? [[String: Any]])
            #expect(found.map { $0["feature"] as? String } == expected.prefix(2).map(\.feature), "\(index)")
            for (one, wanted) in zip(found, expected) {
                #expect(abs((one["contribution"] as? Double ?? .nan) - wanted.amount) < 1e-12)
            }
        }
        #expect(explained[0].value?.hasSuffix(",\"explanation\":[]}") == true, "nothing was learned yet")
    }

    @Test func aForestBehindWrappersExplainsItself() throws {
        let entries = [
            ParameterEntry("type", .text("adaptive_random_forest")), ParameterEntry("grace_period", .number(20)),
            ParameterEntry("calibrate", .text("platt")), ParameterEntry("on_drift", .map([])),
        ]
        let plain = try run(entries, explanationLength: nil)
        let explained = try run(entries, explanationLength: 100)
        var kinds: Set<String> = []
        for (record, without) in zip(explained, plain) {
            let value = try #require(record.value)
            #expect(value.hasPrefix((without.value ?? "").dropLast() + ",\"explanation\":["), "\(value)")
            for match in value.matches(of: /"feature":"([a-z]+)/) { kinds.insert(String(match.1)) }
        }
        #expect(kinds.isSuperset(of: ["x", "y"]))
    }
}
