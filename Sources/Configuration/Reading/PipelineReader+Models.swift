import Features
import Learning

extension PipelineReader {
    /// More entries than any model has parameters; keeps the cost of a hostile file linear.
    private static let parametersMax = 100
    /// Names that the columns of `eval --predictions` and the keys of `route` already have.
    private static let reservedNames = ["index", "label", "by"]

    /// The models in file order.
    mutating func models(in root: Section, label: LabelParts?) -> [ModelSpecification] {
        guard let field = required("models", in: root) else { return [] }
        guard let section = section(field) else { return [] }
        if section.fields.isEmpty { problems.add("'models' names no model", at: field.position) }
        checkModelNames(section)
        var models: [ModelSpecification] = []
        var learner: String?
        for (name, field) in zip(section.keys, section.fields) {
            guard case .mapping(let entries) = field.node.content else {
                refuseKind(field, expected: "a map such as {type: logistic_regression}")
                continue
            }
            let model = ModelNode(name: name, field: field, entries: entries)
            if let specification = specification(of: model, label: label) { models.append(specification) }
            if learner == nil, type(of: model)?.tasks.isEmpty != true { learner = name }
        }
        if let learner, root["label"] == nil {
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

    private mutating func specification(of model: ModelNode, label: LabelParts?) -> ModelSpecification? {
        var values = ParameterTexts()
        let entries = parameters(model.entries, under: model.field, path: [], values: &values)
        // Without a label that could be read, the parameters are checked against a task that the type can do.
        let task = label?.kind.map(Self.task) ?? type(of: model)?.tasks.first ?? .binary
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
            let path = path + [entry.key]
            let fieldPath = "\(parent.path).\(quotable(entry.key))"
            let field = Field(path: fieldPath, keyPosition: entry.keyPosition, node: entry.value)
            var parameter: ParameterValue?
            switch entry.value.content {
            case .mapping(let inner):
                parameter = .map(parameters(inner, under: field, path: path, values: &values))
            case .sequence: refuseKind(field, expected: "a single value or a map")
            case .scalar:
                if let value = scalar(field) {
                    values.byPath[path] = value
                    parameter = value.flag.map { .flag($0) } ?? value.number.map { .number($0) } ?? .text(value.text)
                }
            }
            if let parameter {
                result.append(ParameterEntry(entry.key, parameter))
            } else {
                values.refused.insert(path)
            }
        }
        return result
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
        let position = isKey || value == nil && !place.isMap ? place.key : place.value
        var message = problem.message.replacing("`", with: "'")
        if let value {
            message = value.redacting(message)
            if message.hasPrefix("'\(key)' takes ") { message += ", not '\(value.shown)'" }
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

    /// Where `path` stands; what is not there has the place of the map that lacks it.
    func place(of path: [String]) -> (key: Position, value: Position, isMap: Bool) {
        var place = (key: field.keyPosition, value: field.position, isMap: true)
        var entries = entries
        for key in path {
            guard let entry = entries.first(where: { $0.key == key }) else { return (place.key, place.key, false) }
            place = (entry.keyPosition, entry.value.position, false)
            guard case .mapping(let inner) = entry.value.content else { return place }
            place.isMap = true
            entries = inner
        }
        return place
    }
}
