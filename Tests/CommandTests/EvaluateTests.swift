// Goal: `eval` over the example streams gives the reference library's prequential metrics (River 0.26.1, as published in
// the examples' READMEs) to 1e-6, and its outlets have their fixed form. Method: the examples themselves.

import Foundation
import TestSupport
import Testing

@Suite struct EvaluateTests {
    struct Reference: Sendable, CustomTestStringConvertible {
        let example: String
        let data: String
        let model: String
        let events: Int
        let metrics: [String: Double]
        var testDescription: String { "\(example) \(model)" }
    }

    static let references = [
        Reference(
            example: "electricity", data: "elec2.csv.gz", model: "logistic_regression", events: 45_312,
            metrics: [
                "accuracy": 0.8164724576271186, "f1": 0.7710352422907489, "roc_auc": 0.8929440155349399,
                "log_loss": 0.4162324773895228,
            ]),
        Reference(
            example: "electricity", data: "elec2.csv.gz", model: "passive_aggressive", events: 45_312,
            metrics: [
                "accuracy": 0.9141507768361582, "f1": 0.8991391827421696, "roc_auc": 0.9637742363995637,
                "log_loss": 0.24865753721745926,
            ]),
        Reference(
            example: "phishing", data: "phishing.csv", model: "logistic_regression", events: 1_250,
            metrics: [
                "accuracy": 0.8928, "f1": 0.8797127468581688, "roc_auc": 0.9533501778027325,
                "log_loss": 0.33011204643883085,
            ]),
        Reference(
            example: "sea", data: "sea_drift.csv.gz", model: "logistic_regression", events: 100_000,
            metrics: [
                "accuracy": 0.885, "f1": 0.908551616648377, "roc_auc": 0.885753455529245,
                "log_loss": 0.42551620498394166,
            ]),
        Reference(
            example: "approval", data: "trump_approval.csv", model: "linear_regression", events: 1_001,
            metrics: ["mae": 1.314548200047308, "rmse": 3.911980916488242, "r2": -4.230354806784239]),
        Reference(
            example: "friedman", data: "friedman_drift.csv.gz", model: "linear_regression", events: 50_000,
            metrics: ["mae": 2.1849862617775444, "rmse": 2.81413717864596, "r2": 0.6790676323009264]),
    ]

    private static func files(_ reference: Reference) -> (pipeline: String, data: String) {
        let folder = projectFolder.appending(path: "examples").appending(path: reference.example)
        return (folder.appending(path: "pipeline.yaml").path, folder.appending(path: reference.data).path)
    }

    @Test(arguments: references)
    func `metrics equal the reference`(reference: Reference) throws {
        let files = Self.files(reference)
        let run = try CommandRun.finish(["eval", files.pipeline, "--input", files.data, "--json"])
        #expect(run.code == 0, "\(run.errors)")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(
            Set(report.keys) == [
                "events", "metrics", "recent", "baselines", "recent_baselines", "calibration", "confusion", "seconds",
                "events_per_second", "state_digest",
            ])
        #expect(report["events"] as? Int == reference.events)
        let models = try #require(report["metrics"] as? [String: [String: Double]])
        let metrics = try #require(models[reference.model])
        #expect(Set(metrics.keys).isSuperset(of: reference.metrics.keys))
        for (name, value) in reference.metrics {
            #expect(abs((metrics[name] ?? .nan) - value) <= 1e-6, "\(name)")
        }
    }

    @Test func `the same run twice has the same digest and predictions`() throws {
        let files = Self.files(Self.references[2])
        let folder = try TemporaryFolder()
        var digests: Set<String> = []
        for name in ["a.csv", "b.csv"] {
            let run = try CommandRun.finish(
                ["eval", files.pipeline, "--input", files.data, "--json", "--predictions", name], in: folder)
            let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            digests.insert(try #require(report?["state_digest"] as? String))
        }
        #expect(digests.count == 1)
        #expect(try folder.read("a.csv") == folder.read("b.csv"))
        let lines = try folder.read("a.csv").split(separator: "\n")
        #expect(lines.first == "index,label,logistic_regression,passive_aggressive")
        #expect(lines.count == 1_251)
        #expect(lines[1].hasPrefix("0,1,0.5,0.5"))
        #expect(lines.last?.hasPrefix("1249,") == true)
    }

    @Test func `without --json it is a table for people`() throws {
        let files = Self.files(Self.references[2])
        let run = try CommandRun.finish(["eval", files.pipeline, "--input", files.data])
        #expect(run.code == 0)
        for word in ["accuracy", "f1", "roc_auc", "log_loss", "logistic_regression", "0.892800", "1,250"] {
            #expect(run.output.contains(word), "\(word)\n\(run.output)")
        }
    }

    @Test func `figures without a meaning are null`() throws {
        let folder = try TemporaryFolder()
        let files = Self.files(Self.references[2])
        let lines = try String(contentsOfFile: files.data, encoding: .utf8).split(separator: "\n")
        _ = try folder.write("none.csv", lines[0] + "\n")
        _ = try folder.write("one.csv", lines[0] + "\n" + lines[1] + "\n")
        let names: Set = [
            "accuracy", "f1", "roc_auc", "log_loss", "balanced_accuracy", "precision", "recall", "brier",
            "calibration_error", "kappa", "kappa_temporal", "kappa_majority",
        ]
        for (data, known) in [("none.csv", []), ("one.csv", names.subtracting(["roc_auc"]))] {
            let run = try CommandRun.finish(["eval", files.pipeline, "--input", data, "--json"], in: folder)
            #expect(run.code == 0, "\(run.errors)")
            let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            for key in ["metrics", "recent"] {
                let models = try #require(report?[key] as? [String: [String: Any]])
                let metrics = try #require(models["logistic_regression"])
                #expect(Set(metrics.keys) == names)
                #expect(Set(metrics.filter { $0.value is Double }.keys) == known, "\(data): \(metrics)")
            }
        }
    }

    @Test func `a name that says no format is exit 64`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("data.txt", "a\n1\n")
        let run = try CommandRun.finish(
            ["eval", Self.files(Self.references[2]).pipeline, "--input", "data.txt"], in: folder)
        #expect(run.code == 64)
        #expect(run.errors.contains("data.txt: the name must end in .csv"))
    }

    @Test(arguments: ["none.csv", "/proc/none/none.jsonl.gz"])
    func `missing data is exit 66`(data: String) throws {
        let run = try CommandRun.finish(["eval", Self.files(Self.references[2]).pipeline, "--input", data])
        #expect(run.code == 66)
        #expect(run.errors.contains(data))
    }
}
