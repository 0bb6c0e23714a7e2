// Goal: `eval` shows every figure of a model, of all events and of the recent ones, the trivial baselines, the calibration and
// the confusion of its predictions; in JSON by fixed keys, for people within 100 columns. Method: the figures are computed a
// second time from the file of predictions that the same run wrote, by their definitions.

import Foundation
import TestSupport
import Testing

@Suite struct EvaluateFigureTests {
    private struct Run {
        let report: [String: Any]
        /// The cells of the file of predictions, without its header.
        let rows: [[Substring]]

        func figures(_ key: String, _ model: String) throws -> [String: Any] {
            try #require((report[key] as? [String: [String: Any]])?[model])
        }
    }

    private static func evaluate(_ pipeline: String, _ data: String) throws -> Run {
        let folder = try TemporaryFolder()
        let run = try CommandRun.finish(
            ["eval", pipeline, "--input", data, "--json", "--predictions", "out.csv"], in: folder)
        #expect(run.code == 0, "\(run.errors)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let rows = try folder.read("out.csv").split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        return Run(report: report, rows: rows)
    }

    private static func example(_ name: String, _ data: String) -> (pipeline: String, data: String) {
        let folder = projectFolder.appending(path: "examples").appending(path: name)
        return (folder.appending(path: "pipeline.yaml").path, folder.appending(path: data).path)
    }

    private static func expect(
        _ found: [String: Any], near wanted: [String: Double], tolerance: Double = 1e-9,
        _ location: SourceLocation = #_sourceLocation
    ) {
        for (name, value) in wanted {
            let figure = found[name] as? Double ?? .nan
            #expect(abs(figure - value) <= tolerance, "\(name): \(figure), not \(value)", sourceLocation: location)
        }
    }

    /// The weighted counts of a stream of answers to a yes-or-no question.
    private struct Counts {
        var truePositive = 0.0, falsePositive = 0.0, trueNegative = 0.0, falseNegative = 0.0
        var squared = 0.0
        var lastRight = 0.0
        var majorityRight = 0.0

        init(_ answers: [(positive: Bool, score: Double)], factor: Double = 1) {
            var last = false
            var balance = 0
            for (index, answer) in answers.enumerated() {
                let weight = factor == 1 ? 1 : pow(factor, Double(answers.count - 1 - index))
                switch (answer.positive, answer.score > 0.5) {
                case (true, true): truePositive += weight
                case (true, false): falseNegative += weight
                case (false, true): falsePositive += weight
                case (false, false): trueNegative += weight
                }
                squared += weight * pow(answer.score - (answer.positive ? 1 : 0), 2)
                if last == answer.positive { lastRight += weight }
                if (balance > 0) == answer.positive { majorityRight += weight }
                last = answer.positive
                balance += answer.positive ? 1 : -1
            }
        }

        var all: Double { truePositive + falsePositive + trueNegative + falseNegative }

        var figures: [String: Double] {
            let accuracy = (truePositive + trueNegative) / all
            let precision = truePositive / (truePositive + falsePositive)
            let recall = truePositive / (truePositive + falseNegative)
            let chance =
                ((truePositive + falseNegative) * (truePositive + falsePositive) + (trueNegative + falsePositive)
                    * (trueNegative + falseNegative))
                / (all * all)
            return [
                "accuracy": accuracy, "precision": precision, "recall": recall,
                "f1": 2 * precision * recall / (precision + recall),
                "balanced_accuracy": (recall + trueNegative / (trueNegative + falsePositive)) / 2,
                "brier": squared / all, "kappa": (accuracy - chance) / (1 - chance),
                "kappa_temporal": (accuracy - lastRight / all) / (1 - lastRight / all),
                "kappa_majority": (accuracy - majorityRight / all) / (1 - majorityRight / all),
            ]
        }
    }

