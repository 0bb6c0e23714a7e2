import Features
import Learning

extension PipelineReader {
    /// More entries than any model has parameters; keeps the cost of a hostile file linear.
    private static let parametersMax = 100
    /// Names that the columns of `eval --predictions` and the keys of `route` already have.
    private static let reservedNames = ["index", "label", "by"]

    /// The models in file order. A pipeline whose models are all detectors of anomalies needs no label.
    mutating func models(in root: Section, label: LabelParts?) -> [ModelSpecification] {
        guard let field = required("models", in: root) else { return [] }
        guard let section = section(field) else { return [] }
        if section.fields.isEmpty { problems.add("'models' names no model", at: field.position) }
        checkModelNames(section)
        var models: [ModelSpecification] = []
        let hasLabel = root["label"] != nil
        var learner: String?
        for (name, field) in zip(section.keys, section.fields) {
            guard case .mapping(let entries) = field.node.content else {
                refuseKind(field, expected: "a map such as {type: logistic_regression}")
                continue
            }
            let model = ModelNode(name: name, field: field, entries: entries)
            let tasks = type(of: model)?.tasks
            // Without a label that could be read, the parameters are checked against a task that the type can do.
            let task =
                label?.kind.map(Self.task)
                ?? (!hasLabel && tasks?.contains(.anomaly) == true ? .anomaly : tasks?.first ?? .binary)
            if let specification = specification(of: model, task: task) { models.append(specification) }
            if learner == nil, tasks?.isEmpty != true, task != .anomaly { learner = name }
        }
        if let learner, !hasLabel {
            reportMissing("label", in: root, because: ": model '\(quotable(learner))' learns from one")
        }
        return models
    }

    private mutating func checkModelNames(_ section: Section) {
        let names = Set(section.keys)
        for (name, field) in zip(section.keys, section.fields) {
            let isLegal = !name.isEmpty && name.utf8.count <= 100 && TopicName.fault(in: name) == nil
            if !isLegal {
                problems.add(
                    "a model's name holds letters, digits, '.', '_' and '-', at most 100; not '\(quotable(name))'",
                    at: field.keyPosition)
            } else if Self.reservedNames.contains(name) {
                problems.add(
                    "'\(name)' cannot name a model: predictions and 'route' use the word", at: field.keyPosition)
            } else if name.hasSuffix(".p"), names.contains(String(name.dropLast(2))) {
                problems.add(
                    "model '\(name)' would share its column of probabilities with '\(name.dropLast(2))'",
                    at: field.keyPosition)
            }
        }
    }

    private mutating func specification(of model: ModelNode, task: LearningTask) -> ModelSpecification? {
        var values = ParameterTexts()
        let entries = parameters(model.entries, under: model.field, path: [], values: &values)
        let (specification, found) = ModelSpecification.parse(name: model.name, entries: entries, task: task)
        for problem in found where !values.refused.contains(problem.path) { add(problem, of: model, values: values) }
        return values.refused.isEmpty ? specification : nil
    }

    private static func task(of label: Schema.Label.Kind) -> LearningTask {
        switch label {
        case .binary: .binary
        case .multiclass: .multiclass
        case .regression: .regression
        }
    }

    /// The type that the model names, if Learning knows it.
    private func type(of model: ModelNode) -> ModelType? {
        guard let entry = model.entry("type"), case .scalar(let scalar) = entry.value.content
        else { return nil }
        return ModelType.named(Substitution(scalar.text, environment: environment).text)
    }

    // MARK: Parameters

    /// The entries as Learning takes them, those left out that have no such form.
    private mutating func parameters(
        _ entries: [Node.Entry], under parent: Field, path: [String], values: inout ParameterTexts
    ) -> [ParameterEntry] {
        guard entries.count <= Self.parametersMax else {
            problems.add("'\(parent.path)' has more than \(Self.parametersMax) keys", at: parent.position)
            values.refused.insert(path)
            return []
        }
        var result: [ParameterEntry] = []
        for entry in entries {
            let field = Field(
                path: "\(parent.path).\(quotable(entry.key))", keyPosition: entry.keyPosition, node: entry.value)
            if let parameter = parameter(field, path: path + [entry.key], values: &values) {
                result.append(ParameterEntry(entry.key, parameter))
            }
        }
        return result
    }

