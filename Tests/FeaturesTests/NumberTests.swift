// Goal: numbers are read and written to the last bit. The oracle is the standard library's own conversion of text.

import Features
import Testing

@Suite struct Numbers {
    private func check(_ texts: [String], _ location: SourceLocation = #_sourceLocation) throws {
        var json = try Bench(schema())
        var csv = try Bench(Schema(format: .csv, fields: [Schema.Field(name: "a", kind: .number)], columns: ["a"]))
        for text in texts {
            let expected = try #require(Double(text))
            for decoded in [json.decode(#"{"a":\#(text)}"#), csv.decode(text)] {
                if expected.isInfinite {
                    #expect(decoded.reason == .notFinite, "\(text)", sourceLocation: location)
                } else {
                    let bits = decoded.numbers.first?.bitPattern
                    #expect(bits == expected.bitPattern, "\(text)", sourceLocation: location)
                }
            }
        }
    }

    @Test func borders() throws {
        try check([
            "0", "-0", "0.0", "-0.0e5", "0e999", "0.000e-999", "1", "-1", "9007199254740992", "9007199254740993",
            "9007199254740993.0", "18446744073709551615", "18446744073709551616", "1e22", "1e23", "123e22", "1e-22",
            "1e-23",
            "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-400", "-1e-400",
            "2.2250738585072014e-308",
            "2.2250738585072011e-308", "1.7976931348623157e308", "1.7976931348623159e308", "1e309", "-1e309",
            "0.1", "0.05644299999999999", "0.0032549999999999996", "-0.0000000000000000001", "0.00000000000000000012",
            "0.045485000000000005", "7.2057594037927933e16", "8.5e-3", "1E5", "1e+05",
            "1e-05",
            "0." + String(repeating: "0", count: 400) + "1", "0." + String(repeating: "0", count: 300) + "1e301",
            "1" + String(repeating: "0", count: 400) + "e-400", "1" + String(repeating: "0", count: 308),
            "1" + String(repeating: "0", count: 309), String(repeating: "9", count: 800),
            "0." + String(repeating: "3", count: 800),
            "1e99999999999999999999", "1e-99999999999999999999", "123456.12345678", "1.1234567812345678", "1.12345678",
        ])
    }

    @Test func everyDigitCount() throws {
        var texts: [String] = []
        for whole in 0...20 {
            for fraction in 0...26 {
                let digits = "12345678901234567890123456"
                texts.append(
                    (whole == 0 ? "0" : String(digits.prefix(whole)))
                        + (fraction == 0 ? "" : "." + digits.prefix(fraction)))
            }
        }
        try check(texts)
    }

    @Test func randomNumbers() throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            var random = SplitMix(seed: seed)
            var texts: [String] = []
            for _ in 0..<5_000 {
                let bits = Double(bitPattern: random.next())
                if bits.isFinite { texts.append("\(bits)") }
                var text = random.chance(50) ? "-" : ""
                text += random.chance(50) ? "0" : "\(1 + random.below(1_000_000))"
                if random.chance(80) {
                    text += "." + (0...random.below(22)).map { _ in "\(random.below(10))" }.joined()
                }
                if random.chance(30) { text += random.pick(["e", "E", "e+", "e-"]) + "\(random.below(330))" }
                texts.append(text)
            }
            try check(texts)
        }
    }

    @Test func writtenDoublesAreReadBackTheSame() throws {
        let row = EventRow(schema: schema())
        var writer = PredictionWriter(topic: "t", partition: 0, model: "m")
        var random = SplitMix(seed: 7)
        for round in 0..<20_000 {
            let value = round % 2 == 0 ? Double(bitPattern: random.next()) : Double.random(in: 0...1, using: &random)
            writer.writeRegression(of: row, offset: 0, timestamp: 0, value: value)
            let record = text(writer.bytes)
            let written = try #require(record.split(separator: #""prediction":"#).last?.dropLast())
            if value.isFinite {
                #expect(Double(written)?.bitPattern == value.bitPattern, "\(written)")
            } else {
                #expect(written == "null")
            }
        }
    }
}
