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

    /// What the standard library says in its own layout: as many digits as it takes and no more, the nearest of those.
    private func expected(_ value: Double) -> String {
        let parts = "\(value.magnitude)".split(separator: "e")
        let halves = parts[0].split(separator: ".")
        let fraction = halves.count == 2 && halves[1] != "0" ? halves[1] : ""
        let all = String(halves[0] + fraction)
        let digits = String(all.drop { $0 == "0" })
        var leading = (parts.count == 2 ? Int(parts[1]) ?? 0 : 0) + halves[0].count - 1
        leading -= all.count - digits.count
        let short = String(digits.reversed().drop { $0 == "0" }.reversed())
        let power = abs(leading) < 10 ? "0\(abs(leading))" : "\(abs(leading))"
        let scientific =
            (short.count > 1 ? "\(short.prefix(1)).\(short.dropFirst())" : short) + (leading < 0 ? "e-" : "e+") + power
        let plain =
            if leading < 0 {
                "0." + String(repeating: "0", count: -leading - 1) + short
            } else if short.count > leading + 1 {
                "\(short.prefix(leading + 1)).\(short.dropFirst(leading + 1))"
            } else {
                short + String(repeating: "0", count: leading + 1 - short.count)
            }
        return (value < 0 ? "-" : "") + (plain.count <= scientific.count ? plain : scientific)
    }

    @Test func writtenDoublesHaveTheFewestDigitsAndTheNearest() throws {
        let row = EventRow(schema: schema())
        var writer = PredictionWriter(topic: "t", partition: 0, model: "m")
        var random = SplitMix(seed: 11)
        var values: [Double] = [0.5, 0.1, 0.3, 1e-4, 1e-5, 1.5e-4, 1.5e-5, 123.456, 1e15 / 8]
        values += [2.5e-38, 2.5e-39, 2.5e-40]
        for exponent in -140...52 {
            let power = Double(sign: .plus, exponent: exponent, significand: 1)
            values += [power, power.nextUp, power.nextDown, power * 3, power * 0.75]
        }
        for _ in 0..<40_000 {
            let unit = Double.random(in: 0..<1, using: &random)
            let scale = Double(sign: .plus, exponent: random.below(180) - 130, significand: 1)
            let short = Double(random.below(1_000_000)) / [10, 1e3, 1e6, 1e9, 1e12][random.below(5)]
            values += [unit, -unit, 1 - unit * 1e-9, unit * scale, short, Double(random.below(1 << 40)) / 64]
        }
        for value in values where value != 0 {
            writer.writeRegression(of: row, offset: 0, timestamp: 0, value: value)
            let record = text(writer.bytes)
            let written = try #require(record.split(separator: #""prediction":"#).last?.dropLast())
            #expect(written == expected(value), "\(value)")
        }
    }
}
