// Goal: `millrace drift` finds in a file what the reference detectors find, in its fixed form, and names what is wrong with
// the command line, the parameters or the data. Method: run the built program on the reference's streams and on small files.

import Foundation
import TestSupport
import Testing

@Suite struct DriftTests {
    private static let reference = projectFolder.appending(path: "Tests/LearningTests/Reference")

    private struct Lists: Decodable, Equatable {
        var drift: [Int]
        var warning_start: [Int]
    }

    private func lists(_ run: CommandRun.Result) throws -> Lists {
        #expect(run.code == 0, "\(run.errors)")
        return try JSONDecoder().decode(Lists.self, from: Data(run.output.utf8))
    }

    @Test(arguments: [
        ("ADWIN", ["adwin"], "value"), ("PageHinkley", ["page_hinkley"], "value"),
        ("PageHinkley_lambda10", ["page_hinkley", "--set", "threshold=10"], "value"), ("DDM", ["ddm"], "bit"),
        ("EDDM", ["eddm"], "bit"), ("HDDM_A", ["hddm_a"], "bit"), ("HDDM_W", ["hddm_w"], "bit"),
    ])
    func `finds what the reference finds`(name: String, words: [String], column: String) throws {
        let json = try Data(contentsOf: Self.reference.appending(path: "drift_detections.json"))
        let all = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        for (stream, column) in [("numeric", column), ("elec2_logreg", "error")] {
            let entry = try #require(all[stream] as? [String: Any])
            let detections = try #require(entry["detections"] as? [String: [String: [Int]]])
            let file = Self.reference.appending(path: try #require(entry["file"] as? String)).path
            let run = try CommandRun.finish(
                ["drift", "--detector"] + words + ["--input", file, "--column", column, "--json"])
            let found = try lists(run)
            #expect(found.drift == detections[name]?["drift"], "\(stream)")
            #expect(found.warning_start == detections[name]?["warning_start"] ?? [], "\(stream)")
            #expect(run.errors == "")
        }
    }

    /// 0 for 200 rows, then 1: a drift soon after row 200, in any kind of file; and rows without a value keep their number.
    @Test func `reads CSV and JSON lines alike`() throws {
        let folder = try TemporaryFolder()
        let values = (0..<400).map { $0 < 200 ? 0 : 1 }
        _ = try folder.write("a.csv", "id,v\n" + values.map { "x,\($0)\n" }.joined())
        _ = try folder.write("a.jsonl", values.map { "{\"w\":\"x\",\"v\":\($0)}\n" }.joined())
        _ = try folder.write("gaps.csv", "v,id\n" + values.map { "\($0),\n,\n" }.joined())
        var found: [Lists] = []
        for file in ["a.csv", "a.jsonl", "gaps.csv"] {
            let run = try CommandRun.finish(
                ["drift", "--detector", "adwin", "--input", file, "--column", "v", "--json"], in: folder)
            found.append(try lists(run))
            #expect(run.errors.contains("400") == (file == "gaps.csv"), "\(run.errors)")
        }
        #expect(found[0] == found[1])
        #expect(found[0].drift.count == 1)
        #expect(try #require(found[0].drift.first) > 200)
        #expect(found[2].drift == found[0].drift.map { 2 * $0 })
    }

    @Test func `without --json it is a table for people`() throws {
        let file = Self.reference.appending(path: "drift_numeric_stream.csv.gz").path
        let run = try CommandRun.finish(["drift", "--detector", "ddm", "--input", file, "--column", "bit"])
        #expect(run.code == 0)
        let lines = run.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            lines == [
                "signal row line", "warning begins 331 333", "warning begins 349 351", "warning begins 351 353",
                "warning begins 362 364", "warning begins 912 914", "drift 1,055 1,057",
                "1 drift, 5 warnings in 3,000 rows of 'bit' by ddm",
            ])
    }

