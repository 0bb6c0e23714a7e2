// Goal: `produce` and `run` work together on the embedded cluster, count what they did, stop cleanly on a signal, and
// end with the right exit code when they cannot begin. Method: real processes; the metrics page tells how far `run` is.

import Foundation
import FoundationNetworking
import TestSupport
import Testing

@Suite struct LoadAndRunTests {
    static let example = projectFolder.appending(path: "examples/phishing")
    static var pipeline: String { example.appending(path: "pipeline.yaml").path }
    static var data: String { example.appending(path: "phishing.csv").path }

    /// Beginnings of lines on the metrics page of a service at work.
    private static let promised = [
        "millrace_events_total 1250", "millrace_predictions_total 1250", "millrace_ready 1",
        "millrace_build_info{version=", "millrace_log_entries_dropped_total 0", "process_resident_memory_bytes ",
        "millrace_partition_lag{", "millrace_partition_progress_age_seconds{",
    ]

    /// The phishing pipeline with an HTTP server on a free port.
    private static func servingPipeline(_ folder: TemporaryFolder) throws -> String {
        let text = try String(contentsOfFile: pipeline, encoding: .utf8) + "http: {port: 0}\n"
        return try folder.write("pipeline.yaml", text)
    }

    private static func bootstrap(_ run: CommandRun) throws -> String {
        try eventually("the first line of standard output", within: .seconds(30)) {
            run.process.output.contains("\n") || !run.process.isRunning
        }
        let line = try #require(run.process.output.split(separator: "\n").first, "\(run.process.errors)")
        let servers = try #require(line.firstMatch(of: /^bootstrap\.servers=(127\.0\.0\.1:\d+)$/)).1
        return String(servers)
    }

