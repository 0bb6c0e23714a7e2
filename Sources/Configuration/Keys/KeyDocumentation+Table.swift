extension KeyDocumentation {
    static let topLevel: [KeyDocumentation] = [
        .init(
            "", "name", "text: letters, digits, '.', '_', '-'; at most 237 characters", requiredFor: "run",
            "The pipeline's name; also its consumer group unless kafka has a group.id."),
        .init("", "kafka", "map", requiredFor: "run", "librdkafka properties common to all clients."),
        .init("", "input", "map", requiredFor: "run", "The topic that is read, and what its records hold."),
        .init(
            "", "label", "map", requiredFor: "models that learn from one",
            "The truth to learn from; anomaly models need none."),
        .init("", "features", "list", default: #"["*"]"#, "What the models see of an event."),
        .init("", "models", "map", requiredFor: "run and eval", "The models by name; the first one is published."),
        .init(
            "", "route", "map of shares by model, and 'by'",
            "Which share of the events each model answers; in this version only the first one's."),
        .init("", "output", "map", requiredFor: "run", "Where predictions go."),
        .init(
            "", "on_bad_record", "dead_letter, skip, stop, or {dead_letter: TOPIC}", default: "dead_letter",
            "What happens to a record that cannot be read."),
        .init(
            "", "on_data_loss", "stop, continue", default: "stop",
            "What happens when a committed position no longer exists; continue counts it."),
        .init("", "http", "map", "The HTTP server; without this key there is none."),
        .init(
            "", "memory", "size: 16MiB to 16TiB", default: "128MiB",
            "Budget for queues, windows, pending labels and caches."),
        .init(
            "", "commit_interval", "duration: 10ms to 1h", default: "1s",
            "How long after its delivery an event is usually committed at the latest; sooner with a backlog."),
        .init(
            "", "stuck_after", "duration: 1s to 1d, longer than commit_interval", default: "30s",
            "No progress for so long while there is input makes /readyz say no."),
    ]

    static let kafka: [KeyDocumentation] = [
        .init("kafka", "consumer", "map", "librdkafka properties of the consumer alone."),
        .init("kafka", "producer", "map", "librdkafka properties of the producer alone."),
        .init(
            "kafka", "*", "text, number, flag, or {file: PATH} for a secret",
            "A librdkafka property; bootstrap.servers is required by run unless the cluster is embedded."),
        .init("kafka.consumer", "*", "text, number, flag, or {file: PATH}", "A librdkafka consumer property."),
        .init("kafka.producer", "*", "text, number, flag, or {file: PATH}", "A librdkafka producer property."),
        .init("kafka.*", "file", "text", "A file whose content, without its last line break, is the property's value."),
    ]

    static let input: [KeyDocumentation] = [
        .init("input", "topic", "text", requiredFor: "run", "The topic to read."),
        .init("input", "format", "json, csv (not yet: avro, protobuf)", default: "json", "How records are written."),
        .init(
            "input", "columns", "list of text", requiredFor: "run with csv",
            "The columns of CSV records, which have no header on Kafka."),
        .init(
            "input", "start", "earliest, latest", default: "earliest", "Where a group without a commit begins."),
        .init(
            "input", "event_time", "text, or {field, unit}",
            "Field with the event's time, ISO 8601 or epoch; without it the record's timestamp."),
        .init(
            "input", "unit", "s, ms", default: "ms",
            "Unit of event_time where it is an epoch; may also stand inside event_time."),
        .init("input", "id", "text", "Field that identifies the event; without it topic/partition/offset."),
        .init(
            "input", "fields", "map", requiredFor: "run",
            "The fields that are read; without it eval takes the columns of the CSV header as numbers."),
        .init("input.event_time", "field", "text", requiredFor: "event_time as a map", "The field's name."),
        .init("input.event_time", "unit", "s, ms", default: "ms", "Unit of epoch times."),
        .init("input.fields", "*", "number, category", "What the field holds."),
    ]

    static let label: [KeyDocumentation] = [
        .init("label", "field", "text", requiredFor: "label", "The field that holds the truth."),
        .init("label", "positive", "text", "The class that counts as true: makes the task binary."),
        .init(
            "label", "task", "regression", "The label is a number; without task and positive there are many classes."),
        .init("label", "topic", "text", isNotYet: true, "A topic on which labels arrive later."),
        .init("label", "join", "text", isNotYet: true, "The field that joins a label to its event."),
        .init("label", "wait", "duration", isNotYet: true, "How long an event waits for its label."),
        .init("label", "on_expiry", "text", isNotYet: true, "What happens to an event whose label never came."),
    ]

    static let features: [KeyDocumentation] = [
        .init("features[]", "one_hot", "text", "A field declared category: one 0/1 feature for each of its values."),
        .init("features[]", "window", "duration", isNotYet: true, "A window over a field's past values."),
        .init("features[]", "every", "duration", isNotYet: true, "How often a window moves."),
        .init("features[]", "of", "text", isNotYet: true, "The field of a window."),
        .init("features[]", "take", "list", isNotYet: true, "The statistics of a window."),
        .init("features[]", "*", "expression", isNotYet: true, "A named feature computed from fields."),
    ]

    static let models: [KeyDocumentation] = [
        .init("models", "*", "map", "A model by its name: letters, digits, '.', '_', '-'."),
        .init("models.*", "type", "a learner's name", requiredFor: "every model", "The kind of model."),
        .init(
            "models.*", "update", "{every: n}, {interval: 5m}, {when: {metric, below}}, frozen",
            "When the model learns; without it every event at once."),
        .init(
            "models.*", "on_drift", "{detector, action: alert, reset, boost, replace}",
            "Who watches the model's errors, and what happens when they drift."),
        .init("models.*", "*", "by type", "A parameter of the type: 'millrace help models'."),
    ]

    static let outcome: [KeyDocumentation] = [
        .init("route", "by", "key", default: "key", "What keeps an event's answers with one model."),
        .init("route", "*", "number: 0 to 100", "A model's share of the events."),
        .init("output", "topic", "text", requiredFor: "run", "The topic of the predictions."),
        .init(
            "output", "guarantee", "at_least_once (not yet: exactly_once)", default: "at_least_once",
            "Whether a crash can repeat outputs."),
        .init("output", "headers", "pass, drop", default: "pass", "Whether outputs carry the input record's headers."),
        .init(
            "output", "explain", "whole number: 1 to 100",
            "How many contributions of features to its answer each prediction carries as explanation."
        ),
        .init("on_bad_record", "dead_letter", "text", default: "<group id>-dead-letter", "The dead letters' topic."),
        .init("http", "host", "text", default: "127.0.0.1", "The address to listen on."),
        .init(
            "http", "port", "whole number: 0 to 65535", default: "8080",
            "The port to listen on; 0 takes a free one, which is logged."),
    ]
}
