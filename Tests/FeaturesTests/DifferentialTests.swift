// Goal: the decoder agrees with a slow oracle, Foundation's JSONSerialization, on generated records: what is JSON, and
// what the fields hold. Records are written with random spacing, order, escapes and nesting, then damaged now and then.

import Features
import Foundation
import Testing

@Suite struct Differential {
    /// Writes a random JSON object; undeclared values may nest.
    private struct Author {
        var random: SplitMix

        mutating func space() -> String { random.chance(85) ? "" : random.pick([" ", "\n", "\t", "\r\n", "   "]) }

        mutating func string() -> String {
            var text = "\""
            for _ in 0..<random.below(8) {
                text += random.pick([
                    "a", "é", "😀", "\\\"", "\\\\", "\\n", "\\u0041", "\\ud83d\\ude00", "{", "]", ",", ":", "1",
                ])
            }
            return text + "\""
        }

        mutating func number() -> String {
            random.pick([
                "0", "-0", "1", "12345678901", "-7.25", "0.1", "3e5", "1E-3", "0.000123456789", "99999999999999999999",
            ])
        }

        mutating func value(_ depth: Int) -> String {
            switch random.below(depth > 3 ? 5 : 7) {
            case 0: return string()
            case 1: return number()
            case 2: return "true"
            case 3: return "false"
            case 4: return "null"
            case 5:
                let items = (0..<random.below(4)).map { _ in space() + value(depth + 1) + space() }
                return "[" + (items.isEmpty ? space() : items.joined(separator: ",")) + "]"
            default: return object((0..<random.below(4)).map { ("\"u\($0)\"", value(depth + 1)) })
            }
        }

        mutating func object(_ fields: [(String, String)]) -> String {
            if fields.isEmpty { return "{" + space() + "}" }
            return "{" + fields.map { space() + $0.0 + space() + ":" + space() + $0.1 + space() }.joined(separator: ",")
                + "}"
        }

        mutating func record() -> String {
            var fields: [(String, String)] = []
            for name in ["a", "b", "zone", "id", "y"] where random.chance(80) {
                let escaped =
                    random.chance(10) ? "\\u00" + String(name.utf8.first ?? 0, radix: 16) + name.dropFirst() : name
                fields.append(("\"\(escaped)\"", random.chance(70) ? fitting(name) : value(0)))
            }
            for index in 0..<random.below(4) { fields.append(("\"x\(index)\"", value(0))) }
            fields.shuffle(using: &random)
            return space() + object(fields) + space()
        }

        private mutating func fitting(_ name: String) -> String {
            name == "a" || name == "b" ? number() : name == "zone" ? string() : random.pick([string(), "1", "true"])
        }

        /// Cuts, doubles or replaces something.
        mutating func damaged(_ record: String) -> String {
            var characters = Array(record.unicodeScalars)
            guard !characters.isEmpty else { return record }
            let place = random.below(characters.count)
            switch random.below(3) {
            case 0: characters.remove(at: place)
            case 1: characters.insert(random.pick(Array("{}[],:\"\\0e-. t".unicodeScalars)), at: place)
            default: characters[place] = random.pick(Array("{}[],:\"\\0e-. t".unicodeScalars))
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: characters)
            return String(text)
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func agreesWithFoundation(seed: UInt64) throws {
        var author = Author(random: SplitMix(seed: seed))
        var bench = try Bench(schema())
        var compared = 0
        for _ in 0..<4_000 {
            var record = author.record()
            let isDamaged = author.random.chance(30)
            if isDamaged { record = author.damaged(record) }
            let decoded = bench.decode(record)
            let parsed = try? JSONSerialization.jsonObject(with: Data(record.utf8), options: [.fragmentsAllowed])
            guard let object = parsed as? [String: Any] else {
                // What Foundation refuses may still be good here: scalars of undeclared fields are not looked into.
                if !isDamaged { #expect(parsed != nil, "seed \(seed): \(record)") }
                continue
            }
            guard decoded.reason != .duplicateField else { continue }
            // Foundation takes a comma before a closing bracket, which is no JSON.
            if isDamaged && record.contains(/,\s*[\]}]/) { continue }
            // It also reads long numbers with a point as decimals, whose value as a double is not always theirs.
            if record.contains(/\d{16}\d*[.e]/) { continue }
            compared += 1
            #expect(decoded.reason != .malformed && decoded.reason != .invalidUTF8, "seed \(seed): \(record)")
            compare(decoded, object, "seed \(seed): \(record)")
        }
        #expect(compared > 2_000)
    }

    private func compare(_ decoded: Decoded, _ object: [String: Any], _ context: String) {
        let fits =
            ["a", "b"].allSatisfy { number(object[$0]) != .wrong } && category(object["zone"]) != .wrong
            && category(object["y"]) != .wrong && !(object["id"] is [Any]) && !(object["id"] is [String: Any])
        #expect((decoded.outcome == .good) == fits, "\(context) \(decoded.detail)")
        guard decoded.outcome == .good else { return }
        for (index, name) in ["a", "b"].enumerated() {
            switch number(object[name]) {
            case .value(let value): #expect(decoded.numbers[index] == Double(value), "\(context)")
            case .absent: #expect(decoded.numbers[index].isNaN, "\(context)")
            case .wrong, .unclear: break
            }
        }
        if case .value(let zone) = category(object["zone"]) { #expect(decoded.categories == [zone], "\(context)") }
        if case .value(let label) = category(object["y"]) { #expect(decoded.labelText == label, "\(context)") }
        #expect((decoded.id == nil) == (object["id"] == nil || object["id"] is NSNull), "\(context)")
    }

    private enum Expected: Equatable {
        case value(String)
        case absent
        case wrong
        /// A whole number beyond 2^53, whose text Foundation does not keep.
        case unclear
    }

    private func isBoolean(_ number: NSNumber) -> Bool { unsafe number.objCType.pointee == 99 }

    private func number(_ value: Any?) -> Expected {
        if value == nil || value is NSNull { return .absent }
        guard let number = value as? NSNumber, !isBoolean(number) else { return .wrong }
        return .value("\(number.doubleValue)")
    }

    private func category(_ value: Any?) -> Expected {
        if value == nil || value is NSNull { return .absent }
        if let text = value as? String { return .value(text) }
        guard let number = value as? NSNumber else { return .wrong }
        if isBoolean(number) { return .value(number.boolValue ? "true" : "false") }
        let double = number.doubleValue
        guard abs(double) < 9e15 else { return .unclear }
        return double == double.rounded() ? .value("\(Int64(double))") : .wrong
    }
}