    /// One value as Learning takes it; `nil`, and remembered as refused, when it has no such form.
    private mutating func parameter(
        _ field: Field, path: [String], values: inout ParameterTexts
    ) -> ParameterValue? {
        switch field.node.content {
        case .mapping(let inner):
            return .map(parameters(inner, under: field, path: path, values: &values))
        case .sequence(let nodes):
            guard nodes.count <= Self.parametersMax else {
                problems.add("'\(field.path)' has more than \(Self.parametersMax) entries", at: field.position)
                values.refused.insert(path)
                return nil
            }
            var list: [ParameterValue] = []
            for (index, node) in nodes.enumerated() {
                let element = Field(path: "\(field.path)[\(index)]", keyPosition: node.position, node: node)
                // What was refused keeps its place, so that the indexes of the others stay those of the file.
                list.append(parameter(element, path: path + ["\(index)"], values: &values) ?? .text(""))
            }
            return .list(list)
        case .scalar:
            guard let value = scalar(field) else {
                values.refused.insert(path)
                return nil
            }
            values.byPath[path] = value
            return value.flag.map { .flag($0) } ?? value.number.map { .number($0) } ?? .text(value.text)
        }
    }

    /// Gives a problem of Learning its place, its spelling here and a suggestion.
    private mutating func add(_ problem: ParameterProblem, of model: ModelNode, values: ParameterTexts) {
        if problem.path == ["type"], model.entry("type") == nil,
            let typo = model.entries.first(where: { Suggestion.nearest(to: $0.key, among: ["type"]) != nil })
        {
            let message = "unknown key '\(quotable(typo.key))' in '\(model.field.path)'; did you mean 'type'?"
            return problems.add(message, at: typo.keyPosition)
        }
        let place = model.place(of: problem.path)
        let value = values.byPath[problem.path]
        let key = problem.path.last ?? ""
        let isKey = problem.message.hasPrefix("unknown key")
        let position = isKey || value == nil && !place.isCollection ? place.key : place.value
        var message = problem.message.replacing("`", with: "'")
        if let value {
            message = value.redacting(message)
            if message.hasPrefix("'\(key)' takes ") { message += ", not '\(value.shown)'" }
        } else if message.hasPrefix("'\(key)' takes "), place.isList {
            message += ", not a list"
        }
        if problem.isUnknownKey, !problems.isFull, isKey || value?.replacements.isEmpty == true {
            message += Suggestion.phrase(for: isKey ? key : value?.text ?? "", among: problem.allowed)
        }
        if problem.isNotYet {
            let phrases = [" is not yet built", " are not yet built"]
            message = "not yet: " + phrases.reduce(message) { $0.replacing($1, with: "") }
        }
        problems.add("\(message) (in '\(model.field.path)')", at: position, isNotYet: problem.isNotYet)
    }
}

/// The single values of a model by the paths of their keys, for messages.
private struct ParameterTexts {
    var byPath: [[String]: ScalarValue] = [:]
    /// Paths of values that were reported already and did not reach Learning.
    var refused: Set<[String]> = []
}

/// One entry of `models`.
private struct ModelNode {
    var name: String
    var field: Field
    var entries: [Node.Entry]

    func entry(_ key: String) -> Node.Entry? { entries.first { $0.key == key } }

    /// Where the value of a path stands.
    struct Place {
        var key: Position
        var value: Position
        var isMap = false
        var isList = false
        var isCollection: Bool { isMap || isList }
    }

    /// Where `path` stands; what is not there has the place of the map that lacks it.
    func place(of path: [String]) -> Place {
        var node = Node(position: field.position, content: .mapping(entries))
        var key = field.keyPosition
        for step in path {
            switch node.content {
            case .mapping(let entries):
                guard let entry = entries.first(where: { $0.key == step }) else { return Place(key: key, value: key) }
                (key, node) = (entry.keyPosition, entry.value)
            case .sequence(let nodes):
                guard let index = Int(step), nodes.indices.contains(index) else { return Place(key: key, value: key) }
                (key, node) = (nodes[index].position, nodes[index])
            case .scalar: return Place(key: key, value: node.position)
            }
        }
        switch node.content {
        case .mapping: return Place(key: key, value: node.position, isMap: true)
        case .sequence: return Place(key: key, value: node.position, isList: true)
        case .scalar: return Place(key: key, value: node.position)
        }
    }
}
