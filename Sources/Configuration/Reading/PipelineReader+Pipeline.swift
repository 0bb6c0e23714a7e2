import Features
import Kafka
import Learning

extension PipelineReader {
    /// The whole pipeline. It is meaningful only if `problems` is empty afterwards; `nil` when there is no map at all.
    mutating func pipeline(_ document: Node?) -> Pipeline? {
        guard let document, !document.isNull else {
            problems.add("the file is empty; a pipeline begins with 'name:'", at: .start)
            return nil
        }
        guard case .mapping(let entries) = document.content else {
            problems.add("a pipeline file is a map of keys, not \(document.kindName)", at: document.position)
            return nil
        }
        let root = Section(path: "", position: document.position, entries: entries)
        checkKeys(of: root, documentedAs: "")
        let name = name(in: root)
        let kafka = kafka(in: root)
        let input = input(in: root)
        let label = label(in: root, input: input)
        let features = features(in: root, input: input, label: label)
        let models = models(in: root, label: label)
        let outcome = outcome(in: root)
        let service = service(in: root)
        checkColumns(input, label: label)
        checkExplanations(outcome, models: models, in: root)
        checkTopics(name: name, group: kafka.groupID, input: input, outcome: outcome)
        return Pipeline(
            name: name?.text ?? "", kafka: kafka.properties, groupID: kafka.groupID?.text ?? name?.text ?? "",
            input: Pipeline.Input(
                topic: input.topic?.text ?? "", schema: Self.schema(input, label: label), start: input.start),
            features: features, models: models,
            output: Pipeline.Output(
                topic: outcome.topic?.text ?? "", guarantee: outcome.guarantee, headers: outcome.headers,
                explain: outcome.explain?.count),
            onBadRecord: outcome.onBadRecord, onDataLoss: service.onDataLoss, http: service.http,
            memoryBytes: service.memoryBytes, commitInterval: service.commitInterval, stuckAfter: service.stuckAfter)
    }

    private static func schema(_ input: InputParts, label: LabelParts?) -> Schema {
        let fields = (input.fields ?? []).compactMap { field in
            field.kind.map { Schema.Field(name: field.name, kind: $0) }
        }
        let label = label.flatMap { label in label.kind.map { Schema.Label(field: label.field.text, kind: $0) } }
        return Schema(
            format: input.format, fields: fields, columns: input.columns.map(\.text), idField: input.idField?.text,
            eventTimeField: input.eventTimeField?.text, eventTimeUnit: input.eventTimeUnit, label: label)
    }

    private mutating func name(in root: Section) -> ScalarValue? {
        guard let field = isServing ? required("name", in: root) : root["name"] else { return nil }
        guard let name = text(field) else { return nil }
        guard let fault = Self.groupFault(in: name.text) else { return name }
        problems.add("'name' is '\(name.shown)', but a pipeline's name \(fault)", at: name.position)
        return nil
    }

    /// Why `group` cannot be the group of a pipeline: the names of its own topics begin with it.
    private static func groupFault(in group: String) -> String? {
        let suffixLength = max(Pipeline.deadLetterTopic(of: "").count, Pipeline.stateTopic(of: "").count)
        if group.utf8.count > TopicName.lengthMax - suffixLength {
            return "has at most \(TopicName.lengthMax - suffixLength) characters"
        }
        return TopicName.fault(in: group)
    }
}

// MARK: - Relations

extension PipelineReader {
    /// CSV records carry no names, so every field has to be among the columns.
    private mutating func checkColumns(_ input: InputParts, label: LabelParts?) {
        guard input.format == .csv, let position = input.columnsPosition else { return }
        let columns = Set(input.columns.map(\.text))
        var names = (input.fields ?? []).map { (shown: quotable($0.name), name: $0.name) }
        // The label's field is declared, or reported as not declared.
        for value in [input.idField, input.eventTimeField].compactMap(\.self) {
            names.append((value.shown, value.text))
        }
        let known = Set(names.map(\.name))
        let unused = input.columns.filter { !known.contains($0.text) }.map(\.source)
        var seen: Set<String> = []
        for (shown, name) in names where !columns.contains(name) && seen.insert(name).inserted {
            let near = problems.isFull ? "" : Suggestion.phrase(for: name, among: unused)
            problems.add("'input.columns' lacks the field '\(shown)'\(near)", at: position)
        }
    }

    /// No two topics of a pipeline may be one: it would read what it writes, or mix predictions with dead letters.
    private mutating func checkTopics(
        name: ScalarValue?, group: ScalarValue?, input: InputParts, outcome: OutcomeParts
    ) {
        if let group, let fault = Self.groupFault(in: group.text) {
            problems.add(
                "'group.id' is '\(group.shown)', but it begins the names of the pipeline's own topics, so it \(fault)",
                at: group.position)
            return
        }
        guard isServing else { return }
        var topics: [(role: String, name: String, position: Position)] = []
        func add(_ role: String, _ value: ScalarValue?) {
            if let value { topics.append((role, value.text, value.position)) }
        }
        if let owner = group ?? name {
            topics.append(("the state topic", Pipeline.stateTopic(of: owner.text), owner.position))
            if case .deadLetter(nil) = outcome.onBadRecord {
                topics.append(("the dead-letter topic", Pipeline.deadLetterTopic(of: owner.text), owner.position))
            }
        }
        add("'input.topic'", input.topic)
        add("'output.topic'", outcome.topic)
        add("'on_bad_record.dead_letter'", outcome.deadLetterTopic)
        for (index, later) in topics.enumerated() {
            for earlier in topics[..<index] where TopicName.areOneName(earlier.name, later.name) {
                let message =
                    earlier.name == later.name
                    ? "\(later.role) must differ from \(earlier.role)"
                    : "\(later.role) and \(earlier.role) differ only in '.' against '_', which Kafka refuses"
                problems.add(message, at: later.position)
            }
        }
    }
}
