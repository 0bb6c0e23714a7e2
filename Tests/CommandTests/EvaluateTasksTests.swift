// Goal: `eval` does what the design says for several classes, for streams without a label, and for models that watch for
// drifts. Method: small files made on the spot; the figures are computed a second time from the file of predictions.

import Foundation
import TestSupport
import Testing

@Suite struct EvaluateTasksTests {
    private static let classes = ["red", "green, \"light\"", "blue"]

    /// Rows of two numbers around a centre for each class; blue appears late, every tenth label is missing.
    private static func rows(_ count: Int) -> String {
        var generator = SplitMix(seed: 5)
        var text = "a,b,colour\n"
        for index in 0..<count {
            let kind = index < count / 3 ? Int(generator.next() % 2) : Int(generator.next() % 3)
            let noise = (0..<2).map { _ in Double(generator.next() % 1_000) / 500 - 1 }
            let name = classes[kind].contains(",") ? "\"green, \"\"light\"\"\"" : classes[kind]
            text += "\(Double(kind) * 1.5 + noise[0]),\(noise[1] - Double(kind)),\(index % 10 == 9 ? "" : name)\n"
        }
        return text
    }

    private struct SplitMix {
        var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private func report(_ pipeline: String, _ data: String, in folder: TemporaryFolder) throws -> [String: Any] {
        _ = try folder.write("pipeline.yaml", pipeline)
        _ = try folder.write("data.csv", data)
        let run = try CommandRun.finish(
            ["eval", "pipeline.yaml", "--input", "data.csv", "--json", "--predictions", "out.csv"], in: folder)
        #expect(run.code == 0, "\(run.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    @Test func `several classes have names and the probability of the true one`() throws {
        let folder = try TemporaryFolder()
        let report = try report(
            "label: {field: colour}\nmodels: {nb: {type: gaussian_nb}, slow: {type: gaussian_nb, update: {every: 50}}}\n",
            Self.rows(600), in: folder)
        let lines = try folder.read("out.csv").replacing("\"green, \"\"light\"\"\"", with: "green").split(
            separator: "\n")
        #expect(lines[0] == "index,label,nb,nb.p,slow,slow.p")
        #expect(lines.count == 601)
        let cells = lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        // Nothing was learned before the first row; a class is unknown until it was learned once.
        #expect(cells[0][2] == "" && cells[0][3] == "0.0")
        let firstBlue = try #require(cells.first { $0[1] == "blue" })
        #expect(firstBlue[2] != "blue" && firstBlue[3] == "0.0")
        // Batches of 50 labelled events: the 56th row is the first that something is known of.
        #expect(cells[54][4] == "" && cells[56][4] != "")
        let labelled = cells.filter { $0[1] != "" }
        #expect(labelled.count == 540 && cells.allSatisfy { $0[1] != "" || $0[3] == "" })
        // A model that knows no class yet is taken to say the first, which the first event then is.
        let accuracy = Double(labelled.count { $0[1] == $0[2] } + 1) / 540
        // Log loss is over the events for which probabilities were stated, with a class unknown as 1e-15.
        let losses = labelled.dropFirst().map { -log(max(Double($0[3]) ?? .nan, 1e-15)) }
        let models = try #require(report["metrics"] as? [String: [String: Any]])
        let metrics = try #require(models["nb"])
        #expect(Set(metrics.keys).isSuperset(of: ["accuracy", "macro_f1", "log_loss"]))
        #expect(abs((metrics["accuracy"] as? Double ?? 0) - accuracy) < 1e-12 && accuracy > 0.6)
        let logLoss = try #require(metrics["log_loss"] as? Double)
        #expect(abs(logLoss - losses.reduce(0, +) / 539) < 1e-9)
    }

    @Test func `classes beyond the bound are counted and not learned`() throws {
        let folder = try TemporaryFolder()
        var data = "a,colour\n"
        for index in 0..<1_030 { data += "\(index),c\(index)\n" }
        _ = try folder.write("pipeline.yaml", "label: {field: colour}\nmodels: {nb: {type: gaussian_nb}}\n")
        _ = try folder.write("data.csv", data)
        let run = try CommandRun.finish(["eval", "pipeline.yaml", "--input", "data.csv", "--json"], in: folder)
        #expect(run.code == 0)
        #expect(run.errors.contains("count=6 classes_max=1024"), "\(run.errors)")
    }

    @Test func `without a label anomalies are scored and learned`() throws {
        let folder = try TemporaryFolder()
        var data = "a\n"
        for index in 0..<400 { data += "\(index == 399 ? 500 : Double(index % 7))\n" }
        let report = try report("models: {odd: {type: z_score}}\n", data, in: folder)
        #expect(report["metrics"] as? [String: [String: Double]] == ["odd": [:]])
        for key in ["baselines", "recent_baselines", "calibration", "confusion"] {
            #expect((report[key] as? [String: Any])?.isEmpty == true, "\(key)")
        }
        let lines = try folder.read("out.csv").split(separator: "\n")
        let scores = lines.dropFirst().compactMap { Double($0.split(separator: ",").last ?? "") }
        #expect(lines[0] == "index,label,odd" && scores.count == 400)
        // It has learned what is usual, though nobody said so.
        #expect(scores[100..<399].allSatisfy { $0 < 0.5 } && scores[399] > 0.9, "\(scores.suffix(3))")
    }

    @Test func `with a label the same detectors are measured, and learn what has none`() throws {
        let folder = try TemporaryFolder()
        var data = "a,y\n"
        for index in 0..<600 { data += index % 50 == 49 ? "300,1\n" : "\(index % 7),\(index % 2 == 0 ? "0" : "")\n" }
        let report = try report(
            "label: {field: y, positive: 1}\nmodels: {odd: {type: z_score}, lr: {type: logistic_regression}}\n", data,
            in: folder)
        let models = try #require(report["metrics"] as? [String: [String: Any]])
        #expect(models["odd"]?["roc_auc"] as? Double ?? 0 > 0.9)
    }

    @Test func `drifts are counted`() throws {
        let folder = try TemporaryFolder()
        var data = "a,y\n"
        for index in 0..<4_000 {
            let a = Double(index * 7_919 % 1_000) / 500 - 1
            data += "\(a),\((a > 0) == (index < 2_000) ? 1 : 0)\n"
        }
        let report = try report(
            """
            label: {field: y, positive: 1}
            models:
              plain: {type: logistic_regression}
              watched: {type: logistic_regression, on_drift: {detector: adwin, action: reset}}
            """, data, in: folder)
        let models = try #require(report["metrics"] as? [String: [String: Any]])
        #expect(models["plain"]?["drifts"] == nil)
        #expect(models["watched"]?["drifts"] as? Int ?? 0 >= 1)
        let gain = (models["watched"]?["accuracy"] as? Double ?? 0) - (models["plain"]?["accuracy"] as? Double ?? 1)
        #expect(gain > 0)
        let run = try CommandRun.finish(["eval", "pipeline.yaml", "--input", "data.csv"], in: folder)
        #expect(run.output.contains("drifts"))
    }

    @Test func `a model that needs a label is not left without`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("pipeline.yaml", "models:\n  odd: {type: z_score}\n  lr: {type: logistic_regression}\n")
        _ = try folder.write("data.csv", "a\n1\n")
        let run = try CommandRun.finish(["eval", "pipeline.yaml", "--input", "data.csv"], in: folder)
        #expect(run.code == 78)
        #expect(run.errors.contains("missing key 'label': model 'lr' learns from one"), "\(run.errors)")
    }
}
