// Goal: whatever bytes a file holds, reading them ends soon, with a message at the place where YAML or a bound broke.
// Method: golden messages for each bound and each feature of YAML that is refused; files on disk for what text cannot
// be.
import Configuration
import Features
import Glibc
import Kafka
import Learning
import Testing

@Suite struct YAMLTests {
    @Test(arguments: badFiles)
    func `What YAML cannot be is named at its place`(_ bad: BadFile) {
        #expect(findings(bad.text, environment: bad.environment) == bad.findings)
    }

    @Test func `Aliases and block scalars work within the bounds`() throws {
        let text = file(
            ["models": "models:\n  a: &a {type: logistic_regression, scale: none}\n  b: *a\n"],
            adding: "features:\n  - >-\n    amount\n  - one_hot: \"zo\\x6ee\"")
        let pipeline = try parse(text)
        #expect(pipeline.models.map(\.name) == ["a", "b"])
        #expect(pipeline.features == [.field("amount"), .oneHot("zone")])
    }

    @Test func `A problem behind an alias is told once, where it was written`() {
        let text = file(["models": "models:\n  a: &a {type: logistic_regression, scale: nonne}\n  b: *a\n"])
        #expect(problems(text).map(\.line) == [8, 8])
    }

    @Test func `A chain of aliases cannot nest without end`() {
        let levels = (1..<100).map { "a\($0): &a\($0) [[[*a\($0 - 1)]]]\n" }.joined()
        #expect(findings("a0: &a0 x\n" + levels).contains { $0.hasSuffix("nested deeper than 32 levels") })
    }

    @Test func `A large file is refused, a long value is not`() throws {
        #expect(findings("# " + String(repeating: "x", count: 1 << 20)) == ["1:1: the file is larger than 1 MiB"])
        let positive = String(repeating: "x", count: 1_000_000)
        let pipeline = try parse(file(["label": "label: {field: isFraud, positive: \(positive)}"]))
        #expect(pipeline.label?.kind == .binary(positive: positive))
    }
}

@Suite struct FileTests {
    /// A file that is there as long as the test runs.
    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        var template = Array("/tmp/millrace-configuration-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        try #require(descriptor >= 0)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unsafe unlink(path) }
        let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        try #require(count == bytes.count)
        return try body(path)
    }

    private func findings(_ bytes: [UInt8], mode: Pipeline.Mode = .run) throws -> [String] {
        try withFile(bytes) { path in
            do throws(ConfigurationError) {
                _ = try Pipeline.load(path: path, mode: mode, environment: [:])
                return []
            } catch .invalid(let problems) {
                #expect(problems.allSatisfy { $0.file == path })
                return problems.map { "\($0.line):\($0.column): \($0.message)" }
            } catch {
                return [error.description]
            }
        }
    }

    @Test func `What is not UTF-8 is named at its byte`() throws {
        #expect(try findings([0xFF, 0xFE, 0x61, 0x00]) == ["1:1: not UTF-8: the file begins like UTF-16"])
        let latin = Array("name: a\n# gr".utf8) + [0xFC] + Array("n\n".utf8)
        let found = try findings(latin)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("2:5: not UTF-8: ") == true)
    }

    @Test func `A good file loads, with a byte-order mark too`() throws {
        #expect(try findings(Array(file().utf8)) == [])
        #expect(try findings([0xEF, 0xBB, 0xBF] + Array(file().utf8)) == [])
    }

    @Test(arguments: [("/nonexistent/f.yaml", "No such file or directory"), ("/tmp", "Is a directory")])
    func `A file that cannot be read is told apart from a wrong one`(_ path: String, _ reason: String) {
        #expect(throws: ConfigurationError.unreadable(path: path, reason: reason)) {
            try Pipeline.load(path: path, mode: .run, environment: [:])
        }
        let error = ConfigurationError.unreadable(path: path, reason: reason)
        #expect(error.description == "\(path): cannot be read: \(reason)")
    }

    @Test func `Secrets come from files, without the last line break`() throws {
        for (content, secret) in [("hunter2\n", "hunter2"), ("hunter2", "hunter2"), ("a\r\n\r\n", "a\r\n")] {
            try withFile(Array(content.utf8)) { path in
                let kafka = "kafka: {bootstrap.servers: a, sasl.password: {file: '${DIRECTORY}\(path.dropFirst(4))'}}"
                let pipeline = try parse(file(["kafka": kafka]), environment: ["DIRECTORY": "/tmp"])
                #expect(pipeline.kafka.common.last?.key == "sasl.password")
                #expect(pipeline.kafka.common.last?.value == secret)
                #expect(!"\(pipeline.kafka)".contains(secret))
            }
        }
    }

    @Test(arguments: [([], "is empty"), ([0xFF], "is not text"), ([0x61, 0x00], "is not text")])
    func `A secret that is no text is refused`(_ bytes: [UInt8], _ reason: String) throws {
        try withFile(bytes) { path in
            let kafka = "kafka: {bootstrap.servers: a, sasl.password: {file: \(path)}}"
            let found = ConfigurationTests.findings(file(["kafka": kafka]))
            #expect(found == ["2:53: 'kafka.sasl.password': file '\(path)' \(reason)"])
        }
    }

    @Test func `A secret file is not opened for eval`() throws {
        let kafka = "kafka: {bootstrap.servers: '${NOWHERE}', sasl.password: {file: /nonexistent}}"
        _ = try parse(file(["kafka": kafka]), mode: .eval)
    }
}

