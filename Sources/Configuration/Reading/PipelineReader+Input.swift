import Features

/// The `input` and `label` sections as they were read, with the places that later checks need.
struct InputParts {
    var topic: ScalarValue?
    var start = Pipeline.Start.earliest
    var format = Schema.Format.json
    var columns: [ScalarValue] = []
    var columnsPosition: Position?
    var idField: ScalarValue?
    var eventTimeField: ScalarValue?
    var eventTimeUnit = Schema.TimeUnit.milliseconds
    /// `nil` when the file has no `fields`, or none that can be read; then names of fields cannot be checked.
    var fields: [DeclaredField]? {
        didSet {
            let pairs = (fields ?? []).map { ($0.name, $0) }
            fieldsByName = Dictionary(pairs) { first, _ in first }
        }
    }
    private var fieldsByName: [String: DeclaredField] = [:]

    struct DeclaredField {
        var name: String
        /// `nil` when the kind was wrong.
        var kind: Schema.FieldKind?
        var position: Position
    }

    func declared(_ name: String) -> DeclaredField? { fieldsByName[name] }
}

/// What `unit` can say.
private enum EpochUnit: String, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"

    var timeUnit: Schema.TimeUnit { self == .seconds ? .seconds : .milliseconds }
}

extension PipelineReader {
    mutating func input(in root: Section) -> InputParts {
        var parts = InputParts()
        guard let field = isServing ? required("input", in: root) : root["input"], let input = section(field) else {
            return parts
        }
        if let field = input["event_time"] { eventTime(field, into: &parts) }
        if let field = input["unit"] { unit(field, in: input, into: &parts) }
        if let field = input["id"] {
            parts.idField = text(field)
            if let id = parts.idField, id.text == parts.eventTimeField?.text {
                problems.add("'input.id' and 'input.event_time' are one field, '\(id.shown)'", at: id.position)
            }
        }
        if let field = isServing ? required("fields", in: input) : input["fields"] {
            parts.fields = declaredFields(field)
        }
        guard isServing else { return parts }
        if let field = required("topic", in: input) { parts.topic = topic(field) }
        if let field = input["start"] { parts.start = word(field, Pipeline.Start.self) ?? parts.start }
        if let field = input["format"] {
            parts.format = word(field, Schema.Format.self, notYet: ["avro", "protobuf"]) ?? parts.format
        }
        columns(of: input, into: &parts)
        return parts
    }

    private mutating func eventTime(_ field: Field, into parts: inout InputParts) {
        guard case .mapping = field.node.content else {
            parts.eventTimeField = text(field)
            return
        }
        guard let eventTime = section(field) else { return }
        if let field = required("field", in: eventTime) { parts.eventTimeField = text(field) }
        if let field = eventTime["unit"] {
            parts.eventTimeUnit = word(field, EpochUnit.self)?.timeUnit ?? parts.eventTimeUnit
        }
    }

    private mutating func unit(_ field: Field, in input: Section, into parts: inout InputParts) {
        guard let unit = word(field, EpochUnit.self)?.timeUnit else { return }
        guard let eventTime = input["event_time"] else {
            return problems.add("'input.unit' needs 'input.event_time'", at: field.keyPosition)
        }
        if case .mapping(let entries) = eventTime.node.content, entries.contains(where: { $0.key == "unit" }) {
            return problems.add(
                "'input.unit' and 'input.event_time.unit' say the same; keep one", at: field.keyPosition)
        }
        parts.eventTimeUnit = unit
    }

    private mutating func declaredFields(_ field: Field) -> [InputParts.DeclaredField]? {
        guard let section = section(field) else { return nil }
        if section.fields.isEmpty { problems.add("'input.fields' declares no field", at: field.position) }
        return zip(section.keys, section.fields).map { name, field in
            if name.isEmpty { problems.add("a field needs a name", at: field.keyPosition) }
            let kind = word(field, Schema.FieldKind.self)
            return InputParts.DeclaredField(name: name, kind: kind, position: field.keyPosition)
        }
    }

    private mutating func columns(of input: Section, into parts: inout InputParts) {
        guard let field = input["columns"] else {
            if parts.format == .csv {
                _ = required("columns", in: input, because: ": CSV records on Kafka have no header")
            }
            return
        }
        guard case .sequence(let nodes) = field.node.content else { return refuseKind(field, expected: "a list") }
        parts.columnsPosition = field.node.position
        var seen: Set<String> = []
        for node in nodes {
            let item = Field(path: field.path, keyPosition: node.position, node: node)
            guard let column = text(item) else { continue }
            if !seen.insert(column.text).inserted {
                problems.add("column '\(column.shown)' comes twice", at: column.position)
            }
            parts.columns.append(column)
        }
        if parts.format != .csv {
            problems.add("'input.columns' is for 'format: csv' only", at: field.keyPosition)
        }
    }

    /// The name of a topic.
    mutating func topic(_ field: Field) -> ScalarValue? {
        guard let value = text(field) else { return nil }
        guard let fault = TopicName.fault(in: value.text) else { return value }
        problems.add("'\(field.path)' is '\(value.shown)', but a topic's name \(fault)", at: value.position)
        return nil
    }
}
