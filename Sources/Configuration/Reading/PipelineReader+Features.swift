import Features

extension PipelineReader {
    /// The features, in order; a problem for each that cannot be.
    mutating func features(in root: Section, input: InputParts, label: LabelParts?) -> [FeatureSpecification] {
        var features = FeatureList(input: input, label: label)
        guard let field = root["features"] else {
            features.position = root["input"]?.keyPosition ?? root.position
            add(.allNumbers, at: features.position, named: "*", to: &features)
            return features.specifications
        }
        guard case .sequence(let nodes) = field.node.content else {
            refuseKind(field, expected: #"a list such as ["*"]"#)
            return []
        }
        features.position = field.position
        if nodes.isEmpty { problems.add("'features' is empty: the models would see nothing", at: field.position) }
        for node in nodes {
            let item = Field(path: "features", keyPosition: node.position, node: node)
            switch node.content {
            case .mapping(let entries): combined(entries, of: item, into: &features)
            default: plain(item, into: &features)
            }
        }
        return features.specifications
    }

    /// `"*"` or the name of a field.
    private mutating func plain(_ item: Field, into features: inout FeatureList) {
        guard let value = scalar(item, expected: "a field's name, \"*\" or a map"), !value.text.isEmpty else { return }
        if value.text == "*" { return add(.allNumbers, at: value.position, named: "*", to: &features) }
        guard features.input.declared(value.text) == nil, Self.isExpression(value.text), features.input.fields != nil
        else { return add(.field(value.text), at: value.position, named: value.shown, to: &features) }
        refuseNotYet("expressions such as '\(value.shown)'", at: value.position)
    }

    /// `{one_hot: FIELD}`; windows and named expressions are not built yet.
    private mutating func combined(_ entries: [Node.Entry], of item: Field, into features: inout FeatureList) {
        let section = Section(path: "features", position: item.position, entries: entries)
        if let window = section["window"] {
            return refuseNotYet("windows ('features' with 'window')", at: window.keyPosition)
        }
        if let field = section["one_hot"] {
            for (key, other) in zip(section.keys, section.fields) where key != "one_hot" {
                refuseUnknownKey(key, in: section, at: other.keyPosition, known: ["one_hot"])
            }
            guard let value = text(field) else { return }
            return add(.oneHot(value.text), at: value.position, named: value.shown, to: &features)
        }
        guard let key = section.keys.first, let field = section.fields.first, section.keys.count == 1 else {
            let message = "a feature is a field's name, \"*\" or a map such as {one_hot: FIELD}"
            return problems.add(message, at: item.position)
        }
        let words = KeyDocumentation.keys(of: "features[]").map(\.key).filter { $0 != "*" }
        if Suggestion.nearest(to: key, among: words) != nil {
            return refuseUnknownKey(key, in: section, at: field.keyPosition, known: words)
        }
        refuseNotYet("features from expressions ('\(quotable(key))')", at: field.keyPosition)
    }

    private static func isExpression(_ text: String) -> Bool { text.contains { "+-*/%()<>=&|!? ".contains($0) } }
}

/// The features so far, with what the next one is checked against.
private struct FeatureList {
    var input: InputParts
    var label: LabelParts?
    var specifications: [FeatureSpecification] = []
    var position = Position.start
    var hasAllNumbers = false
    /// Fields that models see as numbers, by name.
    var numbers: Set<String> = []
    /// Fields that models see as one-hot categories.
    var categories: Set<String> = []

    init(input: InputParts, label: LabelParts?) {
        self.input = input
        self.label = label
    }

    /// The fields behind `"*"`.
    var allNumbers: [String] {
        let left = [label?.field.text, input.idField?.text, input.eventTimeField?.text]
        return (input.fields ?? []).filter { $0.kind == .number && !left.contains($0.name) }.map(\.name)
    }
}

extension PipelineReader {
    /// Takes one feature, or reports why it cannot be; `shown` is its field as the file has it.
    private mutating func add(
        _ feature: FeatureSpecification, at position: Position, named shown: String, to features: inout FeatureList
    ) {
        switch feature {
        case .allNumbers:
            guard !features.hasAllNumbers else { return problems.add("feature '*' comes twice", at: position) }
            features.hasAllNumbers = true
            let names = features.allNumbers
            if names.isEmpty, let fields = features.input.fields, fields.allSatisfy({ $0.kind != nil }) {
                problems.add(
                    "'features: [\"*\"]' means every field declared number, and there is none", at: position)
            }
            if let twice = names.first(where: features.numbers.contains) {
                problems.add("feature '\(quotable(twice))' comes twice", at: position)
            }
            features.numbers.formUnion(names)
        case .field(let name):
            guard isUsable(name, as: .number, at: position, named: shown, in: features) else { return }
            if !features.numbers.insert(name).inserted {
                problems.add("feature '\(shown)' comes twice", at: position)
            }
        case .oneHot(let name):
            guard isUsable(name, as: .category, at: position, named: shown, in: features) else { return }
            if !features.categories.insert(name).inserted {
                problems.add("feature 'one_hot: \(shown)' comes twice", at: position)
            }
        }
        features.specifications.append(feature)
    }

    private mutating func isUsable(
        _ name: String, as kind: Schema.FieldKind, at position: Position, named shown: String, in features: FeatureList
    ) -> Bool {
        if name == features.label?.field.text {
            problems.add("feature '\(shown)' is the label: the models would see the truth", at: position)
            return false
        }
        for (role, other) in [("id", features.input.idField), ("event_time", features.input.eventTimeField)]
        where other?.text == name {
            problems.add("feature '\(shown)' is 'input.\(role)', which says nothing to learn from", at: position)
            return false
        }
        guard let fields = features.input.fields else { return true }
        guard let declared = features.input.declared(name) else {
            let names = fields.filter { $0.kind == kind && $0.name != features.label?.field.text }.map(\.name)
            let near = shown == name && !problems.isFull ? Suggestion.phrase(for: name, among: names) : ""
            problems.add("feature '\(shown)' names no field of 'input.fields'\(near)", at: position)
            return false
        }
        guard let actual = declared.kind, actual != kind else { return declared.kind != nil }
        let advice =
            kind == .number
            ? "is declared category; write {one_hot: \(shown)}"
            : "is declared number; 'one_hot' takes a field declared category"
        problems.add("feature '\(shown)' \(advice)", at: position)
        return false
    }
}
