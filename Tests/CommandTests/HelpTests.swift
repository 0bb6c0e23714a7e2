// Goal: help, version and completion tell the truth: every command and every flag that parses is in them, and what they
// name parses. Method: read the command list and flags back from the printed help, since it is made from the table.

import Foundation
import TestSupport
import Testing

@Suite struct HelpTests {
    /// Commands of the design, in its words, with their flags.
    static let designed: [String: [String]] = [
        "run": ["--embedded", "--input", "--partitions", "--exit-at-end", "--connect-timeout"],
        "demo": ["--exit-at-end", "--rate"],
        "eval": ["--input", "--json", "--predictions"],
        "check": [],
        "produce": [
            "--input", "--topic", "--bootstrap", "--property", "--rate", "--key", "--partitions", "--timestamp",
        ],
        "drift": ["--detector", "--input", "--column", "--set", "--json"],
        "state": ["--json"],
        "replay": [],
        "bench": ["--events"],
        "completion": [],
    ]

    @Test(arguments: designed.keys.sorted())
    func `each page names every flag and the common ones`(command: String) throws {
        let page = try CommandRun.finish([command, "--help"])
        #expect(page.code == 0)
        #expect(page.errors == "")
        for flag in (Self.designed[command] ?? []) + ["--help", "--log-level", "--log-format"] {
            #expect(page.output.contains("  \(flag)"), "\(command): \(flag)")
        }
        #expect(page.output.contains("Exit codes:"))
        #expect(try CommandRun.finish(["help", command]).output == page.output)
        #expect(page.output.split(separator: "\n").allSatisfy { $0.count <= 110 })
    }

    @Test func `the overview names every command, and only them`() throws {
        let run = try CommandRun.finish(["--help"])
        #expect(run.code == 0)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        let listed = lines.drop { $0 != "Commands:" }.dropFirst().prefix { !$0.isEmpty }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(Set(listed) == Set(Self.designed.keys).union(["help"]))
    }

    @Test func `the file's keys can be looked up`() throws {
        let run = try CommandRun.finish(["help", "pipeline"])
        #expect(run.code == 0)
        #expect(run.errors == "")
        for key in ["name", "input.topic", "input.columns", "models.*", "http.port", "on_bad_record"] {
            #expect(run.output.contains("\n\(key)  ("), "\(key)")
        }
        let page = try CommandRun.finish(["check", "--help"])
        #expect(page.output.contains("millrace help pipeline"))
    }

    @Test func `version is a version`() throws {
        let run = try CommandRun.finish(["--version"])
        #expect(run.code == 0)
        #expect(run.output.wholeMatch(of: /millrace \d+\.\d+\.\d+\n/) != nil)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completion knows every command and flag`(shell: String) throws {
        let run = try CommandRun.finish(["completion", shell])
        #expect(run.code == 0)
        for (command, flags) in Self.designed {
            #expect(run.output.contains(command))
            for flag in flags {
                let spelled = shell == "fish" ? "-l \(flag.dropFirst(2))" : flag
                #expect(run.output.contains(spelled), "\(command) \(flag)")
            }
        }
    }

    @Test func `bash accepts and uses its script`() throws {
        let script = """
            source /dev/stdin <<< "$(\(MillraceBinary.path) completion bash)"
            ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _millrace; echo "${COMPREPLY[*]}"; }
            ask millrace pro
            ask millrace eval --pre
            ask millrace run --log-level w
            ask millrace completion z
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let answer = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(answer == "produce\n--predictions\nwarning\nzsh\n")
    }
}
