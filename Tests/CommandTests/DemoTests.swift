// Goal: the demo loses nothing, reaches the published accuracy, and ends as asked. Method: the whole demo, faster.

import Foundation
import TestSupport
import Testing

@Suite struct DemoTests {
    private static let environment = ["MILLRACE_EXAMPLES": projectFolder.appending(path: "examples").path]

    @Test func `45,312 events come back as as many predictions`() throws {
        let folder = try TemporaryFolder()
        let run = try CommandRun.finish(
            ["demo", "--exit-at-end", "--rate", "15000"], in: folder, environment: Self.environment,
            within: .seconds(110))
        #expect(run.code == 0, "\(run.errors)")
        var sources: Set<Substring> = []
        let lines = try folder.read("predictions.jsonl").split(separator: "\n")
        for line in lines {
            if let source = line.firstMatch(of: /"source":"([^"]*)"/) { sources.insert(source.1) }
        }
        #expect(lines.count == 45_312)
        #expect(sources.count == 45_312)
        #expect(lines.last?.contains("\"source\":\"power-market/0/45311\"") == true)
        // The published model, and the baseline over the same events.
        #expect(run.output.contains(/passive_aggressive \(published\) +0\.9142 +0\.853[23]/), "\(run.output)")
        #expect(run.errors.contains("events_per_second="))
        #expect(run.errors.contains("partition_0="))
        #expect(!run.errors.contains("\u{1B}["), "no terminal, no control sequences")
    }

    @Test func `it stays until it is told to stop`() throws {
        let folder = try TemporaryFolder()
        let run = try CommandRun(["demo", "--rate", "100000"], in: folder, environment: Self.environment)
        try eventually("all events", within: .seconds(110)) {
            run.process.errors.contains("out=45312") || !run.process.isRunning
        }
        // The end of the data has to show in its last progress line while it goes on.
        let lineCount = run.process.errors.split(separator: "\n").count
        try eventually("another progress line", within: .seconds(60)) {
            run.process.errors.split(separator: "\n").count > lineCount || !run.process.isRunning
        }
        #expect(run.process.isRunning, "\(run.process.errors)")
        run.process.send(signal: SIGINT)
        let result = try run.finish(within: .seconds(30))
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains("predictions in predictions.jsonl"))
    }

    @Test func `without the example it says where it looked`() throws {
        let copy = try TemporaryFolder()
        let binary = copy.path("millrace")
        try FileManager.default.copyItem(atPath: MillraceBinary.path, toPath: binary)
        let run = try ChildProcess.run(binary, ["demo", "--exit-at-end"], within: .seconds(30))
        #expect(run.ending == .code(66))
        #expect(run.errors.contains("MILLRACE_EXAMPLES"))
    }
}
