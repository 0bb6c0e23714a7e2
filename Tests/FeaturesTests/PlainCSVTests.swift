// Goal: the short way through a CSV record, which takes records of ASCII without quotes, gives what the long way gives.
// Method: every record is decoded twice, as it is and with one cell that is not read put in quotes, which sends it the
// long way; rows and reasons must be equal. Numbers are checked against the standard library's conversion of text.

import Features
import Testing

@Suite struct PlainCSVRecords {
    /// Columns `a`…, then `quoted`, which nothing reads, among them at a random place.
    private static func bench(_ names: [String], _ place: Int, _ kind: Schema.Label.Kind) throws -> Bench {
        var columns = names
        columns.insert("quoted", at: place)
        return try Bench(
            Schema(
                format: .csv,
                fields: names.dropLast().enumerated().map {
                    Schema.Field(name: $1, kind: $0 % 4 == 3 ? .category : .number)
                },
                columns: columns, label: Schema.Label(field: names[names.count - 1], kind: kind)))
    }

    private static func cell(_ random: inout SplitMix) -> String {
        func digits(_ most: Int) -> String { (0...random.below(most)).map { _ in "\(random.below(10))" }.joined() }
        switch random.below(20) {
        case 0: return ""
        case 1:
            return random.pick([" ", "-", ".", "-.", "+", "x", "1e", "--1", "1-", "1.2.3", "1..2", "e5", "NaN", "0x1"])
        case 2:
            return random.pick([
                "+1", " 7", "7 ", "007", ".5", "5.", "-.5", "-5.", "00.50", "-0", "-0.0", "1e3", "2E-2",
            ])
        case 3: return digits(20)
        case 4, 5: return digits(4) + "." + digits(22)
        case 6: return "-" + digits(9) + "." + digits(9)
        case 7: return "\u{7F}\u{1}"
        default: return (random.chance(20) ? "-" : "") + digits(3) + "." + digits(8)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func agreesWithTheLongWay(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for _ in 0..<60 {
            let names = (0...random.below(40)).map { "c\($0)" }
            let place = random.below(names.count + 1)
            let kind = random.pick([.binary(positive: "1"), .multiclass, .regression] as [Schema.Label.Kind])
            var bench = try Self.bench(names, place, kind)
            for _ in 0..<40 {
                var cells = names.map { _ in random.chance(50) ? "0.\(random.below(1_000_000))" : Self.cell(&random) }
                if random.chance(3) { cells.removeLast() }
                if random.chance(3) { cells.append("1") }
                let end = random.pick(["", "\n", "\r\n"])
                cells.insert("q", at: min(place, cells.count))
                let plain = bench.decode(cells.joined(separator: ",") + end)
                cells[min(place, cells.count - 1)] = "\"q\""
                var long = bench.decode(cells.joined(separator: ",") + end)
                #expect(plain.reason == long.reason, "\(cells)")
                long.detail = plain.detail  // its offsets differ by the quotes
                // As text, in which absent numbers are equal to each other.
                #expect("\(plain)" == "\(long)" || plain.reason != nil, "\(cells)")
            }
        }
    }

    /// Of every length at every distance to both ends of the record: digits are loaded eight at a time.
    @Test func numbersNearTheEnds() throws {
        let numbers =
            ["7", "-7", "42", "0.5", "-0.25", "12.75", "123456.5", "1234567", "12345678", "-1.234567", "0.12345678"]
            + ["123456789", "0.05644299999999999", "1234567890.123456"]
        for before in 0...20 {
            for after in 0...20 {
                var bench = try Bench(
                    Schema(
                        format: .csv, fields: [Schema.Field(name: "a", kind: .number)], columns: ["x", "a", "y"]))
                for number in numbers {
                    let text =
                        String(repeating: "x", count: before) + ",\(number)," + String(repeating: "y", count: after)
                    #expect(bench.decode(text).numbers.first?.bitPattern == Double(number)?.bitPattern, "\(text)")
                }
            }
        }
    }

    /// Records longer than a word, than many words, and than the short way takes.
    @Test func longRecords() throws {
        for count in [7, 8, 9, 15, 16, 17, 63, 64, 65, 1_000, 3_000] {
            let names = (0..<count).map { "c\($0)" }
            var bench = try Bench(
                Schema(format: .csv, fields: names.map { .init(name: $0, kind: .number) }, columns: names))
            for width in 1...9 {
                let values = (0..<count).map { Double(($0 * 7919) % 1000) / 10 }
                let text = values.map { String(repeating: "0", count: width) + "\($0)" }.joined(separator: ",")
                #expect(bench.decode(text).numbers == values, "\(count) columns, \(width) noughts")
                #expect(bench.decode(text + ",").detail == "\(count + 1) cells, but there are \(count) columns")
                #expect(bench.decode(text + ",é").detail == "\(count + 1) cells, but there are \(count) columns")
            }
        }
    }
}
