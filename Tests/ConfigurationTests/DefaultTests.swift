// Goal: a file that says little means exactly what the format promises, and what it does say is taken over. Method:
// every default and every value of a full file, one by one.
import Configuration
import Features
import Kafka
import Learning
import Testing

@Suite struct DefaultTests {
    @Test func `Every default of a minimal file`() throws {
        let pipeline = try parse(file())
        #expect(pipeline.name == "fraud")
        #expect(pipeline.groupID == "fraud")
        #expect(pipeline.kafka == ClientProperties(bootstrapServers: "localhost:9092"))
        #expect(pipeline.input.topic == "payments")
        #expect(pipeline.input.start == .earliest)
        let schema = Schema(
            fields: [
                Schema.Field(name: "amount", kind: .number), Schema.Field(name: "zone", kind: .category),
                Schema.Field(name: "isFraud", kind: .category),
            ],
            label: Schema.Label(field: "isFraud", kind: .binary(positive: "1")))
        #expect(pipeline.input.schema == schema)
        #expect(schema.format == .json && schema.eventTimeUnit == .milliseconds)
        #expect(pipeline.features == [.allNumbers])
        #expect(pipeline.models.map(\.name) == ["champion"])
        #expect(pipeline.output == Pipeline.Output(topic: "scores", guarantee: .atLeastOnce, headers: .pass))
        #expect(pipeline.onBadRecord == .deadLetter(topic: nil))
        #expect(pipeline.deadLetterTopic == "fraud-dead-letter")
        #expect(pipeline.onDataLoss == .stop)
        #expect(pipeline.http == nil)
        #expect(pipeline.memoryBytes == 134_217_728)
        #expect(pipeline.commitInterval == .seconds(1))
        #expect(pipeline.stuckAfter == .seconds(30))
    }

    @Test func `Every value of a full file`() throws {
        let text = """
            name: full
            kafka:
              bootstrap.servers: a:1,b:2
              session.timeout.ms: 6000
              consumer: {group.id: scorers}
              producer: {linger.ms: 5}
            input:
              topic: in
              format: csv
              start: latest
              columns: [id, ts, x, zone, y]
              event_time: {field: ts, unit: s}
              id: id
              fields: {x: number, zone: category, y: number}
            label: {field: y, task: regression}
            features: [{one_hot: zone}, x]
            models:
              second_by_alphabet: {type: linear_regression, optimizer: {type: sgd, learning_rate: 0.1}}
              baseline: {type: running_mean}
            route: {second_by_alphabet: 100}
            output: {topic: out, guarantee: at_least_once, headers: drop}
            on_bad_record: {dead_letter: bad}
            on_data_loss: continue
            http: {host: 0.0.0.0, port: 0}
            memory: 1GiB
            commit_interval: 250ms
            stuck_after: 1.5m
            """
        let pipeline = try parse(text)
        #expect(pipeline.groupID == "scorers")
        #expect(pipeline.kafka.common.map(\.value) == ["a:1,b:2", "6000"])
        #expect(pipeline.kafka.consumer == [Property(key: "group.id", value: "scorers")])
        #expect(pipeline.kafka.producer == [Property(key: "linger.ms", value: "5")])
        #expect(pipeline.input.start == .latest)
        #expect(pipeline.input.schema.format == .csv)
        #expect(pipeline.input.schema.columns == ["id", "ts", "x", "zone", "y"])
        #expect(pipeline.input.schema.eventTimeField == "ts")
        #expect(pipeline.input.schema.eventTimeUnit == .seconds)
        #expect(pipeline.input.schema.idField == "id")
        #expect(pipeline.label == Schema.Label(field: "y", kind: .regression))
        #expect(pipeline.features == [.oneHot("zone"), .field("x")])
        #expect(pipeline.models.map(\.name) == ["second_by_alphabet", "baseline"])
        #expect(pipeline.output == Pipeline.Output(topic: "out", guarantee: .atLeastOnce, headers: .drop))
        #expect(pipeline.deadLetterTopic == "bad")
        #expect(pipeline.onDataLoss == .continue)
        #expect(pipeline.http == Pipeline.HTTPAddress(host: "0.0.0.0", port: 0))
        #expect(pipeline.memoryBytes == 1 << 30)
        #expect(pipeline.commitInterval == .milliseconds(250))
        #expect(pipeline.stuckAfter == .seconds(90))
    }

    @Test func `http without keys listens on the local address`() throws {
        #expect(try parse(file(adding: "http: {}")).http == Pipeline.HTTPAddress(host: "127.0.0.1", port: 8080))
    }

    @Test func `The unit of event times may stand beside them`() throws {
        let input = "input: {topic: t, event_time: ts, unit: s, fields: {amount: number, isFraud: category}}"
        #expect(try parse(file(["input": input])).input.schema.eventTimeUnit == .seconds)
    }

    @Test func `Bad records can be skipped or stop the service, and then have no topic`() throws {
        let skip = try parse(file(adding: "on_bad_record: skip"))
        #expect(skip.onBadRecord == .skip && skip.deadLetterTopic == nil)
        #expect(try parse(file(adding: "on_bad_record: stop")).onBadRecord == .stop)
    }

