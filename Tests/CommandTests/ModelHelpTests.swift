// Goal: the models explain themselves, in the terminal and in docs/models.md, and neither can drift from the program.
// Method: the committed page is compared with the program's own; every name of the list has a page.

import Foundation
import Learning
import TestSupport
import Testing

@Suite struct ModelHelpTests {
    @Test func `the committed page is the program's`() throws {
        let page = try String(
            contentsOf: projectFolder.appending(path: "docs").appending(path: "models.md"), encoding: .utf8)
        let made = try CommandRun.finish(["help", "models", "--markdown"])
        #expect(made.code == 0 && made.errors == "")
        #expect(made.output == page, "docs/models.md is old: make docs")
        for type in ModelType.all where type.isBuilt {
            #expect(page.contains("\n## \(type.name)\n"), "\(type.name)")
            for rule in type.parameters { #expect(page.contains("| `\(rule.key)` |"), "\(type.name) \(rule.key)") }
        }
        // Every link leads to a section of the page.
        for link in page.matches(of: /\]\(#([a-z0-9_]+)\)/) {
            #expect(page.contains("\n## \(link.1)\n"), "\(link.1)")
        }
    }

    @Test func `every model and detector has a page of its own`() throws {
        let overview = try CommandRun.finish(["help", "models"]).output
        let names = ModelType.all.filter(\.isBuilt).map(\.name) + DetectorType.all.map(\.name)
        for name in names {
            #expect(overview.contains("\n  \(name)"), "\(name)")
            let page = try CommandRun.finish(["help", name])
            #expect(page.code == 0 && page.output.hasPrefix("\(name): "))
            #expect(page.output.contains("Source"))
            #expect(page.output.split(separator: "\n").allSatisfy { $0.count <= 130 }, "\(name)")
        }
        let page = try CommandRun.finish(["help", "passive_aggressive"]).output
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for word in ["epsilon", "number from 0 to 1000000000", "default 0.1", "Crammer", "O(features)"] {
            #expect(page.contains(word), "\(word)")
        }
    }

    @Test func `a misspelt name is exit 64 with the nearest`() throws {
        let run = try CommandRun.finish(["help", "passive_agressive"])
        #expect(run.code == 64)
        #expect(run.errors.contains("did you mean 'passive_aggressive'?"))
    }
}
