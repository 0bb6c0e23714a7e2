// Goal: values come from the environment without ever becoming structure or showing up in a message. Method: hostile
// values, every form of `$`, and a search of all messages for the secret.
import Configuration
import Features
import Kafka
import Testing

@Suite struct EnvironmentTests {
    @Test(arguments: [
        ("${A}", "1"), ("x${A}y${A}", "x1y1"), ("$A", "$A"), ("$${A}", "${A}"), ("$$${A}", "$${A}"), ("$$", "$$"),
        ("a$", "a$"), ("${B}", "${A}"),
    ])
    func `Variables are put in once, anywhere in a value`(_ text: String, _ expected: String) throws {
        let pipeline = try parse(
            file(["label": "label: {field: isFraud, positive: '\(text)'}"]), environment: ["A": "1", "B": "${A}"])
        #expect(pipeline.label?.kind == .binary(positive: expected))
    }

    @Test(arguments: ["${", "${}", "${A", "${1A}", "${A-b}", "${A:-b}", "${ A }"])
    func `What looks like a variable and is none is a problem`(_ text: String) {
        let found = problems(
            file(["label": "label: {field: isFraud, positive: '\(text)'}"]), environment: ["A": "1"])
        #expect(found.count == 1)
        #expect(found.first?.message.contains("write '$${'") == true)
    }

    @Test func `A value cannot become structure`() throws {
        let hostile = "x\"', task: regression}\nname: other\n- *a # &b {"
        let pipeline = try parse(
            file(["label": "label: {field: isFraud, positive: '${HOSTILE}'}"]), environment: ["HOSTILE": hostile])
        #expect(pipeline.label?.kind == .binary(positive: hostile))
        #expect(pipeline.name == "fraud")
    }

    @Test func `Braces that YAML cannot take as text say so`() {
        let place = "not valid YAML: did not find expected ',' or '}' (while parsing a flow mapping)"
        let advice = "; inside { } and [ ] a value with '${…}' needs quotes"
        #expect(findings(file(["output": "output: {topic: ${A}}"])) == ["8:18: " + place + advice])
    }

    @Test func `Numbers, words and names may come from the environment, quoted or not`() throws {
        let pipeline = try parse(
            file(
                [
                    "name": "name: ${TEAM}-fraud",
                    "models": "models: {a: {type: '${TYPE}', optimizer: {type: sgd, learning_rate: '${RATE}'}}}",
                ], adding: "http: {port: '${PORT}'}\nmemory: ${MEMORY}"),
            environment: [
                "TEAM": "risk", "PORT": "9000", "MEMORY": "64MiB", "TYPE": "logistic_regression", "RATE": "0.5",
            ])
        #expect(pipeline.name == "risk-fraud")
        #expect(pipeline.http?.port == 9000)
        #expect(pipeline.memoryBytes == 64 << 20)
    }

    @Test func `The host's name needs no variable`() throws {
        let kafka = "kafka: {bootstrap.servers: a, group.instance.id: 'scorer-${HOSTNAME}'}"
        let own = try parse(file(["kafka": kafka])).kafka.common.last?.value
        #expect(own?.hasPrefix("scorer-") == true && own != "scorer-")
        let given = try parse(file(["kafka": kafka]), environment: ["HOSTNAME": "h1"]).kafka.common.last?.value
        #expect(given == "scorer-h1")
    }

    @Test func `No message shows what came from the environment or stands under a secret key`() {
        let secret = "h7nter-2 /x:{"
        let places = [
            file(["name": "name: '${S}'"]), file(["kafka": "kafka: '${S}'"]),
            file([
                "kafka": "kafka: {bootstrap.servers: a, acks: '${S}', session.timeout.ms: '${S}', sasl.pasword: '${S}'}"
            ]),
            file(["kafka": "kafka: {bootstrap.servers: a, sasl.password: ['\(secret)'], ssl.key.pem: '\(secret)'}"]),
            file(["kafka": "kafka: {bootstrap.servers: a, security.protocol: 'x${S}', group.id: '${S}'}"]),
            file([
                "input":
                    "input: {topic: '${S}', format: '${S}', start: '${S}', id: '${S}', unit: '${S}', event_time: '${S}', columns: ['${S}', '${S}'], fields: {amount: '${S}'}}"
            ]),
            file(["label": "label: {field: '${S}', positive: '1', task: '${S}'}"]),
            file([
                "models":
                    "models: {a: '${S}', b: {type: '${S}'}, c: {type: logistic_regression, scale: '${S}', optimizer: {type: '${S}', l1: '${S}'}}}"
            ]),
            file(["output": "output: {topic: '${S}', guarantee: '${S}', headers: '${S}'}"]),
            file(adding: "features: ['${S}', {one_hot: '${S}'}, {window: '${S}'}, {x: '${S}'}]"),
            file(adding: "route: {champion: '${S}', by: '${S}'}\non_bad_record: '${S}'\non_data_loss: '${S}'"),
            file(
                adding:
                    "http: {host: '${S}', port: '${S}'}\nmemory: '${S}'\ncommit_interval: '${S}'\nstuck_after: '${S}'"),
        ]
        for text in places {
            let found = problems(text, environment: ["S": secret])
            #expect(!found.isEmpty, "\(text)")
            for problem in found { #expect(!problem.message.contains("h7nter"), "\(problem)") }
        }
    }
}
