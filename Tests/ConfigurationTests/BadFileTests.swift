// Goal: somebody who got a file wrong learns everything that is wrong with it, where, and what was probably meant.
// Method: golden messages with exact places; updating one is a deliberate act.
import Configuration
import Learning
import Testing

@Suite struct BadFileTests {
    @Test(arguments: badFiles)
    func `Every problem of a bad file is named at its place`(_ bad: BadFile) {
        #expect(findings(bad.text, environment: bad.environment) == bad.findings)
    }

    @Test func `A problem prints as editors link it`() {
        let problem = problems(file(["models": "modles: {champion: {type: majority}}"])).first
        #expect(problem?.description == "f.yaml:7:1: unknown key 'modles'; did you mean 'models'?")
        #expect(problem?.isNotYet == false)
    }

    @Test func `Properties of librdkafka are checked by librdkafka`() {
        let kafka = """
            kafka:
              boostrap.servers: x:1
              session.timeout.ms: abc
              enable.auto.commit: false
              consumer: {linger.ms: 5, fetch.wait.max.ms: 5}
              producer: {linger.ms: 5, acks: 1}
              sasl.pasword: hunter2
            """
        let found = problems(file(["kafka": kafka]))
        // The words are librdkafka's and change with it; places and names do not.
        #expect(found.map { "\($0.line):\($0.column)" } == ["3:3", "4:23", "5:3", "6:14", "7:28", "8:3"])
        let names = [
            "did you mean 'bootstrap.servers'?", "session.timeout.ms", "'kafka.enable.auto.commit' is set by Millrace",
            "only the producer knows", "'kafka.producer.acks' must be 'all'", "did you mean 'sasl.password'?",
        ]
        for (problem, name) in zip(found, names) { #expect(problem.message.contains(name)) }
        #expect(!found.contains { $0.message.contains("hunter2") })
    }

    @Test func `A file of many errors is cut`() {
        let keys = (0..<20_000).map { "wrong\($0): 1" }.joined(separator: "\n")
        let found = problems(file(adding: keys))
        #expect(found.count == 201)
        #expect(found.last?.message == "more than 200 problems; the others are left out")
    }
}

/// The names of the built types that can do `task`, as messages list them.
private func builtTypes(_ task: LearningTask) -> String {
    ModelType.all.filter { $0.isBuilt && $0.tasks.contains(task) }.map(\.name).joined(separator: ", ")
}

/// The words of `scale`, as messages list them.
private let scalings: String = {
    guard
        case .choice(let words)? = ModelType.named("logistic_regression")?.parameters.first(where: { $0.key == "scale" }
        )?.kind
    else { return "" }
    return words.joined(separator: ", ")
}()

private let badFiles: [BadFile] = [
    BadFile(
        "a misspelt section",
        file(["models": "modles: {champion: {type: logistic_regression}}"]),
        [
            "7:1: unknown key 'modles'; did you mean 'models'?"
        ]),
    BadFile(
        "misspelt keys and kinds",
        file([
            "input":
                "input:\n  topci: payments\n  fields: {amount: nmber, zone: category, isFraud: catgory}\n  strat: latest"
        ]),
        [
            "4:3: unknown key 'topci' in 'input'; did you mean 'topic'?",
            "5:20: 'input.fields.amount' must be number or category, not 'nmber'; did you mean 'number'?",
            "5:52: 'input.fields.isFraud' must be number or category, not 'catgory'; did you mean 'category'?",
            "6:3: unknown key 'strat' in 'input'; did you mean 'start'?",
        ]),
    BadFile(
        "a section without a value",
        file(["kafka": "kafka:"]),
        [
            "2:1: 'kafka' has no value; it must be a map"
        ]),
    BadFile(
        "a section that is a list",
        file(["kafka": "kafka: [a]"]),
        [
            "2:8: 'kafka' must be a map, not a list"
        ]),
    BadFile(
        "kafka of wrong kinds",
        file(["kafka": "kafka: {bootstrap.servers: 'a:1', consumer: x, sasl.password: [a]}"]),
        [
            "2:45: 'kafka.consumer' must be a map, not a single value",
            "2:63: 'kafka.sasl.password' must be a single value or {file: PATH}, not a list",
        ]),
    BadFile(
        "brokers without an address",
        file([
            "kafka":
                "kafka: {bootstrap.servers: '', metadata.broker.list: '${HOSTS}', consumer: {bootstrap.servers: ' , '}}"
        ]),
        environment: ["HOSTS": ""],
        [
            "2:28: 'kafka.bootstrap.servers' cannot be empty",
            "2:54: 'kafka.metadata.broker.list' cannot be empty ('${HOSTS}' is)",
            "2:96: 'kafka.consumer.bootstrap.servers' cannot be empty (' , ' is)",
        ]),
    BadFile(
        "every required key is missing",
        "features: ['*']",
        [
            "1:1: missing key 'name'",
            "1:1: missing key 'kafka'",
            "1:1: missing key 'input'",
            "1:1: missing key 'models'",
            "1:1: missing key 'output'",
        ]),
    BadFile(
        "required keys of sections are missing",
        file([
            "input": "input: {start: earliest}", "label": "label: {positive: '1'}", "output": "output: {headers: pass}",
            "models": "models: {champion: {scale: none}}",
        ]),
        [
            "3:1: missing key 'input.fields'",
            "3:1: missing key 'input.topic'",
            "4:1: missing key 'label.field'",
            "5:10: a model needs a 'type' (in 'models.champion')",
            "6:1: missing key 'output.topic'",
        ]),
    BadFile(
        "wrong kinds of values",
        file([
            "name": "name: [a]", "input": "input: x", "label": "label: y", "models": "models: [a]",
            "output": "output: {topic: {a: b}}",
        ]),
        [
            "1:7: 'name' must be text, not a list",
            "3:8: 'input' must be a map, not a single value",
            "4:8: 'label' must be a map such as {field: label}, not a single value",
            "5:9: 'models' must be a map, not a list",
            "6:17: 'output.topic' must be text, not a map",
        ]),
    BadFile(
        "wrong words, ranges and units",
        file(
            ["output": "output: {topic: scores, guarantee: at_least_onc, headers: keep}"],
            adding:
                "on_bad_record: deadletter\non_data_loss: skip\nhttp: {port: 99999, host: 'a b'}\nmemory: 1KB\ncommit_interval: 1\nstuck_after: 30 s"
        ),
        [
            "8:36: 'output.guarantee' must be at_least_once, not 'at_least_onc'; did you mean 'at_least_once'?",
            "8:59: 'output.headers' must be pass or drop, not 'keep'",
            "9:16: 'on_bad_record' must be dead_letter, skip or stop, not 'deadletter'; did you mean 'dead_letter'?",
            "10:15: 'on_data_loss' must be stop or continue, not 'skip'",
            "11:14: 'http.port' must be a whole number from 0 to 65535, not '99999'",
            "11:27: 'http.host' is 'a b', which is no address or host name",
            "12:9: 'memory' must be a size from 16MiB to 16TiB, not '1KB'",
            "13:18: 'commit_interval' must be a duration such as 1s, 250ms or 7d, not '1'",
            "14:14: 'stuck_after' must be a duration such as 1s, 250ms or 7d, not '30 s'",
        ]),
    BadFile(
        "relations between topics and between durations",
        file(
            ["output": "output: {topic: payments}"],
            adding: "on_bad_record: {dead_letter: pay.ments}\ncommit_interval: 10s\nstuck_after: 5s"),
        [
            "8:17: 'output.topic' must differ from 'input.topic'",
            "11:14: 'stuck_after' (5s) must be longer than 'commit_interval' (10s): progress shows when it is committed",
        ]),
    BadFile(
        "topics that the pipeline's own would take",
        file([
            "output": "output: {topic: fraud-dead-letter}",
            "input": "input: {topic: fraud-state, fields: {amount: number, isFraud: category}}",
        ]),
        [
            "3:16: 'input.topic' must differ from the state topic",
            "6:17: 'output.topic' must differ from the dead-letter topic",
        ]),
    BadFile(
        "names",
        file([
            "name": "name: my pipeline", "output": "output: {topic: 'a/b'}",
            "models":
                "models: {'a b': {type: majority}, label: {type: majority}, x: {type: majority}, x.p: {type: majority}}",
        ]),
        [
            "1:7: 'name' is 'my pipeline', but a pipeline's name holds only letters, digits, '.', '_' and '-'",
            "7:10: a model's name holds letters, digits, '.', '_' and '-', at most 100; not 'a b'",
            "7:35: 'label' cannot name a model: predictions and 'route' use the word",
            "7:81: model 'x.p' would share its column of probabilities with 'x'",
            "8:17: 'output.topic' is 'a/b', but a topic's name holds only letters, digits, '.', '_' and '-'",
        ]),
    BadFile(
        "a name too long for its topics",
        file(["name": "name: " + String(repeating: "a", count: 238)]),
        [
            "1:7: 'name' is 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…', but a pipeline's name has at most 237 characters"
        ]),
    BadFile(
        "a group id that cannot begin topics",
        file(["kafka": "kafka: {bootstrap.servers: a, group.id: 'a b'}"]),
        [
            "2:41: 'group.id' is 'a b', but it begins the names of the pipeline's own topics, so it holds only letters, digits, '.', '_' and '-'"
        ]),
    BadFile(
        "explanations of nothing",
        file(["output": "output: {topic: scores, explain: 0}"]),
        ["8:34: 'output.explain' must be a whole number from 1 to 100, not '0'"]),
    BadFile(
        "explanations of everything",
        file(["output": "output: {topic: scores, explain: all}"]),
        ["8:34: 'output.explain' must be a whole number from 1 to 100, not 'all'"]),
    BadFile(
        "explanations that the published model cannot give",
        file([
            "models": "models: {champion: {type: auto}, other: {type: logistic_regression}}",
            "output": "output:\n  topic: scores\n  explain: 100",
        ]),
        [
            "10:12: 'output.explain': model 'champion' is published, and its type 'auto' cannot explain its predictions; these can: logistic_regression, perceptron, passive_aggressive, svm, hoeffding_tree, hoeffding_adaptive_tree, extremely_fast_decision_tree, adaptive_random_forest, streaming_random_patches, adwin_bagging, leveraging_bagging, online_boosting"
        ]),
    BadFile(
        "features one by one",
        file(
            adding:
                "features: [amount, amuont, zone, isFraud, amount, {one_hot: amount}, {one_hot: zone}, {one_hott: zone}, {one_hot: zone, x: y}, 'amount / 2', [a], 3, ~, {a: 1, b: 2}]"
        ),
        [
            "9:20: feature 'amuont' names no field of 'input.fields'; did you mean 'amount'?",
            "9:28: feature 'zone' is declared category; write {one_hot: zone}",
            "9:34: feature 'isFraud' is the label: the models would see the truth",
            "9:43: feature 'amount' comes twice",
            "9:61: feature 'amount' is declared number; 'one_hot' takes a field declared category",
            "9:88: unknown key 'one_hott' in 'features'; did you mean 'one_hot'?",
            "9:115: feature 'one_hot: zone' comes twice",
            "9:121: unknown key 'x' in 'features'; it takes 'one_hot'",
            "9:128: not yet: expressions such as 'amount / 2'",
            "9:142: 'features' must be a field's name, \"*\" or a map, not a list",
            "9:147: feature '3' names no field of 'input.fields'",
            "9:150: 'features' has no value; it must be a field's name, \"*\" or a map",
            "9:153: a feature is a field's name, \"*\" or a map such as {one_hot: FIELD}",
        ]),
    BadFile(
        "one field in two roles",
        file(
            ["input": "input: {topic: t, event_time: ts, id: ts, fields: {ts: number, n: number, isFraud: category}}"],
            adding: "features: [ts]"),
        [
            "3:39: 'input.id' and 'input.event_time' are one field, 'ts'",
            "7:12: feature 'ts' is 'input.id', which says nothing to learn from",
        ]),
    BadFile(
        "features not a list",
        file(adding: "features: '*'"),
        [
            "9:11: 'features' must be a list such as [\"*\"], not a single value"
        ]),
    BadFile(
        "no features",
        file(adding: "features: []"),
        [
            "9:11: 'features' is empty: the models would see nothing"
        ]),
    BadFile(
        "features twice",
        file(adding: "features: ['*', amount, '*']"),
        [
            "9:17: feature 'amount' comes twice",
            "9:25: feature '*' comes twice",
        ]),
    BadFile(
        "no number among the fields",
        file(["input": "input: {topic: t, fields: {zone: category, isFraud: category}}"]),
        [
            "3:1: 'features: [\"*\"]' means every field declared number, and there is none"
        ]),
    BadFile(
        "a label that is not there and two tasks",
        file(["label": "label: {field: isFruad, positive: '1', task: regression}"]),
        [
            "6:16: 'label.field' is 'isFruad', which 'input.fields' does not declare; did you mean 'isFraud'?",
            "6:25: 'label.positive' and 'task: regression' exclude each other",
        ]),
    BadFile(
        "a category as regression label",
        file(["label": "label: {field: isFraud, task: regression}", "models": "models: {a: {type: linear_regression}}"]
        ),
        [
            "6:16: 'task: regression' needs a number, but 'input.fields' declares 'isFraud' as category"
        ]),
    BadFile(
        "labels on their own topic",
        file(["label": "label: {topic: outcomes, join: id, field: y, wait: 7d, on_expiry: drop}"]),
        [
            "6:9: not yet: labels that come on a topic of their own ('label.topic')"
        ]),
    BadFile(
        "one key of delayed labels",
        file(["label": "label: {field: isFraud, positive: 1, wait: 7d}"]),
        [
            "6:38: not yet: 'label.wait'"
        ]),
    BadFile(
        "many classes",
        file(["label": "label: {field: isFraud}"]),
        [
            "7:27: 'logistic_regression' does not fit a label of several classes ('positive:' under 'label:' makes it binary); these do: \(builtTypes(.multiclass)) (in 'models.champion')"
        ]),
    BadFile(
        "a model without a label",
        file(["label": nil]),
        [
            "1:1: missing key 'label': model 'champion' learns from one"
        ]),
    BadFile(
        "csv without columns",
        file(["input": "input: {topic: t, format: csv, fields: {amount: number, isFraud: category}}"]),
        [
            "3:1: missing key 'input.columns': CSV records on Kafka have no header"
        ]),
    BadFile(
        "columns that lack fields",
        file([
            "input":
                "input: {topic: t, format: csv, id: key, event_time: {field: ts, unit: m}, columns: [amuont, isFraud, isFraud, tss], fields: {amount: number, isFraud: category}}"
        ]),
        [
            "3:71: 'input.event_time.unit' must be s or ms, not 'm'",
            "3:84: 'input.columns' lacks the field 'amount'; did you mean 'amuont'?",
            "3:84: 'input.columns' lacks the field 'key'",
            "3:84: 'input.columns' lacks the field 'ts'; did you mean 'tss'?",
            "3:102: column 'isFraud' comes twice",
        ]),
    BadFile(
        "columns for json",
        file(["input": "input: {topic: t, columns: [amount, isFraud], fields: {amount: number, isFraud: category}}"]),
        [
            "3:19: 'input.columns' is for 'format: csv' only"
        ]),
    BadFile(
        "a unit of nothing",
        file(["input": "input: {topic: t, unit: s, fields: {amount: number, isFraud: category}}"]),
        [
            "3:19: 'input.unit' needs 'input.event_time'"
        ]),
    BadFile(
        "a format that is not built",
        file(["input": "input: {topic: t, format: avro, fields: {amount: number, isFraud: category}}"]),
        [
            "3:27: not yet: 'input.format: avro'"
        ]),
    BadFile(
        "models one by one",
        file([
            "models":
                "models:\n  a: {type: logistic_regresion, scale: min_max}\n  b: {type: logistic_regression, optimizer: {type: sgd, learning_rat: 1, l2: -1}, scle: none}\n  c: {type: linear_regression}\n  d:\n  e: {type: passive_aggressive, variant: x, c: [1], update: thawed}\n  f: {type: 5, optimizer: [x]}\n  g: {type: logistic_regression, learning_rate: 0.1, scale: standart, optimizer: {learning_rate: {initial: 1}}}"
        ]),
        [
            "8:13: unknown model type 'logistic_regresion'; did you mean 'logistic_regression'? (in 'models.a')",
            "9:57: unknown key 'learning_rat'; did you mean 'learning_rate'? (in 'models.b')",
            "9:78: 'l2' takes a number from 0 to 1000000, not '-1' (in 'models.b')",
            "9:83: unknown key 'scle'; did you mean 'scale'? (in 'models.b')",
            "10:13: 'linear_regression' does not fit a binary label; these do: \(builtTypes(.binary)) (in 'models.c')",
            "11:3: 'models.d' has no value; it must be a map such as {type: logistic_regression}",
            "12:42: 'variant' takes a whole number, not 'x' (in 'models.e')",
            "12:48: 'c' takes a number above 0 to 1000000, not a list (in 'models.e')",
            "12:61: 'update' takes frozen, {every: n}, {interval: 5m} or {when: {metric, below}}, not 'thawed' (in 'models.e')",
            "13:13: 'type' takes a model's name, not '5' (in 'models.f')",
            "14:34: unknown key 'learning_rate'; it belongs under 'optimizer:' (in 'models.g')",
            "14:61: unknown value 'standart' of 'scale'; one of: \(scalings); did you mean 'standard'? (in 'models.g')",
            "14:98: 'learning_rate' takes 'decay' or 'power' beside 'initial', or is a plain number (in 'models.g')",
        ]),
    BadFile(
        "maps in models",
        file([
            "models":
                "models:\n  a: {type: logistic_regression, update: {evry: 5}}\n  b: {type: logistic_regression, update: {when: {metric: acuracy, below: 0.8}}}\n  c: {type: logistic_regression, on_drift: {detector: {type: adwin, dleta: 1}, action: rest}}\n  d: {type: logistic_regression, on_drift: {detector: adwni}}\n  e: {type: majority, update: {interval: 5}}\n  f: {type: majority, on_drift: {action: boost}}\n  g: {type: logistic_regression, update: {every: 600}, on_drift: {action: replace}}\n  h: {type: logistic_regression, on_drift: {action: reset, factor: 2, events: 200}}\n  i: {type: logistic_regression, update: {when: {metric: accuracy, below: 80}}}\n  j: {type: logistic_regression, update: {interval: 1.1h}}"
        ]),
        [
            "8:43: unknown key 'evry'; did you mean 'every'? (in 'models.a')",
            "9:58: unknown value 'acuracy' of 'metric'; one of: accuracy, log_loss; did you mean 'accuracy'? (in 'models.b')",
            "10:69: unknown key 'dleta'; did you mean 'delta'? (in 'models.c')",
            "10:88: unknown value 'rest' of 'action'; one of: alert, reset, boost, replace; did you mean 'reset'? (in 'models.c')",
            "11:55: unknown detector 'adwni'; did you mean 'adwin'? (in 'models.d')",
            "12:42: 'interval' takes a duration such as 5m, from 1ms to 366d, not '5' (in 'models.e')",
            "13:42: 'action' boost is for the linear models and snarimax (in 'models.f')",
            "14:56: 'events' is at least 1200 where 600 events are learned together: it would be over before (in 'models.g')",
            "15:68: 'factor' belongs to the action boost (in 'models.h')",
            "15:79: 'events' belongs to the actions boost and replace (in 'models.h')",
            "16:75: 'below' is an accuracy, from 0 to 1 (in 'models.i')",
        ]),
    BadFile(
        "a misspelt type",
        file(["models": "models: {a: {tpye: majority}, b: {type: majority, optimizer: {type: {a: b}}}}"]),
        [
            "7:14: unknown key 'tpye' in 'models.a'; did you mean 'type'?",
            "7:51: unknown key 'optimizer' (in 'models.b')",
        ]),
    BadFile(
        "no model",
        file(["models": "models: {}"]),
        [
            "7:9: 'models' names no model"
        ]),
    BadFile(
        "a route to nobody",
        file(adding: "route: {champoin: 100, by: user}"),
        [
            "9:9: unknown key 'champoin' in 'route'; did you mean 'champion'?",
            "9:28: 'route.by' must be key, not 'user'",
        ]),
    BadFile(
        "a share over all",
        file(adding: "route: {champion: 101}"),
        [
            "9:19: 'route.champion' must be a number from 0 to 100, not '101'"
        ]),
    BadFile(
        "a route without shares",
        file(adding: "route: {by: key}"),
        [
            "9:8: 'route' gives no model a share"
        ]),
    BadFile(
        "the environment",
        file(
            [
                "name": "name: ${PIPE}",
                "kafka": "kafka: {bootstrap.servers: '${HOSTS}', sasl.password: '${', acks: '${ACKS}'}",
            ], adding: "memory: ${MEM}\nhttp: {port: '${PORT}'}\ncommit_interval: ${CI}"),
        environment: ["MEM": "secret12", "PORT": "8080", "ACKS": "hunter2", "CI": ""],
        [
            "1:7: environment variable 'PIPE' is not set (in 'name')",
            "2:28: environment variable 'HOSTS' is not set (in 'kafka.bootstrap.servers')",
            "2:55: '${' in 'kafka.sasl.password' must be followed by a variable's name and '}'; write '$${' for the characters",
            "2:61: 'kafka.acks' must be 'all': the producer is idempotent, and an output counts when it is safe",
            "9:9: 'memory' must be a size such as 128MiB, 64KB or plain bytes, not '${MEM}'",
            "11:18: 'commit_interval' must be a duration such as 1s, 250ms or 7d, not '${CI}'",
        ]),
    BadFile(
        "secrets in files",
        file([
            "kafka": "kafka: {bootstrap.servers: a, sasl.password: {file: /nonexistent/x}, ssl.key.password: {fil: x}}"
        ]),
        [
            "2:53: 'kafka.sasl.password': file '/nonexistent/x' cannot be read: No such file or directory",
            "2:89: unknown key 'fil' in 'kafka.ssl.key.password'; did you mean 'file'?",
        ]),
    BadFile(
        "secrets in the wrong place",
        file(
            ["models": "models: {champion: {type: '${SECRET}', scale: '${SECRET}'}}"],
            adding:
                "features: ['${SECRET}', {one_hot: '${SECRET}'}]\nmemory: '${SECRET}'\non_bad_record: '${SECRET}'\nhttp: {host: '${SECRET}', port: '${SECRET}'}"
        ), environment: ["SECRET": "hunter2 /x"],
        [
            "7:27: unknown model type '${SECRET}' (in 'models.champion')",
            "9:12: not yet: expressions such as '${SECRET}'",
            "9:35: feature '${SECRET}' names no field of 'input.fields'",
            "10:9: 'memory' must be a size such as 128MiB, 64KB or plain bytes, not '${SECRET}'",
            "11:16: 'on_bad_record' must be dead_letter, skip or stop, not '${SECRET}'",
            "12:14: 'http.host' is '${SECRET}', which is no address or host name",
            "12:33: 'http.port' must be a whole number from 0 to 65535, not '${SECRET}'",
        ]),
]