    @Test func `every figure of a yes-or-no model follows from its predictions`() throws {
        let files = Self.example("electricity", "elec2.csv.gz")
        let run = try Self.evaluate(files.pipeline, files.data)
        for (column, model) in [(2, "passive_aggressive"), (3, "logistic_regression")] {
            let answers = run.rows.map { ($0[1] == "1", Double($0[column]) ?? .nan) }
            let counts = Counts(answers)
            let metrics = try run.figures("metrics", model)
            #expect(metrics.count == 12)
            Self.expect(metrics, near: counts.figures)
            // The weights of the recent events fall in steps of 31 events; one for each event is what they stand for.
            Self.expect(
                try run.figures("recent", model), near: Counts(answers, factor: 0.999).figures, tolerance: 0.01)
            let confusion = try run.figures("confusion", model)
            #expect(confusion.count == 4 && confusion["true_positive"] as? Int == Int(counts.truePositive))
            #expect(confusion["false_positive"] as? Int == Int(counts.falsePositive))
            #expect(confusion["true_negative"] as? Int == Int(counts.trueNegative))
            #expect(confusion["false_negative"] as? Int == Int(counts.falseNegative))
            try checkCalibration(of: model, run, answers)
            Self.expect(
                try #require(run.report["baselines"] as? [String: Any]),
                near: [
                    "last_label_accuracy": counts.lastRight / counts.all,
                    "majority_accuracy": counts.majorityRight / counts.all,
                ])
        }
        #expect((run.report["recent_baselines"] as? [String: Any])?.count == 2)
    }

    private func checkCalibration(of model: String, _ run: Run, _ answers: [(positive: Bool, score: Double)]) throws {
        let curves = try #require(run.report["calibration"] as? [String: [[String: Any]]])
        let bins = try #require(curves[model])
        #expect(bins.count == 10)
        var error = 0.0
        for bin in bins {
            let (from, to) = (bin["from"] as? Double ?? .nan, bin["to"] as? Double ?? .nan)
            let inside = answers.filter { $0.score > from && $0.score <= to || from == 0 && $0.score == 0 }
            #expect(bin["events"] as? Int == inside.count)
            let mean = inside.map(\.score).reduce(0, +) / Double(inside.count)
            let truth = Double(inside.count(where: \.positive)) / Double(inside.count)
            Self.expect(bin, near: ["mean_probability": mean, "truth_share": truth])
            error += abs(mean - truth) * Double(inside.count) / Double(answers.count)
        }
        Self.expect(try run.figures("metrics", model), near: ["calibration_error": error])
    }

