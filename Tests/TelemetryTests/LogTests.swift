// Goal: a value can never forge a line or a field, whatever it holds, and the two formats stay readable by machines.
// Method: hostile values through both formats; JSON lines are read back with Foundation's parser.

import Foundation
import Synchronization
import Telemetry
import Testing

private final class Lines: Sendable {
    private let stored = Mutex<[String]>([])
    func add(_ line: String) { stored.withLock { $0.append(line) } }
    var all: [String] { stored.withLock { $0 } }
}

private func entry(_ format: Log.Format, _ fields: KeyValuePairs<String, String>) -> String {
    let lines = Lines()
    let log = Log(format: format, now: { Timestamp(milliseconds: 1_795_279_241_123) }) { lines.add($0) }
    log.info("something happened", fields)
    return lines.all.first ?? ""
}

private let prefix = "2026-11-21T16:40:41.123Z info something happened"

@Suite struct LogTests {
    @Test func plainFieldsStayPlain() {
        #expect(entry(.text, ["topic": "orders", "hook_ms": "1.5"]) == prefix + " topic=orders hook_ms=1.5")
    }

    @Test(arguments: [
        ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""), ("say \"no\"", #""say \"no\"""#),
        ("a\\b", #""a\\b""#),
        ("x\n2026-11-21T16:40:41.123Z error forged", #""x\n2026-11-21T16:40:41.123Z error forged""#),
        ("\r\t\u{0}\u{1B}[31m\u{7F}", #""\r\t\u0000\u001b[31m\u007f""#),
        ("\u{85}\u{2028}\u{2029}", #""\u0085\u2028\u2029""#),
        ("\u{202E}exe", #""\u202eexe""#), ("é漢🙂", "é漢🙂"),
    ])
    func hostileValuesStayInTheirField(value: String, written: String) {
        #expect(entry(.text, ["key": value]) == prefix + " key=" + written)
    }

    @Test func keysCannotForgeFields() {
        #expect(entry(.text, ["a b=c\n": "1", "": "2"]) == prefix + " a_b_c_=1 _=2")
    }

    @Test func levelsBelowTheThresholdAreDropped() {
        let lines = Lines()
        let log = Log(level: .warning) { lines.add($0) }
        log.debug("no")
        log.info("no")
        log.warning("yes")
        log.error("yes")
        #expect(
            lines.all.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
                "warning yes", "error yes",
            ])
    }

    @Test func jsonReadsBack() throws {
        let hostile = "q\"\\\n\r\t\u{0}\u{7F}\u{2028} é🙂"
        let line = entry(.json, ["value": hostile, "level": "fake", "we ird": "x"])
        #expect(!line.contains("\n"))
        let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        #expect(
            object == [
                "time": "2026-11-21T16:40:41.123Z", "level": "info", "message": "something happened", "value": hostile,
                "level_": "fake", "we_ird": "x",
            ])
    }

    @Test(arguments: Log.Format.allCases)
    func longEntriesAreCutAndSaySo(format: Log.Format) throws {
        let long = String(repeating: "漢\n", count: 5000)
        let line = entry(format, ["first": long, "second": long, "third": long, "fourth": "x"])
        #expect(line.utf8.count < LogEntry.bytesMax)
        #expect(line.contains(format == .text ? " cut=true" : #","cut":"true"}"#))
        #expect(line.contains("…"))
        if format == .json { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test func everyEntryIsOneLineOfBoundedLength() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let value = String(
                String.UnicodeScalarView((0..<Int.random(in: 0..<3000)).map { _ in randomScalar(&generator) }))
            for format in Log.Format.allCases {
                let line = entry(format, ["a": value, "b": value, "c": value])
                #expect(line.utf8.count < LogEntry.bytesMax, "\(line.utf8.count)")
                #expect(!line.utf8.contains { $0 < 0x20 || $0 == 0x7F })
            }
        }
    }

    private func randomScalar(_ generator: inout SystemRandomNumberGenerator) -> Unicode.Scalar {
        Unicode.Scalar(UInt32.random(in: 0..<0x300, using: &generator)) ?? " "
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"), (6_942_585_600_000, "2190-01-01T00:00:00.000Z"),
    ])
    func timestamps(milliseconds: Int64, written: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == written)
    }

    @Test func timestampsAgreeWithFoundation() {
        let formatter = ISO8601DateFormatter()
        // The years 1601 to 2999: Foundation follows the calendar reform of 1582.
        for _ in 0..<2000 {
            let seconds = Int64.random(in: -11_644_473_600..<32_503_680_000)
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds))).dropLast() + ".000Z"
            #expect(Timestamp(milliseconds: seconds * 1000).description == expected)
        }
    }
}
