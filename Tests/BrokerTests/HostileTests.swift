import Foundation
import TestSupport
import Testing

extension BrokerTests {
    /// Goal (I1): whatever a record holds, it becomes a prediction or a dead letter with its reason, and the next one follows.
    @Suite(.enabled(if: BrokerAccess.isDistribution, "\(BrokerAccess.missingDistribution)"))
    struct Hostile {
        /// A record and what has to become of it.
        private struct Case {
            let name: String
            let value: Data
            var isTombstone = false
            /// The reasons that fit; none for a good record.
            var reasons: Set<String> = []

            init(_ name: String, _ value: String, _ reasons: String...) {
                self.name = name
                self.value = Data(value.utf8)
                self.reasons = Set(reasons)
            }

            init(_ name: String, bytes: Data, isTombstone: Bool = false, _ reasons: String...) {
                (self.name, value, self.isTombstone, self.reasons) = (name, bytes, isTombstone, Set(reasons))
            }
        }

        private static let time = "\"ts\":\"2024-05-01T12:00:00Z\""

        private static func event(_ name: String, _ rest: String) -> String { "{\"id\":\"\(name)\",\(rest)}" }

        private static let cases: [Case] = {
            let numbers = "\"x\":1.5,\"y\":-2"
            let whole = "\(time),\(numbers),\"label\":\"1\""
            let deep = { (levels: Int) in
                String(repeating: "{\"a\":", count: levels) + "1" + String(repeating: "}", count: levels)
            }
            let padding = String(repeating: "x", count: 10_000_000)
            var invalid = Data(event("utf8", whole + ",\"note\":\"?\"").utf8)
            if let mark = invalid.lastIndex(of: UInt8(ascii: "?")) { invalid[mark] = 0xFF }
            return [
                Case("whole", event("whole", whole)),
                Case("tombstone", bytes: Data(), isTombstone: true, "tombstone"),
                Case("empty", bytes: Data(), "empty"),
                Case("truncated", "{\"id\":\"truncated\",\"x\":1", "malformed"),
                Case("array", "[1,2]", "malformed"),
                Case("tail", event("tail", whole) + "{}", "malformed"),
                Case("number-as-text", event("number-as-text", "\(time),\"x\":\"abc\",\"y\":1"), "wrong_type"),
                Case("number-as-object", event("number-as-object", "\(time),\"x\":{\"a\":1},\"y\":1"), "wrong_type"),
                Case("nan", event("nan", "\(time),\"x\":NaN,\"y\":1"), "not_finite"),
                Case("infinite", event("infinite", "\(time),\"x\":1e999,\"y\":1"), "not_finite"),
                Case("twice", event("twice", "\(time),\"x\":1,\"x\":2,\"y\":1"), "duplicate_field"),
                Case("id-twice", event("id-twice", whole + ",\"id\":\"other\""), "duplicate_field"),
                Case("undeclared-twice", event("undeclared-twice", whole + ",\"n\":1,\"n\":2")),
                Case("big", event("big", whole + ",\"note\":\"\(padding)\"")),
                Case("big-truncated", "{\"id\":\"big-truncated\",\"x\":1,\"note\":\"\(padding)", "malformed"),
                Case("utf8", bytes: invalid, "invalid_utf8"),
                Case("deep-enough", event("deep-enough", whole + ",\"note\":" + deep(1_000))),
                Case("too-deep", event("too-deep", whole + ",\"note\":" + deep(1_100)), "too_deep"),
                Case("year-2190", event("year-2190", "\"ts\":\"2190-01-01T00:00:00Z\",\(numbers),\"label\":\"0\"")),
                Case("year-1970", event("year-1970", "\"ts\":\"1970-01-01T00:00:00Z\",\(numbers),\"label\":\"0\"")),
                Case("no-time", event("no-time", "\"ts\":\"yesterday\",\(numbers)"), "bad_time"),
                Case("missing-number", event("missing-number", "\(time),\"y\":1,\"label\":\"1\"")),
                Case("null-number", event("null-number", "\(time),\"x\":null,\"y\":1,\"label\":\"1\"")),
                Case("no-label", event("no-label", "\(time),\(numbers)")),
                Case(
                    "label-of-wrong-type", event("label-of-wrong-type", "\(time),\(numbers),\"label\":[1]"),
                    "wrong_type"),
                Case("last", event("last", whole)),
            ]
        }()

        private let cluster: KafkaCluster
        private let kcat: Kcat

        init() throws {
            cluster = try BrokerTests.cluster.get()
            kcat = Kcat(cluster.bootstrapServers, properties: ["fetch.message.max.bytes=20000000"])
        }

        private func service(_ lines: [String] = []) throws -> Service {
            var options = Service.Options()
            options.partitions = 1
            options.fields = "{x: number, y: number, label: category}"
            options.lines = lines
            let service = try Service(cluster.bootstrapServers, options)
            try cluster.createTopic(service.input, partitions: 1, properties: ["max.message.bytes": "16777216"])
            return service
        }

        private func write(_ record: Case, to service: Service) throws {
            let headers = ["origin=\(record.name)"]
            if record.value.isEmpty {
                try kcat.writeEmpty(
                    service.input, partition: 0, key: record.name, headers: headers, isTombstone: record.isTombstone)
            } else {
                let file = service.folder.url.appending(path: "record")
                try record.value.write(to: file)
                try kcat.write(service.input, partition: 0, key: record.name, value: file.path, headers: headers)
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func `each bad record becomes a dead letter with its reason, each good one a prediction`() throws {
            let service = try service()
            for record in Hostile.cases { try write(record, to: service) }
            try service.runToEnd(within: .seconds(90))

            // Key, timestamp-free: `name TAB length TAB headers`.
            let letters = try lines(kcat.read(service.deadLetters, format: "%k\\t%S\\t%h\\n"))
            let outputs = try lines(kcat.read(service.output, format: "%k\\t%h\\t%s\\n"))
            let bad = Hostile.cases.filter { !$0.reasons.isEmpty }
            let good = Hostile.cases.filter(\.reasons.isEmpty)
            try #require(letters.map { $0[0] } == bad.map(\.name))
            try #require(outputs.map { $0[0] } == good.map(\.name))
            for (letter, record) in zip(letters, bad) {
                let reason = letter[2].split(separator: ",").last { $0.hasPrefix("millrace-error=") }
                #expect(
                    record.reasons.contains(String(reason?.dropFirst("millrace-error=".count) ?? "")),
                    "\(record.name): \(letter[2].prefix(300))")
                #expect(letter[1] == (record.isTombstone ? "-1" : "\(record.value.count)"), "\(record.name)")
                #expect(letter[2].hasPrefix("origin=\(record.name),"), "\(record.name)")
                #expect(letter[2].contains("millrace-source=\(service.input)/0/"), "\(record.name)")
            }
            for (output, record) in zip(outputs, good) {
                #expect(output[1] == "origin=\(record.name)")
                #expect(output[2].contains("\"event_id\":\"\(record.name)\""))
            }
        }

        @Test(.timeLimit(.minutes(5)))
        func `a service told to stop at a bad record ends with 65 and names it`() throws {
            let service = try service(["on_bad_record: stop"])
            for record in Hostile.cases.prefix(2) { try write(record, to: service) }
            let process = try service.start(["--exit-at-end"])
            #expect(process.wait(within: .seconds(60)) == .code(65))
            #expect(process.errors.contains("tombstone"))
        }

        private func lines(_ data: Data) -> [[String]] {
            String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
                line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            }
        }
    }
}
