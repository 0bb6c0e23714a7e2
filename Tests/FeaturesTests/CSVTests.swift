// Goal: CSV records give the outcomes and rows that the same event gives in JSON, under RFC 4180's quoting.

import Features
import Testing

@Suite struct CSVRecords {
    // Columns: id, ts, a, b, zone, other, y.
    @Test func goodRecords() throws {
        var bench = try Bench(schema(format: .csv))
        let plain = bench.decode("7,1996-05-07T00:00:00Z,1.5,-2,north,x,1")
        #expect(plain.outcome == .good && plain.numbers == [1.5, -2] && plain.categories == ["north"])
        #expect(plain.id == #""7""# && plain.idKind == .string && plain.time == 831_427_200_000)
        #expect(plain.label == 1 && plain.labelText == "1")
        for ending in ["\n", "\r\n"] {
            #expect(bench.decode("7,1996-05-07T00:00:00Z,1.5,-2,north,x,1" + ending) == plain)
        }
        let quoted = bench.decode(#""7","831427200000","1.5"," -2 ","north","a ""b"", c"# + "\n" + #"d","1""#)
        #expect(quoted == plain, "\(quoted)")
        let escaped = bench.decode(#""a ""b"" \#u{7}\",0,+1,.5,"x,""y""",,0"#)
        #expect(escaped.id == #""a \"b\" \u0007\\""# && escaped.categories == [#"x,"y""#])
        #expect(escaped.numbers == [1, 0.5] && escaped.label == 0)
        let empty = bench.decode(",,,,,,")
        #expect(empty.outcome == .good && empty.absentCount == 2 && empty.categories == [nil])
        #expect(empty.id == nil && empty.time == nil && empty.label.isNaN && empty.labelText == "")
        #expect(bench.decode(#",," ", "",,,"#).outcome != .good)
        #expect(bench.decode(",,  ,\t,,,").absentCount == 2)
        #expect(bench.decode(#"5" x,,1,2,n,q"q,1"#).id == #""5\" x""#)
        #expect(bench.decode(",,007,5.,,,").numbers == [7, 5])
    }

    @Test func detailCountsTheCells() throws {
        var bench = try Bench(schema(format: .csv))
        #expect(bench.decode("1").detail == "1 cell, but there are 7 columns")
        #expect(bench.decode("1,\"a,b\"\r\n").detail == "2 cells, but there are 7 columns")
        #expect(bench.decode(",,,,,,,\n").detail == "8 cells, but there are 7 columns")
        #expect(bench.decode(",,,,,,,\"").detail.hasPrefix("not well formed at byte 6"))
        #expect(bench.decode(",,,\"a\"b").detail.contains("not well formed"))
    }

    @Test func badRecords() throws {
        var bench = try Bench(schema(format: .csv))
        let cases: [(String, BadRecordReason)] = [
            ("", .empty), ("\n", .empty), ("\r\n", .empty), ("1", .malformed), (",,,,,", .malformed),
            (",,,,,,,", .malformed),
            (#"",0,1,2,n,x,"1"#, .malformed), (#""a"b,0,1,2,n,x,1"#, .malformed), (#"a,0,1,2,n,x,""""#, .malformed),
            (",,x,,,,", .wrongType), (",,1 2,,,,", .wrongType), (",,1x,,,,", .wrongType), (",,-,,,,", .wrongType),
            (",,+-1,,,,", .wrongType), (",,0x1F,,,,", .wrongType), (",,--1,,,,", .wrongType), (",,1e,,,,", .wrongType),
            (",,NaN,,,,", .notFinite), (",,-inf,,,,", .notFinite), (",,Infinity,,,,", .notFinite),
            (",,1e999,,,,", .notFinite),
            (",never,,,,,", .badTime), (",2020-02-30,,,,,", .badTime), (",x,y,,,,", .badTime), (",x,,,,,,", .malformed),
            (",x,,,,\"", .malformed),
        ]
        for (record, reason) in cases {
            let decoded = bench.decode(record)
            #expect(decoded.reason == reason, "\(record)")
            #expect(decoded.detail != "")
        }
        #expect(bench.decode(Array(",,,,n".utf8) + [0xFF] + Array(",,".utf8)).reason == .invalidUTF8)
        // The memory of the last day must not be met by bytes that are no date.
        #expect(bench.decode(",\0\0\0\0\0\0\0\0\0\0T00:00:00Z,,,,,").reason == .badTime)
    }

    @Test func labelsAndEpochs() throws {
        var seconds = try Bench(schema(.regression, format: .csv, unit: .seconds))
        let decoded = seconds.decode(",1.5,,,,,3.50")
        #expect(decoded.time == 1500 && decoded.label == 3.5 && decoded.labelText == "3.50")
        #expect(seconds.decode(",,,,,, ").labelText == "")
        #expect(seconds.decode(",,,,,,x").reason == .wrongType)
        var classes = try Bench(schema(.multiclass, format: .csv))
        #expect(classes.decode(",,,,,,spam").labelText == "spam")
    }

    @Test func schemasThatCannotBeCompiled() {
        #expect(throws: SchemaProblem(field: "", message: "CSV records need their columns")) {
            _ = try EventDecoder(Schema(format: .csv, fields: []))
        }
        #expect(throws: SchemaProblem(field: "a", message: "column named twice")) {
            _ = try EventDecoder(Schema(format: .csv, fields: [], columns: ["a", "a"]))
        }
        #expect(throws: SchemaProblem(field: "b", message: "not among the columns")) {
            _ = try EventDecoder(Schema(format: .csv, fields: [], columns: ["a"], idField: "b"))
        }
        #expect(throws: SchemaProblem(field: "a", message: "declared twice")) {
            let field = Schema.Field(name: "a", kind: .number)
            _ = try EventDecoder(Schema(fields: [field, field]))
        }
    }
}