    @Test func `run scores what produce loads, and a signal ends it with exit 0`() throws {
        let folder = try TemporaryFolder()
        let run = try CommandRun(
            ["run", try Self.servingPipeline(folder), "--embedded", "--partitions", "2"], in: folder)
        let servers = try Self.bootstrap(run)
        let produce = try CommandRun.finish([
            "produce", "--input", Self.data, "--topic", "web-sites", "--bootstrap", servers, "--key", "long_url",
        ])
        #expect(produce.code == 0, "\(produce.errors)")
        #expect(produce.output.hasPrefix("1,250 events in web-sites"))
        try eventually("1,250 predictions", within: .seconds(60)) {
            try run.process.page("/metrics").contains("millrace_predictions_total 1250\n")
        }
        try eventually("every metric of a running service", within: .seconds(30)) {
            let page = try run.process.page("/metrics")
            return Self.promised.allSatisfy { page.contains("\n" + $0) }
        }
        #expect(try run.process.page("/healthz") == "ok\n")
        #expect(try run.process.page("/readyz") == "ok\n")
        run.process.send(signal: SIGTERM)
        let result = try run.finish()
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == "bootstrap.servers=\(servers)\n")
        #expect(result.errors.contains("predictions=1250"))
    }

    /// What another program reads from the output topic of a service whose file says `explain: 2`.
    @Test func `predictions say why where the file asks for it`() throws {
        let folder = try TemporaryFolder()
        let text = try String(contentsOfFile: Self.pipeline, encoding: .utf8)
        let output = try #require(text.firstMatch(of: /output: \{topic: ([a-z-]+)\}/))
        let pipeline = try folder.write(
            "pipeline.yaml",
            text.replacing(output.0, with: "output: {topic: \(output.1), explain: 2}") + "http: {port: 0}\n")
        let run = try CommandRun(["run", pipeline, "--embedded", "--input", Self.data], in: folder)
        let servers = try Self.bootstrap(run)
        try eventually("1,250 predictions delivered", within: .seconds(60)) {
            try run.process.page("/metrics").contains("millrace_deliveries_total 1250\n")
        }
        let lines = try Kcat(servers).read(String(output.1), format: "%s\n").split(separator: UInt8(ascii: "\n"))
        run.process.send(signal: SIGTERM)
        #expect(try run.finish().code == 0)
        #expect(lines.count == 1_250)
        let fields = Set(
            try #require(try String(contentsOfFile: Self.data, encoding: .utf8).split(separator: "\n").first)
                .split(separator: ",").map(String.init))
        let line = try #require(lines.last)
        let last = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
        let explanation = try #require(last["explanation"] as? [[String: Any]])
        let names = explanation.compactMap { $0["feature"] as? String }
        #expect(names.count == 2 && fields.isSuperset(of: names))
        let amounts = explanation.compactMap { $0["contribution"] as? Double }
        #expect(amounts.count == 2 && abs(amounts[0]) >= abs(amounts[1]))
    }

    @Test func `an embedded run over a file ends by itself`() throws {
        let result = try CommandRun.finish(["run", Self.pipeline, "--embedded", "--input", Self.data, "--exit-at-end"])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.split(separator: "\n").count == 1)
        #expect(result.errors.contains("predictions=1250"))
        #expect(result.errors.contains("reached_end=true"))
    }

    @Test func `a pipeline of CSV records gets its cells in its own order`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("data.csv", "note,y,x\n\"a, \"\"b\"\"\",1,0.5\nplain,0,\"2\"\n,1,\nshort,1\n")
        _ = try folder.write("data.jsonl", #"{"x":1,"y":"1"}"# + "\n")
        _ = try folder.write("less.csv", "y,z\n1,2\n")
        _ = try folder.write(
            "pipeline.yaml",
            """
            name: cells
            kafka: {}
            input:
              topic: cells
              format: csv
              columns: [x, note, y]
              fields: {x: number, note: category, y: category}
            label: {field: y, positive: "1"}
            features: [x, {one_hot: note}]
            models: {line: {type: logistic_regression}}
            output: {topic: answers}
            on_bad_record: stop
            """)
        let result = try CommandRun.finish(
            ["run", "pipeline.yaml", "--embedded", "--input", "data.csv", "--exit-at-end"], in: folder)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("predictions=3"), "\(result.errors)")
        #expect(result.errors.contains("2 cells, but there are 3 columns"), "\(result.errors)")
        for (data, code, reason) in [("data.jsonl", Int32(64), "JSON lines"), ("less.csv", 65, "no column \"x\"")] {
            let refused = try CommandRun.finish(["run", "pipeline.yaml", "--embedded", "--input", data], in: folder)
            #expect(refused.code == code && refused.errors.contains(reason), "\(refused.errors)")
            #expect(refused.output == "")
        }
    }

    @Test func `more than the embedded cluster keeps goes through it without loss`() throws {
        // 12,000 rows with a kilobyte of noise each, which does not compress: more than twice the 5 MiB of a partition.
        let folder = try TemporaryFolder()
        var state: UInt64 = 1
        var text = "x0,label,noise\n"
        for row in 0..<12_000 {
            text += "0.\(row),1.5,"
            for _ in 0..<64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += "n\(state)"
            }
            text += "\n"
        }
        _ = try folder.write("noise.csv", text)
        _ = try folder.write(
            "pipeline.yaml",
            """
            name: noise
            kafka: {}
            input: {topic: noise, fields: {x0: number, label: number}}
            label: {field: label, task: regression}
            models: {line: {type: linear_regression}}
            output: {topic: answers}
            """)
        let result = try CommandRun.finish(
            ["run", "pipeline.yaml", "--embedded", "--input", "noise.csv", "--exit-at-end"], in: folder)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("predictions=12000"), "\(result.errors)")
    }

    @Test func `an empty embedded cluster has no end`() throws {
        let folder = try TemporaryFolder()
        let none = try CommandRun.finish(["run", Self.pipeline, "--embedded", "--exit-at-end"])
        #expect(none.code == 64)
        #expect(none.output == "")
        let header = try #require(try String(contentsOfFile: Self.data, encoding: .utf8).split(separator: "\n").first)
        let empty = try folder.write("empty.csv", header + "\n")
        let run = try CommandRun.finish(["run", Self.pipeline, "--embedded", "--input", empty, "--exit-at-end"])
        #expect(run.code == 64)
        #expect(run.errors.contains("holds no events"))
    }

    @Test func `a rate is kept`() throws {
        let folder = try TemporaryFolder()
        let run = try CommandRun(["run", try Self.servingPipeline(folder), "--embedded"], in: folder)
        let servers = try Self.bootstrap(run)
        let started = ContinuousClock.now
        let produce = try CommandRun.finish([
            "produce", "--input", Self.data, "--topic", "web-sites", "--bootstrap", servers, "--rate", "1000",
        ])
        let seconds = (ContinuousClock.now - started).seconds
        #expect(produce.code == 0)
        #expect(seconds > 1.24)
        let slow = try CommandRun([
            "produce", "--input", Self.data, "--topic", "web-sites", "--bootstrap", servers, "--rate", "10",
        ])
        try eventually("some events of the slow load", within: .seconds(60)) {
            try run.process.page("/metrics").firstMatch(of: /millrace_predictions_total (\d+)/)
                .flatMap { Int($0.1) } ?? 0 > 1_252
        }
        slow.process.send(signal: SIGINT)
        let interrupted = try slow.finish(within: .seconds(60))
        #expect(interrupted.code == 0)
        #expect(interrupted.errors.contains("interrupted"))
        run.process.send(signal: SIGINT)
        #expect(try run.finish().code == 0)
    }

    @Test func `what cannot begin ends with its exit code`() throws {
        let folder = try TemporaryFolder()
        let tail = ["--topic", "t", "--bootstrap", "127.0.0.1:1", "--connect-timeout", "1"]
        let bad = try folder.write("data.txt", "a\n1\n")
        let cases: [([String], Int32, String)] = [
            (["produce", "--input", "none.csv"] + tail, 66, "none.csv"),
            (["produce", "--input", bad] + tail, 64, ".csv"),
            (["produce", "--input", Self.data] + tail, 69, "127.0.0.1:1"),
            (["produce", "--input", Self.data, "--property", "linger.mss=1"] + tail, 78, "linger.ms"),
            (["produce", "--input", Self.data, "--property", "enable.idempotence=false"] + tail, 78, "idempotence"),
            (["run", Self.pipeline, "--embedded", "--input", "none.csv"], 66, "none.csv"),
        ]
        for (words, code, message) in cases {
            let run = try CommandRun.finish(words, in: folder)
            #expect(run.code == code, "\(words): \(run.errors)")
            #expect(run.errors.contains(message), "\(words): \(run.errors)")
            #expect(run.output == "")
        }
        let text = try String(contentsOfFile: Self.pipeline, encoding: .utf8)
            .replacing("localhost:9092", with: "127.0.0.1:1")
        let unreachable = try CommandRun.finish(
            ["run", try folder.write("unreachable.yaml", text), "--connect-timeout", "1"])
        #expect(unreachable.code == 69, "\(unreachable.errors)")
    }
}