    @Test func `an empty file has no drifts`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("none.csv", "v\n")
        let run = try CommandRun.finish(
            ["drift", "--detector", "kswin", "--input", "none.csv", "--column", "v", "--json"], in: folder)
        #expect(run.code == 0)
        #expect(run.output == "{\"drift\":[],\"warning_start\":[]}\n")
    }

    @Test(arguments: [
        (["--detector", "adwinn"], "did you mean 'adwin'?"), (["--detector", "pagehinkley"], "page_hinkley"),
    ])
    func `an unknown detector is exit 64`(words: [String], hint: String) throws {
        let run = try CommandRun.finish(["drift"] + words + ["--input", "a.csv", "--column", "v"])
        #expect(run.code == 64)
        #expect(run.errors.contains(hint), "\(run.errors)")
    }

    @Test(arguments: [
        ("adwin", ["delte=0.1"], ["unknown key `delte`", "did you mean 'delta'?", "grace_period"]),
        ("adwin", ["delta=2"], ["`delta` takes a number from 1e-12 to 1"]),
        ("adwin", ["delta=x"], ["`delta` takes a number"]), ("adwin", ["clock=1.5"], ["takes a whole number"]),
        ("adwin", ["clock=nan", "delta=0"], ["--set clock: ", "--set delta: "]),
        ("adwin", ["clock=1", "clock=2"], ["`clock` comes twice"]),
        ("page_hinkley", ["mode=upp"], ["unknown value `upp`", "did you mean 'up'?"]),
        ("ddm", ["warning_threshold=4"], ["must not be above drift_threshold"]),
        ("kswin", ["stat_size=60"], ["must not be above half of window_size"]),
    ])
    func `a bad parameter is exit 78`(detector: String, settings: [String], messages: [String]) throws {
        let run = try CommandRun.finish(
            ["drift", "--detector", detector, "--input", "a.csv", "--column", "v"]
                + settings.flatMap { ["--set", $0] })
        #expect(run.code == 78)
        #expect(run.output == "")
        for message in messages { #expect(run.errors.contains(message), "\(run.errors)") }
    }

    @Test func `bad data is exit 65 with its place`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("a.csv", "id,price\n1,0\n2,35.5\n3,x\n")
        _ = try folder.write("wide.csv", "v\n1\n2,3\n")
        _ = try folder.write("a.jsonl", "{\"v\":0}\n{\"v\":\"1\"}\n")
        for (file, detector, column, messages) in [
            ("a.csv", "adwin", "price", ["a.csv:4: ", "field \"price\"", "found x"]),
            ("a.csv", "adwin", "prise", ["no column 'prise'", "did you mean 'price'?", "id, price"]),
            ("a.csv", "ddm", "price", ["a.csv:3: ddm does not take 35.5", "0 to 1"]),
            ("wide.csv", "adwin", "v", ["wide.csv:3: "]), ("a.jsonl", "adwin", "v", ["a.jsonl:2: "]),
            ("a.jsonl", "adwin", "w", ["no row has a number in 'w'"]),
        ] {
            let run = try CommandRun.finish(
                ["drift", "--detector", detector, "--input", file, "--column", column], in: folder)
            #expect(run.code == 65, "\(file) \(column): \(run.errors)")
            #expect(run.output == "")
            for message in messages { #expect(run.errors.contains(message), "\(run.errors)") }
        }
    }

    @Test func `missing data is exit 66, a name without a format 64`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("data.txt", "v\n1\n")
        for (file, code) in [("none.csv", 66), ("data.txt", 64)] {
            let run = try CommandRun.finish(
                ["drift", "--detector", "adwin", "--input", file, "--column", "v"], in: folder)
            #expect(run.code == code)
            #expect(run.errors.contains(file))
        }
    }

    @Test func `the help teaches every detector and its parameters`() throws {
        let page = try CommandRun.finish(["drift", "--help"]).output
        for word in [
            "adwin", "page_hinkley", "ddm", "eddm", "hddm_a", "hddm_w", "kswin", "delta=0.002", "drift_threshold=3",
            "alpha=0.9999", "lambda=0.05", "window_size=100", "$ millrace drift --detector adwin",
        ] {
            #expect(page.contains(word), "\(word)")
        }
    }
}
