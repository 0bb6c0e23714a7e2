import Features

/// The `label` section as it was read.
struct LabelParts {
    var field: ScalarValue
    /// `nil` when what is learned could not be read.
    var kind: Schema.Label.Kind?
}

/// What `label.task` can say.
private enum LabelTask: String, CaseIterable { case regression }

extension PipelineReader {
    /// The label, or `nil` when there is none that can be read.
    mutating func label(in root: Section, input: InputParts) -> LabelParts? {
        guard let field = root["label"] else { return nil }
        guard case .mapping(let entries) = field.node.content else {
            refuseKind(field, expected: "a map such as {field: label}")
            return nil
        }
        let section = Section(path: field.path, position: field.keyPosition, entries: entries)
        if let topic = section["topic"] {
            // One problem for the whole mechanism, not one for each of its keys.
            refuseNotYet("labels that come on a topic of their own ('label.topic')", at: topic.keyPosition)
            return nil
        }
        checkKeys(of: section, documentedAs: "label")
        let kind = labelKind(section)
        guard let field = required("field", in: section), let name = text(field) else { return nil }
        let label = LabelParts(field: name, kind: kind)
        check(label, input: input)
        return label
    }

    private mutating func labelKind(_ section: Section) -> Schema.Label.Kind? {
        let positive = section["positive"].map { ($0, text($0)) }
        guard let field = section["task"] else {
            guard let (_, value) = positive else { return .multiclass }
            return value.map { .binary(positive: $0.text) }
        }
        guard word(field, LabelTask.self) != nil else { return nil }
        if let (field, _) = positive {
            problems.add("'label.positive' and 'task: regression' exclude each other", at: field.keyPosition)
            return nil
        }
        return .regression
    }

    private mutating func check(_ label: LabelParts, input: InputParts) {
        let name = label.field
        for (role, other) in [("id", input.idField), ("event_time", input.eventTimeField)]
        where other?.text == name.text {
            problems.add("'label.field' is '\(name.shown)', which is also 'input.\(role)'", at: name.position)
        }
        guard let fields = input.fields else { return }
        guard let declared = input.declared(name.text) else {
            let near = name.replacements.isEmpty ? Suggestion.phrase(for: name.text, among: fields.map(\.name)) : ""
            return problems.add(
                "'label.field' is '\(name.shown)', which 'input.fields' does not declare\(near)", at: name.position)
        }
        if label.kind == .regression, declared.kind == .category {
            problems.add(
                "'task: regression' needs a number, but 'input.fields' declares '\(name.shown)' as category",
                at: name.position)
        }
    }
}
