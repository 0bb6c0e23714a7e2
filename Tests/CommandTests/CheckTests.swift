// Goal: `check` says yes to a right file in one line, and otherwise names every problem at its place with exit 78; `run`
// and `eval` refuse the same file the same way. Method: files written on the spot.

import Foundation
import TestSupport
import Testing

@Suite struct CheckTests {
    static let good = """
        name: fraud
        kafka:
          bootstrap.servers: localhost:9092
        input:
          topic: payments
          fields:
            amount: number
            label: category
        label: {field: label, positive: "1"}
        models:
          champion: {type: logistic_regression}
        output: {topic: scores}

        """

    @Test func `a right file is one line and exit 0`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("good.yaml", Self.good)
        let run = try CommandRun.finish(["check", "good.yaml"], in: folder)
        #expect(run.code == 0, "\(run.errors)\(run.output)")
        #expect(run.output.hasPrefix("good.yaml: ok: pipeline fraud"))
        #expect(run.output.split(separator: "\n").count == 1)
        #expect(run.errors == "")
    }

    @Test func `every example is right`() throws {
        let examples = projectFolder.appending(path: "examples")
        for name in try FileManager.default.contentsOfDirectory(atPath: examples.path) {
            let file = examples.appending(path: name).appending(path: "pipeline.yaml").path
            let run = try CommandRun.finish(["check", file])
            #expect(run.code == 0, "\(run.output)")
        }
    }

    @Test func `every problem has its place and the nearest word`() throws {
        let folder = try TemporaryFolder()
        let text = Self.good
            .replacing("models:", with: "modles:")
            .replacing("amount: number", with: "amount: nmber")
        _ = try folder.write("bad.yaml", text)
        let run = try CommandRun.finish(["check", "bad.yaml"], in: folder)
        #expect(run.code == 78)
        #expect(run.output.contains("bad.yaml:7:13: "), "\(run.output)")
        #expect(run.output.contains("number"))
        #expect(run.output.contains("bad.yaml:10:1: "))
        #expect(run.output.contains("did you mean 'models'"))
    }

    @Test(arguments: [
        ("sasl.mechanism: PLAN, security.protocol: SASL_PLAINTEXT", "PLAN"),
        ("security.protocol: SSL, ssl.key.pem: not-a-key", "ssl.key.pem"),
        ("security.protocol: SSL, ssl.ca.location: /none/ca.pem", "ssl.ca.location"),
    ])
    func `what librdkafka refuses only when a client is made is found`(properties: String, word: String) throws {
        let folder = try TemporaryFolder()
        let text = Self.good.replacing(
            "kafka:\n  bootstrap.servers: localhost:9092",
            with: "kafka: {bootstrap.servers: 'localhost:9', \(properties)}")
        _ = try folder.write("bad.yaml", text)
        let run = try CommandRun.finish(["check", "bad.yaml"], in: folder)
        #expect(run.code == 78)
        #expect(run.output.hasPrefix("bad.yaml:2:1: 'kafka': librdkafka"), "\(run.output)")
        #expect(run.output.contains(word), "\(run.output)")
        #expect(!run.output.contains("not-a-key"), "a secret is not shown")
    }

    @Test func `what is not built yet is exit 78 and says so`() throws {
        let folder = try TemporaryFolder()
        let text = Self.good.replacing("{topic: scores}", with: "{topic: scores, guarantee: exactly_once}")
        _ = try folder.write("later.yaml", text)
        for command in [["check", "later.yaml"], ["run", "later.yaml"]] {
            let run = try CommandRun.finish(command, in: folder)
            #expect(run.code == 78)
            #expect((run.output + run.errors).contains("not yet"), "\(run.output)\(run.errors)")
            #expect((run.output + run.errors).contains("later.yaml:12:"))
        }
    }

    @Test(arguments: [["check", "none.yaml"], ["run", "none.yaml"], ["eval", "none.yaml", "--input", "d.csv"]])
    func `a file that cannot be read is exit 66`(words: [String]) throws {
        let run = try CommandRun.finish(words)
        #expect(run.code == 66)
        #expect(run.errors.contains("none.yaml"))
        #expect(run.output == "")
    }
}