    @Test func `several classes have a matrix with their names`() throws {
        let folder = try TemporaryFolder()
        let names = ["red", "green", "blue"]
        var data = "a,b,colour\n"
        for index in 0..<900 {
            let kind = (index * index + index / 7) % 3
            data += "\(Double(kind) + Double(index * 37 % 100) / 60),\(index * 17 % 50),\(names[kind])\n"
        }
        let pipeline = try folder.write(
            "pipeline.yaml", "label: {field: colour}\nmodels: {nb: {type: gaussian_nb}}\n")
        let run = try Self.evaluate(pipeline, try folder.write("data.csv", data))
        let confusion = try run.figures("confusion", "nb")
        let classes = try #require(confusion["classes"] as? [String])
        let matrix = try #require(confusion["matrix"] as? [[Int]])
        #expect(Set(classes) == Set(names) && matrix.count == 3)
        // A model that knows no class yet is taken to say the first, which the first event then is.
        for (row, label) in classes.enumerated() {
            for (column, predicted) in classes.enumerated() {
                let known = run.rows.count { $0[1] == label && $0[2] == predicted }
                #expect(matrix[row][column] == known + (row == 0 && column == 0 ? 1 : 0), "\(label) as \(predicted)")
            }
        }
        #expect(
            Set(try run.figures("metrics", "nb").keys) == [
                "accuracy", "log_loss", "macro_f1", "balanced_accuracy", "macro_precision", "macro_recall", "brier",
                "calibration_error", "kappa", "kappa_temporal", "kappa_majority",
            ])
        let table = try CommandRun.finish(["eval", pipeline, "--input", try folder.write("data.csv", data)])
        #expect(table.output.contains("is, predicted as") && table.output.contains("confusion of nb"))
    }

    @Test func `a model of a quantile has its loss`() throws {
        let folder = try TemporaryFolder()
        let pipeline = try folder.write(
            "pipeline.yaml",
            """
            label: {field: y, task: regression}
            models:
              mean: {type: linear_regression}
              high: {type: linear_regression, loss: quantile, quantile: 0.9}
            """)
        let data = "x,y\n" + (0..<500).map { "\($0 % 10),\(Double($0 * 7_919 % 100) / 10)\n" }.joined()
        let run = try Self.evaluate(pipeline, try folder.write("data.csv", data))
        let errors = run.rows.map { (Double($0[1]) ?? .nan) - (Double($0[3]) ?? .nan) }
        let loss = errors.map { $0 > 0 ? 0.9 * $0 : -0.1 * $0 }.reduce(0, +) / Double(errors.count)
        let bias = -errors.reduce(0, +) / Double(errors.count)
        Self.expect(try run.figures("metrics", "high"), near: ["quantile_loss": loss, "bias": bias])
        #expect(Set(try run.figures("metrics", "mean").keys) == ["mae", "rmse", "r2", "bias"])
        #expect(Set((run.report["baselines"] as? [String: Any] ?? [:]).keys) == ["last_value_mae", "running_mean_mae"])
        #expect((run.report["calibration"] as? [String: Any])?.isEmpty == true)
    }

    @Test func `experts are shown with their weight, the retired ones marked`() throws {
        let folder = try TemporaryFolder()
        let pipeline = try folder.write(
            "pipeline.yaml",
            """
            label: {field: label, positive: 1}
            models:
              plain: {type: majority}
              mixed:
                type: auto
                budget: 0.5
                experts: [{type: logistic_regression, optimizer: adam}, knn, majority, {type: last_label, by: key}]
            """)
        let data = Self.example("phishing", "phishing.csv").data
        let report = try Self.evaluate(pipeline, data).report
        let experts = try #require(report["experts"] as? [String: [[String: Any]]])
        #expect(Array(experts.keys) == ["mixed"])
        let mixed = try #require(experts["mixed"])
        #expect(
            mixed.map { $0["name"] as? String } == ["logistic_regression", "knn", "majority", "last_label", "stacker"])
        #expect(mixed.map { $0["parameters"] as? String } == ["optimizer: adam", "", "", "by: key", ""])
        let weights = mixed.compactMap { $0["weight"] as? Double }
        #expect(weights.count == 5 && abs(weights.reduce(0, +) - 1) < 1e-9)
        // Neighbours are beyond half a microsecond; after 1,000 events they are out.
        #expect(mixed.map { $0["retired"] as? Bool } == [false, true, false, false, false])
        #expect(weights[1] == 0 && weights[0] > weights[2])
        let run = try CommandRun.finish(["eval", pipeline, "--input", data])
        let lines = run.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        let first = try #require(lines.firstIndex(of: "experts of mixed"))
        #expect(lines[first + 1] == "expert weight")
        #expect(lines[first + 6] == "knn 0.0000 retired", "\(run.output)")
        let text = String(format: "logistic_regression (optimizer: adam) %.4f", weights[0])
        #expect(lines.contains(text), "\(run.output)")
        // Without such a model there is no such key.
        let files = Self.example("phishing", "phishing.csv")
        #expect(try Self.evaluate(files.pipeline, files.data).report["experts"] == nil)
    }

    @Test func `people see every figure in 100 columns`() throws {
        let files = Self.example("electricity", "elec2.csv.gz")
        let run = try CommandRun.finish(["eval", files.pipeline, "--input", files.data])
        let report = try Self.evaluate(files.pipeline, files.data)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 100 }, "\(run.output)")
        let words = Set(lines.flatMap { $0.split(separator: " ") })
        for model in ["passive_aggressive", "logistic_regression"] {
            for (name, value) in try report.figures("metrics", model) {
                #expect(words.contains(Substring(name)), "\(name)")
                let text = String(format: "%.6f", value as? Double ?? .nan)
                #expect(words.contains(Substring(text)), "\(name) \(text)\n\(run.output)")
            }
        }
        #expect(lines.contains { $0.hasPrefix("(same as the last label)  0.853284") })
        #expect(lines.contains { $0.hasPrefix("  recent ") })
        #expect(run.output.contains("calibration of passive_aggressive\nP from"))
    }
}
