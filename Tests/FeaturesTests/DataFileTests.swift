// Goal: data files of either format, plain or gzip, give every record once with its line, and every fault of a file is an
// error that names the place.

import Features
import Foundation
import Testing

@Suite struct DataFiles {
    /// A file in a folder of its own, removed afterwards.
    private func withFile<Value>(
        _ name: String, _ content: [UInt8], compressed: Bool = false, _ body: (String) throws -> Value
    ) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "millrace-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: name)
        try Data(content).write(to: file)
        if compressed {
            let gzip = Process()
            gzip.executableURL = URL(filePath: "/usr/bin/env")
            gzip.arguments = ["gzip", file.path]
            try gzip.run()
            gzip.waitUntilExit()
            return try body(file.path + ".gz")
        }
        return try body(file.path)
    }

    private func records(_ path: String) throws -> [(Int, String)] {
        var file = try DataFile(path: path)
        var found: [(Int, String)] = []
        while try file.advance() { found.append((file.line, text(file.record))) }
        let goesOn = try file.advance()
        #expect(!goesOn)
        return found
    }

    private func step(_ file: inout DataFile) throws {
        let moved = try file.advance()
        #expect(moved)
    }

    private func keyText(_ converter: borrowing RecordConverter) -> String? {
        guard let key = converter.key else { return nil }
        return text(key)
    }

    private func error(_ path: String) -> DataFileError? {
        do {
            var file = try DataFile(path: path)
            while try file.advance() {}
            return nil
        } catch { return error }
    }

    @Test func csvRecordsWithTheirLines() throws {
        let content = "\u{FEFF}a,\"b \"\"q\"\"\"\r\n1,2\r\n\n\"x\ny\n\",3\n\r\n4,5"
        for compressed in [false, true] {
            try withFile("f.csv", Array(content.utf8), compressed: compressed) { path in
                let file = try DataFile(path: path)
                #expect(file.columns == ["a", "b \"q\""] && file.format == .csv)
                let found = try records(path)
                #expect(found.map(\.0) == [2, 4, 8])
                #expect(found.map(\.1) == ["1,2\r\n", "\"x\ny\n\",3\n", "4,5"])
            }
        }
    }

    @Test func jsonLines() throws {
        for name in ["f.jsonl", "F.NDJSON", "f.json"] {
            try withFile(name, Array("{\"a\":\"\\\"\"}\n\n{\"b\":1}\n".utf8), compressed: name == "f.json") { path in
                let found = try records(path)
                #expect(found.map(\.0) == [1, 3])
                #expect(found.map(\.1) == ["{\"a\":\"\\\"\"}\n", "{\"b\":1}\n"])
            }
        }
        let count = try withFile("f.jsonl", []) { try records($0).count }
        #expect(count == 0)
    }

    @Test func recordsLongerThanABlockAndOverItsBorder() throws {
        var content = "a,b\n"
        var expected: [String] = []
        var random = SplitMix(seed: 3)
        for index in 0..<3000 {
            let size = index % 500 == 7 ? 700_000 : random.below(400)
            let quoted =
                random.chance(30)
                ? "\"\(String(repeating: "q\n", count: size / 2))\"" : String(repeating: "p", count: size)
            expected.append("\(index),\(quoted)\n")
            content += expected[index]
        }
        for compressed in [false, true] {
            let found = try withFile("f.csv", Array(content.utf8), compressed: compressed) { try records($0).map(\.1) }
            #expect(found == expected)
        }
    }

    @Test func faultsNameTheirPlace() throws {
        #expect(error("/nowhere/f.csv")?.kind == .unreadable)
        #expect(error("/nowhere/f.txt")?.kind == .unknownFormat)
        let cases: [(String, Int?, String)] = [
            ("", 1, "no header line"), ("\n1\n", 1, "no header line"), ("a,a\n", 1, "column \"a\" is named twice"),
            ("a,\n", 1, "column 2 has no name"), ("\"a\"b\n", 1, "text behind a closing quote"),
            ("a\n1\n\"open\n2\n", 3, "a quoted cell is not closed"),
        ]
        for (content, line, message) in cases {
            try withFile("f.csv", Array(content.utf8)) { path in
                #expect(error(path) == DataFileError(.badData, path: path, line: line, message), "\(content)")
            }
        }
        try withFile("f.csv.gz", Array("a\n1\n".utf8)) { path in
            #expect(error(path)?.message == "is not gzip data, as its name says")
        }
        let rows = "a\n" + (0..<100_000).map { "\($0 &* 7919)\n" }.joined()
        try withFile("g.csv", Array(rows.utf8), compressed: true) { path in
            var bytes = Array(try Data(contentsOf: URL(filePath: path)))
            try Data(bytes.prefix(bytes.count / 2)).write(to: URL(filePath: path))
            #expect(error(path)?.kind == .badData)
            bytes[bytes.count / 2] ^= 0x55
            try Data(bytes).write(to: URL(filePath: path))
            #expect(error(path)?.kind == .badData)
        }
    }

    @Test func schemaOfTheHeader() throws {
        try withFile("f.csv", Array("ts,x,id,y,z\n1,2,3,4,5\n".utf8)) { path in
            let file = try DataFile(path: path)
            let label = Schema.Label(field: "y", kind: .regression)
            let derived = try file.schema(
                adapting: Schema(fields: [], idField: "id", eventTimeField: "ts", label: label))
            #expect(derived.fields.map(\.name) == ["x", "z"] && derived.format == .csv)
            #expect(derived.fields.allSatisfy { $0.kind == .number })
            let declared = try file.schema(adapting: Schema(fields: [Schema.Field(name: "z", kind: .category)]))
            #expect(declared.fields.map(\.name) == ["z"])
            var problem: DataFileError?
            do throws(DataFileError) {
                _ = try file.schema(adapting: Schema(fields: [Schema.Field(name: "q", kind: .number)]))
            } catch { problem = error }
            #expect(problem?.description == "\(path):1: field \"q\": not among the columns")
            var rows = try DataFile(path: path)
            var bench = try Bench(derived)
            try step(&rows)
            let outcome = bench.decoder.decode(rows.record, into: &bench.row)
            #expect(outcome == .good)
            #expect(bench.row.number(0) == 2 && bench.row.number(1) == 5 && bench.row.label == 4)
        }
    }

    @Test func rowsBecomeObjects() throws {
        let content =
            "k,t,n,\"s\"\"t\"\n7,1996-05-07,0.10,x\n,5,007,\"a \"\"b\"\", \\\"\n1e999,,-1.50e-3,NaN\n\"8\",x,1,2\n1,2\n"
        try withFile("f.csv", Array(content.utf8)) { path in
            var file = try DataFile(path: path)
            var converter = try RecordConverter(for: file, keyField: "k", timestampField: "t")
            var outcome = DecodeOutcome.good
            try step(&file)
            outcome = converter.convert(file.record)
            #expect(outcome == .good)
            #expect(text(converter.value) == #"{"k":7,"t":"1996-05-07","n":0.10,"s\"t":"x"}"#)
            #expect(keyText(converter) == "7" && converter.timestampMilliseconds == 831_427_200_000)
            try step(&file)
            outcome = converter.convert(file.record)
            #expect(outcome == .good)
            #expect(text(converter.value) == #"{"k":null,"t":5,"n":"007","s\"t":"a \"b\", \\"}"#)
            #expect(keyText(converter) == nil && converter.timestampMilliseconds == 5)
            try step(&file)
            outcome = converter.convert(file.record)
            #expect(outcome == .good)
            #expect(text(converter.value) == #"{"k":"1e999","t":null,"n":-1.50e-3,"s\"t":"NaN"}"#)
            #expect(converter.timestampMilliseconds == nil)
            try step(&file)
            outcome = converter.convert(file.record)
            #expect(outcome == .bad(.badTime))
            let written = converter.value.byteCount
            #expect(written == 0 && converter.detail.hasPrefix("field \"t\""))
            try step(&file)
            outcome = converter.convert(file.record)
            #expect(outcome == .bad(.malformed))
        }
    }

    @Test func linesPassAsTheyAre() throws {
        try withFile("f.jsonl", Array("{\"k\":\"\\u0041\", \"t\":9}\r\n[]\n".utf8)) { path in
            var file = try DataFile(path: path)
            var converter = try RecordConverter(for: file, keyField: "k", timestampField: "t")
            var outcome = DecodeOutcome.good
            try step(&file)
            outcome = converter.convert(file.record)
            #expect(outcome == .good)
            #expect(text(converter.value) == "{\"k\":\"\\u0041\", \"t\":9}")
            #expect(keyText(converter) == "A" && converter.timestampMilliseconds == 9)
            try step(&file)
            outcome = converter.convert(file.record)
            #expect(outcome == .bad(.malformed))
        }
    }
}
