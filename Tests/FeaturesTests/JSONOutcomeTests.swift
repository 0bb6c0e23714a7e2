// Goal: every rule for what makes a JSON record bad, with its reason, and what must stay good. Each rule is a list of
// records with the outcome they must have.

import Features
import Testing

@Suite struct JSONOutcome {
    private func expect(_ records: [String], _ reason: BadRecordReason?, _ location: SourceLocation = #_sourceLocation)
        throws
    {
        var bench = try Bench(schema())
        for record in records {
            let decoded = bench.decode(record)
            #expect(decoded.reason == reason, "\(record.prefix(80)): \(decoded.detail)", sourceLocation: location)
            #expect((decoded.detail == "") == (reason == nil), "\(record.prefix(80))", sourceLocation: location)
        }
    }

    @Test func nothingIsEmpty() throws { try expect([""], .empty) }

    @Test func goodRecords() throws {
        try expect(
            [
                #"{}"#, " { } ", "\r\n\t{}\n", #"{"a":1}"#,
                #"{"a":null,"b":null,"zone":null,"id":null,"ts":null,"y":null}"#,
                #"{"a":-0,"b":-0.0e-0}"#, #"{"a":1e308,"b":1e-400}"#, #"{"a":1E+5}"#,
                #"{"a":123456789012345678901234567890}"#,
                #"{"unknown":{"deep":[1,{"x":[]},"}"]}, "a" : 1 }"#, #"{"other":NaN}"#, #"{"other":tru}"#,
                #"{"other":01.e}"#, #"{"other":1,"other":2}"#, #"{"zone":"never seen"}"#, #"{"zone":""}"#,
                #"{"zone":"\u00e9\ud83d\ude00\n"}"#, #"{"":1,"a":2}"#, #"{"a b":1}"#, #"{"aa":"x","A":"x"}"#,
                #"{"ts":"0001-01-01T00:00:00Z"}"#, #"{"ts":"9999-12-31T23:59:59.999Z"}"#,
                #"{"ts":"2190-01-01T00:00:00Z"}"#,
                #"{"ts":0}"#, #"{"ts":"1970-01-01T00:00:00Z"}"#,
            ], nil)
    }

    @Test func notOneObjectIsMalformed() throws {
        try expect(
            [
                " ", "\n", "1", "null", #""text""#, "[]", "[{}]", "{", "}", "{}{}", "{} {}", "{}}", "{},", "{}\0",
                "{} x",
                #"{"a":1"#, #"{"a":1]"#, #"{"a":1}}"#, #"{"a":1,}"#, #"{,}"#, #"{"a"}"#, #"{"a":}"#, #"{"a" 1}"#,
                #"{"a":1 "b":2}"#, #"{"a":1,,"b":2}"#, #"{"a"::1}"#, #"{a:1}"#, #"{'a':1}"#, #"{1:1}"#, #"{"a":1:2}"#,
                #"{"a":1 2}"#, #"{"other":[}"#, #"{"other":[1 2]}"#, #"{"other":[1,]}"#, #"{"other":{"x"}}"#,
                #"{"other":{"x":}}"#, #"{"other":{]}"#, #"{"other":[}]}"#, #"{"other":{"x":1,}}"#, #"{"other":{1:2}}"#,
                #"{"other":,"a":1}"#, #"{"other":]}"#, #"{"a":1} trailing"#, #"{"zone":"open}"#, #"{"other":"open}"#,
                "{\"zone\":\"line\nend\"}", #"{"other":1}]"#, #"{"other":[[[}"#, #"{"other":[1]]}"#, #"{"other":{}}}"#,
            ], .malformed)
    }

    @Test func brokenScalarOfReadFieldIsMalformed() throws {
        try expect(
            [
                #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":1e}"#, #"{"a":1e+}"#, #"{"a":-}"#,
                #"{"a":0x10}"#, #"{"a":1x}"#, #"{"a":tru}"#, #"{"a":nul}"#, #"{"a":truex}"#, #"{"a":--1}"#,
                #"{"a":1"x"}"#,
                #"{"zone":"\q"}"#, #"{"zone":"\u12"}"#, #"{"zone":"\ud800"}"#, #"{"zone":"\udc00\ud800"}"#,
                #"{"zone":"\udc00"}"#,
                #"{"zone":"\ud800\u0041"}"#, #"{"id":"\x41"}"#, #"{"id":01}"#, #"{"y":tru}"#, #"{"\q":1}"#,
                #"{"ts":1x}"#,
                #"{"ts":"\q"}"#,
            ], .malformed)
    }

    @Test func wrongTypes() throws {
        try expect(
            [
                #"{"a":"1"}"#, #"{"a":""}"#, #"{"a":"NaN"}"#, #"{"a":true}"#, #"{"a":{}}"#, #"{"a":[1]}"#,
                #"{"zone":{}}"#,
                #"{"zone":["x"]}"#, #"{"zone":1.5}"#, #"{"zone":1e-1}"#, #"{"id":{}}"#, #"{"id":[]}"#, #"{"ts":true}"#,
                #"{"ts":{}}"#, #"{"ts":[0]}"#, #"{"y":{}}"#, #"{"y":[1]}"#, #"{"y":0.5}"#,
            ], .wrongType)
    }

    @Test func notFinite() throws {
        try expect(
            [
                #"{"a":1e999}"#, #"{"a":-1e999}"#, #"{"a":NaN}"#, #"{"a":nan}"#, #"{"a":Infinity}"#,
                #"{"a":-Infinity}"#,
                #"{"a":1e400,"b":2}"#, "{\"a\":1\(String(repeating: "0", count: 400))}",
            ], .notFinite)
    }

    @Test func duplicates() throws {
        try expect(
            [
                #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":3}"#, #"{"a":null,"a":1}"#, #"{"id":1,"id":1}"#,
                #"{"ts":0,"x":1,"ts":0}"#, #"{"y":1,"y":1}"#, #"{"zone":"n","zone":"n"}"#, #"{"id":1,"\u0069d":2}"#,
                #"{"\u0061":1,"a":2}"#,
            ], .duplicateField)
    }

    @Test func badTimes() throws {
        try expect(
            [
                #"{"ts":""}"#, #"{"ts":"yesterday"}"#, #"{"ts":"2020-13-01"}"#, #"{"ts":"2021-02-29"}"#,
                #"{"ts":"0000-01-01T00:00:00Z"}"#, #"{"ts":"2020-01-01T24:00:00Z"}"#, #"{"ts":"2020-01-01T00:60:00Z"}"#,
                #"{"ts":"10000-01-01T00:00:00Z"}"#, #"{"ts":"0001-01-01T00:00:00+01:00"}"#, #"{"ts":1e999}"#,
                #"{"ts":253402300800000}"#, #"{"ts":-62135596800001}"#, #"{"ts":9223372036854775807}"#,
                #"{"ts":"9999-12-31T23:59:59-00:01"}"#,
            ], .badTime)
    }

    @Test func notUTF8() throws {
        var bench = try Bench(schema())
        let inside: [[UInt8]] = [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
        ]
        for bytes in inside {
            let texts: [[UInt8]] = [
                Array(#"{"zone":""#.utf8) + bytes + Array(#""}"#.utf8),
                Array(#"{"x":""#.utf8) + bytes + Array(#""}"#.utf8),
                Array("{".utf8) + bytes, bytes, Array(#"{"a":1} "#.utf8) + bytes, Array(#"{"zone":"open"#.utf8) + bytes,
            ]
            for text in texts { #expect(bench.decode(text).reason == .invalidUTF8, "\(text)") }
        }
    }

    @Test func depth() throws {
        var bench = try Bench(schema())
        func nested(_ count: Int, _ open: String, _ close: String) -> String {
            #"{"x":"# + String(repeating: open, count: count) + "1" + String(repeating: close, count: count) + "}"
        }
        for (open, close) in [("[", "]"), (#"{"k":"#, "}")] {
            #expect(bench.decode(nested(1023, open, close)).outcome == .good)
            #expect(bench.decode(nested(1024, open, close)).reason == .tooDeep)
            #expect(bench.decode(nested(100_000, open, close)).reason == .tooDeep)
        }
        #expect(bench.decode(String(repeating: "[", count: 100_000)).reason == .malformed)
    }

    @Test func whatIsNoObjectIsThatBeforeAnythingElse() throws {
        try expect([#"{"a":"wrong","b":[}"#, #"{"a":1,"a":1}}"#, #"{"ts":"never"} 1"#], .malformed)
    }

    @Test func largeRecordsAreGoodAndTheirBuffersGoBack() throws {
        var bench = try Bench(schema())
        let filler = String(repeating: "x", count: 10_000_000)
        let inString = bench.decode(#"{"other":"\#(filler)","a":5}"#)
        #expect(inString.outcome == .good && inString.numbers[0] == 5)
        let inNumbers = bench.decode(#"{"other":[\#(String(repeating: "1,", count: 5_000_000))1],"b":6}"#)
        #expect(inNumbers.outcome == .good && inNumbers.numbers[1] == 6)
        let inCategory = bench.decode(#"{"zone":"\#(filler)"}"#)
        #expect(inCategory.categories == [filler])
        #expect(bench.decode(#"{"other":"\#(filler)","a":5"#).reason == .malformed)
        #expect(bench.decode(#"{"a":7}"#).numbers[0] == 7)
    }

    @Test func detailNamesTheFieldAndStaysShort() throws {
        var bench = try Bench(schema())
        #expect(bench.decode(#"{"a":1,"b":"text"}"#).detail == #"field "b": wrong type at byte 11, found "text"}"#)
        let long = bench.decode(#"{"a":"\#(String(repeating: "é", count: 5000))"}"#)
        #expect(long.detail.utf8.count <= 200)
        #expect(bench.decode(#"{"id":1,"id":2}"#).detail.hasPrefix(#"field "id": comes twice at byte 8"#))
    }
}