private let badFiles: [BadFile] = [
    BadFile(
        "a key twice",
        file(["name": "name: a\nname: b"]),
        [
            "2:1: duplicate key 'name' (first in line 1)"
        ]),
    BadFile(
        "an unknown alias",
        "a: &a [x, x]\nb: *c\n",
        [
            "2:4: alias '*c' names no anchor before it"
        ]),
    BadFile(
        "a billion laughs",
        "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
        [
            "5:26: more than 100000 values, aliases expanded"
        ]),
    BadFile(
        "ten thousand brackets",
        String(repeating: "[", count: 10_000),
        [
            "1:32: nested deeper than 32 levels"
        ]),
    BadFile(
        "a tab as indentation",
        "name: a\nkafka:\n\tbootstrap.servers: x\n",
        [
            "3:1: a tab cannot indent in YAML: use spaces"
        ]),
    BadFile(
        "a tab among spaces",
        "name: a\nkafka:\n  a: b\n\tbootstrap.servers: x\n",
        [
            "4:1: a tab cannot indent in YAML: use spaces"
        ]),
    BadFile(
        "two documents",
        "name: a\n---\nname: b\n",
        [
            "2:1: a second document; a pipeline file holds one"
        ]),
    BadFile(
        "a merge key",
        "a: &a {b: c}\nd: {<<: *a}\n",
        [
            "1:1: unknown key 'a'",
            "1:1: missing key 'name'",
            "1:1: missing key 'kafka'",
            "1:1: missing key 'input'",
            "1:1: missing key 'models'",
            "1:1: missing key 'output'",
            "2:1: unknown key 'd'",
            "2:5: merge keys ('<<') are not supported",
        ]),
    BadFile(
        "a list as key",
        "? [a]\n: b\n",
        [
            "1:1: missing key 'name'",
            "1:1: missing key 'kafka'",
            "1:1: missing key 'input'",
            "1:1: missing key 'models'",
            "1:1: missing key 'output'",
            "1:3: a key must be a single word, not a list",
        ]),
    BadFile(
        "tags",
        "name: !!int 5\nkafka: !foo {a: b}\n",
        [
            "1:1: missing key 'input'",
            "1:1: missing key 'models'",
            "1:1: missing key 'output'",
            "1:7: tags such as 'tag:yaml.org,2002:int' are not supported",
            "2:1: missing key 'kafka.bootstrap.servers'",
            "2:8: tags such as '!foo' are not supported",
            "2:14: unknown librdkafka property 'a'",
        ]),
    BadFile(
        "a value too many",
        "name: a\n  kafka: b\n",
        [
            "2:8: not valid YAML: mapping values are not allowed in this context"
        ]),
    BadFile(
        "an open quote",
        "name: 'a\nkafka: b\n",
        [
            "3:1: not valid YAML: found unexpected end of stream (while scanning a quoted scalar that starts in line 1)"
        ]),
    BadFile(
        "an open brace",
        "models: {a: b\nkafka: [b\n",
        [
            "2:6: not valid YAML: did not find expected ',' or '}' (while parsing a flow mapping that starts in line 1)"
        ]),
    BadFile(
        "a control character",
        "name: a\u{1}b\n",
        [
            "1:8: control characters are not allowed"
        ]),
    BadFile(
        "a byte-order mark",
        "\u{FEFF}name: a\nxx: 1",
        [
            "1:1: missing key 'kafka'",
            "1:1: missing key 'input'",
            "1:1: missing key 'models'",
            "1:1: missing key 'output'",
            "2:1: unknown key 'xx'",
        ]),
    BadFile(
        "an empty file",
        "",
        [
            "1:1: the file is empty; a pipeline begins with 'name:'"
        ]),
    BadFile(
        "one word",
        "hello",
        [
            "1:1: a pipeline file is a map of keys, not a single value"
        ]),
    BadFile(
        "a list",
        "- a",
        [
            "1:1: a pipeline file is a map of keys, not a list"
        ]),
    BadFile(
        "odd keys",
        file(adding: "7: 8\n'': x\nnul\u{301}: 4\n\"a\\nb\": c"),
        [
            "9:1: unknown key '7'",
            "10:1: unknown key ''",
            "11:1: unknown key 'nuĺ'",
            "12:1: unknown key 'a?b'",
        ]),
]