    @Test(
        arguments: [
            ("64000000", 64_000_000), ("64KB", nil), ("64MB", 64_000_000), ("64MiB", 64 << 20), ("1.5GiB", 3 << 29),
            ("16TiB", 16 << 40), ("17TiB", nil), ("9999999999999999999", nil), ("99999999TiB", nil), ("-64MB", nil),
            ("64mb", nil), ("MB", nil), ("64.MB", nil), ("0.1GB", 100_000_000), ("'64MB'", 64_000_000),
        ] as [(String, Int?)])
    func `Sizes`(_ text: String, _ bytes: Int?) {
        #expect((try? parse(file(adding: "memory: \(text)")))?.memoryBytes == bytes)
    }

    @Test(
        arguments: [
            ("1s", .seconds(1)), ("250ms", .milliseconds(250)), ("0.1s", .milliseconds(100)), ("0.25m", .seconds(15)),
            ("1h", nil), ("30s", nil), ("25s", .seconds(25)), ("0s", nil), ("9ms", nil), ("10ms", .milliseconds(10)),
            ("1", nil),
            ("s", nil), ("1 s", nil), ("1S", nil), ("1e3ms", nil), ("9999999999999d", nil), ("-1s", nil), ("0x1s", nil),
        ] as [(String, Duration?)])
    func `Durations`(_ text: String, _ duration: Duration?) {
        #expect((try? parse(file(adding: "commit_interval: \(text)")))?.commitInterval == duration)
    }

    @Test(arguments: ["1", "true", "'1'", "\"1\"", "1.0", "yes"])
    func `A positive class is its text`(_ text: String) throws {
        let pipeline = try parse(file(["label": "label: {field: isFraud, positive: \(text)}"]))
        #expect(pipeline.label?.kind == .binary(positive: text.filter { $0 != "'" && $0 != "\"" }))
    }

    @Test func `The brokers may be left to the embedded cluster`() throws {
        #expect(problems(file(["kafka": "kafka: {}"])).map(\.message) == ["missing key 'kafka.bootstrap.servers'"])
        let pipeline = try parse(file(["kafka": "kafka: {}"]), mode: .embedded)
        #expect(pipeline.kafka == ClientProperties())
        _ = try parse(file(["kafka": nil]), mode: .embedded)
        _ = try parse(file(["kafka": "kafka: {bootstrap.servers: ''}"]), mode: .embedded)
    }
}

@Suite struct ExplainTests {
    /// Only the published model has to be able to, and no model where the published one has a problem of its own.
    @Test func `explanations are of the published model alone`() throws {
        let models = "models: {champion: {type: logistic_regression, on_drift: {action: reset}}, other: {type: auto}}"
        let text = file(["models": models, "output": "output: {topic: scores, explain: 100}"])
        #expect(try parse(text).output == Pipeline.Output(topic: "scores", explain: 100))
        #expect(try parse(file()).output.explain == nil)
        let broken = "models: {champion: {type: logistic_regresion}, other: {type: auto}}"
        let found = findings(file(["models": broken, "output": "output: {topic: scores, explain: 1}"]))
        #expect(found.count == 1 && found[0].contains("logistic_regresion"))
    }
}

@Suite struct EvalTests {
    @Test func `eval needs models and their label alone`() throws {
        let text = "models: {a: {type: logistic_regression}}\nlabel: {field: y, positive: x}\n"
        let pipeline = try parse(text, mode: .eval)
        #expect(pipeline.input.schema.fields.isEmpty)
        #expect(pipeline.features == [.allNumbers])
        #expect(pipeline.models.count == 1)
        #expect(findings("features: ['*']", mode: .eval) == ["1:1: missing key 'models'"])
        let noLabel = "1:1: missing key 'label': model 'a' learns from one"
        #expect(findings("models: {a: {type: majority}}", mode: .eval) == [noLabel])
    }

    @Test func `eval looks at the keys, not at the values, of what it ignores`() throws {
        let input = "input: {topic: 'a/b', format: avro, start: x, fields: {amount: number, isFraud: category}}"
        let ignored = file([
            "kafka": "kafka: {bootstrap.servers: '${NOWHERE}', acks: 1, consumer: x}", "input": input,
            "output": "output: {topic: [a], guarantee: exactly_once, explain: 3}",
        ])
        #expect(findings(ignored, mode: .eval) == [])
        let wrong = file(["kafka": "kafka: {client.idd: a, producer: {lingre.ms: 1}}", "output": "output: {topik: a}"])
        let messages = [
            "2:9: unknown librdkafka property 'client.idd'; did you mean 'client.id'?",
            "2:35: unknown librdkafka property 'lingre.ms'; did you mean 'linger.ms'?",
            "8:10: unknown key 'topik' in 'output'; did you mean 'topic'?",
        ]
        #expect(findings(wrong, mode: .eval) == messages)
    }
}
