// Goal: explanations are added to prediction records as the documentation says, byte by byte, and leave the rest of the record as
// it was. Method: explanations of a linear model whose weights the test knows, behind names that JSON has to escape.

import Features
import Foundation
import Learning
import Testing

@Suite struct ExplanationRecordTests {
    private static let schema = Schema(
        fields: [
            .init(name: "price", kind: .number), .init(name: "a\"b\\", kind: .number),
            .init(name: "zo\"ne", kind: .category),
        ], label: .init(field: "y", kind: .regression))

    /// A model after one event of label 1: each weight is 0.02 times the value seen, the intercept 0.02.
    private final class Explained {
        var bench: Bench
        var plan: FeaturePlan
        let learner: any ExplainingLearner

        init() throws {
            bench = try Bench(ExplanationRecordTests.schema)
            plan = try FeaturePlan(schema: ExplanationRecordTests.schema, features: [.allNumbers, .oneHot("zo\"ne")])
            let (made, problems) = ModelSpecification.parse(
                name: "m",
                entries: [
                    ParameterEntry("type", .text("linear_regression")), ParameterEntry("scale", .text("none")),
                ], task: .regression)
            let learner = try #require(made, "\(problems)").makeLearner(plan.shape)
            self.learner = try #require(explaining(learner))
        }

        func learn(_ json: String) {
            #expect(bench.decode(json).outcome == .good)
            _ = plan.admitCategories(of: bench.row)
            var vector = plan.makeVector()
            plan.fill(&vector, from: bench.row)
            learner.learn(vector, label: bench.row.label, weight: 1)
        }

        func record(_ json: String, length: Int) -> String {
            #expect(bench.decode(json).outcome == .good)
            var vector = plan.makeVector()
            plan.fill(&vector, from: bench.row)
            var explanation = Explanation(capacity: length)
            learner.explain(vector, into: &explanation)
            var writer = PredictionWriter(topic: "t", partition: 0, model: "m")
            writer.writeRegression(of: bench.row, offset: 7, timestamp: 5, value: 0.5)
            let names = ExplanationNames(plan)
            writer.append(explanation, names: names, plan: plan)
            return text(writer.bytes)
        }
    }

    private static let head =
        #"{"event_id":"t/0/7","event_time":5,"source":"t/0/7","model":"m","version":0,"prediction":0.5"#

    @Test func contributionsAreNamedAndOrdered() throws {
        let explained = try Explained()
        explained.learn(#"{"price":2,"a\"b\\":-1,"zo\"ne":"n\"o\n","y":1}"#)
        let event = #"{"price":3,"a\"b\\":10,"zo\"ne":"n\"o\n"}"#
        #expect(
            explained.record(event, length: 3) == Self.head
                + #","explanation":[{"feature":"a\"b\\","contribution":-0.2},"#
                + #"{"feature":"price","contribution":0.12},"#
                + #"{"feature":"zo\"ne=n\"o\u000a","contribution":0.02}]}"#)
        #expect(
            explained.record(event, length: 1) == Self.head
                + #","explanation":[{"feature":"a\"b\\","contribution":-0.2}]}"#)
        // An absent number, an unknown category and a 0 contribute nothing.
        #expect(explained.record(#"{"a\"b\\":0,"zo\"ne":"new"}"#, length: 3) == Self.head + #","explanation":[]}"#)
    }

    @Test func anExplanationIsJSONWhateverItsNames() throws {
        let explained = try Explained()
        let long = String(repeating: "ü\\\"\u{1}", count: 150)
        let name = long.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\u{1}", with: "\\u0001")
        explained.learn(#"{"price":1e-7,"a\"b\\":-1e9,"zo\"ne":"\#(name)","y":1}"#)
        let record = explained.record(#"{"price":1,"a\"b\\":1e140,"zo\"ne":"\#(name)"}"#, length: 100)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(record.utf8)) as? [String: Any])
        let explanation = try #require(object["explanation"] as? [[String: Any]])
        #expect(Set(explanation.compactMap { $0["feature"] as? String }) == ["price", "a\"b\\", "zo\"ne=" + long])
    }
}
