// Goal: no file can trap the reader, hold it up, or get a pipeline through that breaks its promises. Method:
// mutations of full files from a seeded generator; failing seeds are to be kept in `seeds`.
import Configuration
import Features
import Testing

/// SplitMix64 (Steele et al. 2014): a mutation is known by its seed alone.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

@Suite struct MutationTests {
    private static let full = """
        # A file with everything, é and 🚀 included.
        name: full
        kafka: &k
          bootstrap.servers: "${HOSTS}"
          session.timeout.ms: 6000
          consumer: {group.id: scorers, fetch.wait.max.ms: 5}
          producer: {linger.ms: 5}
        input:
          topic: in
          format: csv
          columns: [id, ts, x, zone, y]
          event_time: {field: ts, unit: s}
          id: id
          fields:
            x: number
            zone: category
            y: number
        label: {field: y, task: regression}
        features: [{one_hot: zone}, x]
        models:
          first: {type: linear_regression, optimizer: {type: sgd, learning_rate: {initial: 0.1, decay: 1e-3}}}
          baseline: {type: running_mean}
        route: {first: 100, by: key}
        output: {topic: 'out', guarantee: at_least_once, headers: drop}
        on_bad_record: {dead_letter: bad}
        http: {host: 0.0.0.0, port: 0}
        memory: 1GiB
        commit_interval: 250ms
        stuck_after: 1.5m
        """
    private static let pieces = [
        "", "\t", "\n", " ", "  ", ":", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "*k", "!!str ", "!", "|\n", ">-\n",
        "'", "\"", "\\", "#", "---\n", "...\n", "%YAML 1.1\n", "? ", "<<: *k", "~", "null", "true", "1e999", "-0",
        "0x10",
        "9223372036854775808", "NaN", ".inf", "${HOSTS}", "${", "$${", "${X", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}",
        "\u{FEFF}", "\u{301}", "🚀", "window: 1d", "one_hot: x", "type: adam", "999999999999999999999d", "1.", ".5", "%",
    ]

    private func mutated(_ generator: inout Generator) -> String {
        var bytes = Array(Self.full.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let at = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, at + Int.random(in: 0...12, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.removeSubrange(at..<end)
            case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: at)
            case 2: if at < bytes.count { bytes[at] = UInt8.random(in: 0...127, using: &generator) }
            case 3:
                let from = Int.random(in: 0...bytes.count, using: &generator)
                bytes.insert(contentsOf: Array(bytes[from..<min(bytes.count, from + (end - at) * 4)]), at: at)
            default:
                bytes.replaceSubrange(at..<end, with: Self.pieces.randomElement(using: &generator)?.utf8 ?? "".utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a caller may rely on, whatever the file was.
    private func check(_ pipeline: Pipeline, _ seed: UInt64) {
        let topics = [pipeline.input.topic, pipeline.output.topic, pipeline.deadLetterTopic].compactMap(\.self)
        let schema = pipeline.input.schema
        #expect(schema.validate() == nil, "seed \(seed)")
        #expect(throws: Never.self, "seed \(seed)") { _ = try FeaturePlan(schema: schema, features: pipeline.features) }
        #expect(Set(topics).count == topics.count && !topics.contains(""), "seed \(seed)")
        #expect(!pipeline.models.isEmpty && !pipeline.features.isEmpty && pipeline.label != nil, "seed \(seed)")
        #expect(pipeline.commitInterval > .zero && pipeline.stuckAfter > pipeline.commitInterval, "seed \(seed)")
        #expect(pipeline.memoryBytes >= 16 << 20 && (0...65_535).contains(pipeline.http?.port ?? 0), "seed \(seed)")
    }

    @Test func `The file itself is good`() throws {
        check(try parse(Self.full, environment: ["HOSTS": "a:1"]), 0)
    }

    @Test(arguments: 0..<4)
    func `A hundred thousand mutated files end in a sound pipeline or in problems with places`(_ part: Int) {
        let modes: [Pipeline.Mode] = [.run, .embedded, .eval]
        var soundCount = 0
        for index in 0..<25_000 {
            let seed = UInt64(part * 25_000 + index)
            var generator = Generator(state: seed)
            let text = mutated(&generator)
            let mode = modes[index % 3]
            do {
                let pipeline = try parse(text, mode: mode, environment: ["HOSTS": "s3cret-host:1"])
                if mode != .eval { check(pipeline, seed) }
                soundCount += 1
            } catch .invalid(let problems) {
                let isSound =
                    !problems.isEmpty
                    && problems.allSatisfy { problem in
                        problem.line >= 1 && problem.column >= 1 && !problem.message.isEmpty
                            && !problem.message.contains("\n") && !problem.message.contains("s3cret")
                    }
                if !isSound { Issue.record("seed \(seed): \(problems)") }
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
        // Some mutations only touch comments or values; without any of them the check above would be empty.
        #expect(soundCount > 250)
    }

    @Test(arguments: [
        "[", "{", "- ", "? ", "a: ", "&a ", "*a ", "! ", "'", "\"", "|\n", "{a: ", "[a, ", "a: b\n", "- - ", "x\n",
        "%T\n",
        "---\n", "${A}", "\n", " ", "\u{2028}", "features: ['*', ", "models: {a: {", "*k, ",
    ])
    func `A megabyte of one thing ends soon`(_ piece: String) {
        let clock = ContinuousClock()
        let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
        let duration = clock.measure { _ = problems(text) }
        #expect(duration < .seconds(20), "\(duration)")
    }

    @Test(arguments: [
        (30_000, "input: {topic: t, fields: {isFraud: category, ", "f#: number, ", "}}", "input"),
        (
            30_000, "input: {topic: t, format: csv, fields: {a: number, isFraud: category}, columns: [", "f#, ", "x]}",
            "input"
        ),
        (30_000, "features: [", "f#, ", "x]", "features"), (30_000, "features: [", "'*', ", "x]", "features"),
        (10_000, "models: {", "m#: {type: majority}, ", "n: {type: majority}}", "models"),
        (30_000, "models: {a: {type: logistic_regression, ", "p#: 1, ", "}}", "models"),
        (30_000, "models: {a: {type: logistic_regression, optimizer: {type: sgd, ", "p#: 1, ", "}}}", "models"),
        (30_000, "route: {", "m#: 1, ", "champion: 1}", "route"),
        (30_000, "kafka: {", "p#: 1, ", "client.id: x}", "kafka"),
    ])
    func `A large section ends soon`(_ count: Int, _ head: String, _ item: String, _ tail: String, _ key: String) {
        let items = (0..<count).map { item.replacing("#", with: "\($0)") }.joined()
        let section = head + items + tail
        let isInMinimal = minimalBlocks.contains { $0.key == key }
        let text = file(isInMinimal ? [key: section] : [:], adding: isInMinimal ? "" : section)
        let duration = ContinuousClock().measure { _ = problems(text) }
        #expect(duration < .seconds(20), "\(duration)")
    }
}
