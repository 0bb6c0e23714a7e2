// Goal: what a good JSON record's fields become in the row: ids, categories, labels, absent numbers, keys in any order and
// spelling.

import Features
import Testing

@Suite struct JSONValue {
    @Test func idsKeepTheirJSONType() throws {
        var bench = try Bench(schema())
        let cases: [(String, EventRow.IDKind, String?)] = [
            (#"5"#, .number, "5"), (#"-1.50e3"#, .number, "-1.50e3"),
            (#"12345678901234567890123"#, .number, "12345678901234567890123"),
            (#""x""#, .string, #""x""#), (#""a\"\u00e9\\""#, .string, #""a\"\u00e9\\""#), (#""""#, .string, #""""#),
            ("true", .boolean, "true"), ("false", .boolean, "false"), ("null", .none, nil), (#""é""#, .string, #""é""#),
            ("0", .number, "0"), ("-0", .number, "-0"),
        ]
        for (written, kind, id) in cases {
            let decoded = bench.decode(#"{"id": \#(written) , "a":1}"#)
            #expect(decoded.outcome == .good && decoded.idKind == kind && decoded.id == id, "\(written)")
        }
        #expect(bench.decode(#"{"a":1}"#).idKind == .none)
    }

    @Test func categoriesAreTexts() throws {
        var bench = try Bench(schema())
        let cases: [(String, String?)] = [
            (#""north""#, "north"), ("true", "true"), ("false", "false"), ("7", "7"), ("-7", "-7"), ("1.0", "1"),
            ("1e2", "100"), ("-0", "0"), ("18446744073709551616", "18446744073709551616"), ("null", nil), (#""""#, ""),
            (#""\u0041\/\b""#, "A/\u{8}"), (#""\ud83d\ude00""#, "😀"), (#"  "sp"  "#, "sp"), (#""null""#, "null"),
        ]
        for (written, category) in cases {
            let decoded = bench.decode(#"{"zone":\#(written)}"#)
            #expect(decoded.outcome == .good && decoded.categories == [category], "\(written)")
        }
    }

    @Test func binaryLabelsCompareTexts() throws {
        var bench = try Bench(schema(.binary(positive: "1")))
        for (written, label) in [
            ("1", 1.0), (#""1""#, 1), ("1.0", 1), ("0", 0), (#""2""#, 0), ("true", 0), (#""\u0031""#, 1),
        ] {
            #expect(bench.decode(#"{"y":\#(written)}"#).label == label, "\(written)")
        }
        var truth = try Bench(schema(.binary(positive: "true")))
        #expect(truth.decode(#"{"y":true}"#).label == 1)
        #expect(truth.decode(#"{"y":"true"}"#).label == 1)
        #expect(truth.decode(#"{"y":false}"#).label == 0)
        for record in ["{}", #"{"y":null}"#] {
            let decoded = bench.decode(record)
            #expect(decoded.outcome == .good && decoded.label.isNaN && decoded.labelText == "")
        }
    }

    @Test func otherLabels() throws {
        var classes = try Bench(schema(.multiclass))
        #expect(classes.decode(#"{"y":"spam"}"#).labelText == "spam")
        #expect(classes.decode(#"{"y":3}"#).labelText == "3")
        #expect(classes.decode(#"{"y":3.5}"#).reason == .wrongType)
        var number = try Bench(schema(.regression))
        let decoded = number.decode(#"{"y": 3.50 }"#)
        #expect(decoded.label == 3.5 && decoded.labelText == "3.50")
        #expect(number.decode(#"{"y":"3"}"#).reason == .wrongType)
        #expect(number.decode(#"{"y":1e999}"#).reason == .notFinite)
        #expect(number.decode(#"{"y":null}"#).outcome == .good)
    }

    @Test func absentNumbersAreCounted() throws {
        var bench = try Bench(schema())
        let both = bench.decode(#"{"zone":"n"}"#)
        #expect(both.absentCount == 2 && both.numbers.allSatisfy { $0.isNaN })
        #expect(bench.decode(#"{"a":null,"b":1}"#).absentCount == 1)
        #expect(bench.decode(#"{"b":1,"a":0}"#).absentCount == 0)
        #expect(bench.decode(#"{"b":"x"}"#).outcome == .bad(.wrongType))
        #expect(bench.decode("{}").absentCount == 2)
    }

    @Test func keysComeInAnyOrderAndSpelling() throws {
        var bench = try Bench(schema())
        let expected = bench.decode(#"{"id":1,"ts":5,"a":1,"b":2,"zone":"n","y":1}"#)
        #expect(expected.outcome == .good)
        for record in [
            #"{"y":1,"zone":"n","b":2,"a":1,"ts":5,"id":1}"#,
            #"{"x":[{"a":9}],"b":2,"a":1,"y":1,"id":1,"zone":"n","ts":5}"#,
            #"{"\u0069\u0064":1,"t\u0073":5,"\u0061":1,"b":2,"zon\u0065":"n","y":1,"c\"":3}"#,
            "{\n \"id\" : 1 ,\n\t\"ts\":5,\"a\" : 1,\"b\":2 , \"zone\" :\"n\" ,\"y\":1 }\r\n",
        ] {
            #expect(bench.decode(record) == expected, "\(record)")
        }
    }

    @Test func namesOfEveryLengthAndWithEscapesAreFound() throws {
        let names =
            (1...40).map { String(repeating: "k", count: $0 - 1) + "é" } + ["q\"q", "b\\b", "t\tt", "", "k", "kk"]
        let schema = Schema(fields: names.map { Schema.Field(name: $0, kind: .number) })
        var bench = try Bench(schema)
        func quoted(_ name: String) -> String {
            var text = name.replacing("\\", with: "\\\\")
            text = text.replacing("\"", with: "\\\"").replacing("\t", with: "\\t")
            return "\"\(text)\""
        }
        for order in [Array(names.indices), names.indices.reversed()] {
            let record = "{" + order.map { "\(quoted(names[$0])):\($0)" }.joined(separator: ",") + "}"
            let decoded = bench.decode(record)
            #expect(decoded.outcome == .good && decoded.numbers == names.indices.map(Double.init), "\(decoded.detail)")
        }
        #expect(bench.decode(#"{"kkk":1}"#).absentCount == names.count)
    }

    @Test func oneFieldInSeveralRoles() throws {
        let schema = Schema(
            fields: [Schema.Field(name: "t", kind: .number), Schema.Field(name: "c", kind: .category)], idField: "c",
            eventTimeField: "t", eventTimeUnit: .seconds, label: Schema.Label(field: "c", kind: .multiclass))
        var bench = try Bench(schema)
        let decoded = bench.decode(#"{"t":1.5,"c":7}"#)
        #expect(decoded.numbers == [1.5] && decoded.time == 1500)
        #expect(decoded.categories == ["7"] && decoded.labelText == "7" && decoded.id == "7")
        #expect(bench.decode("{}").absentCount == 0)
    }

    @Test func aRowDoesNotRememberTheRecordBefore() throws {
        var bench = try Bench(schema())
        #expect(bench.decode(#"{"id":1,"ts":5,"a":1,"b":2,"zone":"n","y":1}"#).outcome == .good)
        let empty = bench.decode("{}")
        #expect(empty.id == nil && empty.time == nil && empty.label.isNaN && empty.categories == [nil])
        let isAbsent = empty.numbers.allSatisfy { $0.isNaN }
        #expect(isAbsent)
    }
}
