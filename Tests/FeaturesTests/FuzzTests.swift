// Goal: no bytes whatever trap the decoders or make them read outside the record, and what they call good is JSON with
// one object. Method: mutate a corpus of good and hostile records (Corpus/, one file a record) with a seeded generator.
// MILLRACE_FUZZ_RECORDS sets how many; MILLRACE_FUZZ_SEED repeats one run. A record that once failed joins the corpus.

import Features
import Foundation
import Testing

@Suite struct Fuzz {
    private static let recordCount =
        ProcessInfo.processInfo.environment["MILLRACE_FUZZ_RECORDS"].flatMap(Int.init) ?? 300_000
    private static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["MILLRACE_FUZZ_SEED"].flatMap(UInt64.init).map { [$0] } ?? [1, 2, 3]

    private static func corpus(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
        let root = try #require(Bundle.module.resourceURL).appending(path: "Corpus").appending(path: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
        return try names.map { ($0, Array(try Data(contentsOf: root.appending(path: $0)))) }
    }

    /// The name of a bad record's file begins with its reason.
    @Test func corpusHasItsOutcomes() throws {
        var bench = try Bench(schema())
        let good = try Self.corpus("good")
        let bad = try Self.corpus("bad")
        #expect(good.count >= 10 && bad.count >= 30)
        for (name, bytes) in good { #expect(bench.decode(bytes).outcome == .good, "\(name)") }
        for (name, bytes) in bad {
            let reason = try #require(bench.decode(bytes).reason, "\(name)")
            #expect(name.hasPrefix(reason.rawValue), "\(name): \(reason.rawValue)")
        }
    }

    @Test(arguments: seeds) func mutatedRecords(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let corpus = try (Self.corpus("good") + Self.corpus("bad")).map(\.bytes).filter { $0.count < 4000 }
        var json = try Bench(schema())
        var csv = try Bench(schema(format: .csv))
        var good = 0
        for round in 0..<Self.recordCount / Self.seeds.count {
            let bytes = Self.mutated(random.pick(corpus), corpus, &random)
            // The record ends where the memory does, so that the address sanitizer sees a step beyond it.
            let outcome = round % 8 == 0 ? json.decode(bytes).outcome : json.outcome(bytes)
            _ = csv.outcome(bytes)
            guard outcome == .good else { continue }
            good += 1
            if good % 16 == 0 {
                let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
                #expect(isUTF8 && Self.isBalanced(bytes), "seed \(seed) round \(round): \(bytes)")
            }
        }
        #expect(good > 0, "seed \(seed)")
    }

    private static func mutated(_ record: [UInt8], _ corpus: [[UInt8]], _ random: inout SplitMix) -> [UInt8] {
        var bytes = record
        for _ in 0...random.below(4) {
            let place = random.below(bytes.count + 1)
            switch random.below(8) {
            case 0 where place < bytes.count: bytes[place] ^= UInt8(1 << random.below(8))
            case 1 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 2: bytes.insert(random.pick(Array("{}[],:\"\\0e-. tn\u{1}".utf8)), at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + random.below(20)))
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random.below(60))], at: place)
            case 5:
                let other = random.pick(corpus)
                bytes.insert(contentsOf: other.prefix(random.below(other.count + 1)), at: place)
            case 6: bytes = Array(bytes.prefix(place))
            default:
                let words = [
                    "null", "1e999", "NaN", "\\ud800", "\"a\":", "\"id\":1,", "{\"x\":", "[[", "9999999999999999999",
                ]
                bytes.insert(contentsOf: Array(random.pick(words).utf8), at: place)
            }
        }
        return bytes
    }

    /// An own, slow count of brackets outside strings.
    private static func isBalanced(_ bytes: [UInt8]) -> Bool {
        var open: [UInt8] = []
        var inString = false
        var escaped = false
        for byte in bytes {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): if open.popLast() != byte { return false }
            default: break
            }
        }
        return open.isEmpty && !inString
    }
}
