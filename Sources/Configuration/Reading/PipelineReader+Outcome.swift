import Learning

/// The parts of a pipeline that say where results go.
struct OutcomeParts {
    var topic: ScalarValue?
    var guarantee = Pipeline.Guarantee.atLeastOnce
    var headers = Pipeline.Headers.pass
    /// How many contributions a prediction carries, and where the file says so.
    var explain: (count: Int, position: Position)?
    var onBadRecord = Pipeline.BadRecordPolicy.deadLetter(topic: nil)
    /// The dead letters' topic where the file names one.
    var deadLetterTopic: ScalarValue?
    var onBadRecordPosition: Position?
}

/// What `on_bad_record` can say in one word.
private enum BadRecordWord: String, CaseIterable {
    case deadLetter = "dead_letter"
    case skip, stop
}

/// What `route.by` can say.
private enum RouteKey: String, CaseIterable { case key }

extension PipelineReader {
    mutating func outcome(in root: Section) -> OutcomeParts {
        var parts = OutcomeParts()
        if let field = root["on_bad_record"] { onBadRecord(field, into: &parts) }
        route(in: root)
        guard let field = isServing ? required("output", in: root) : root["output"] else { return parts }
        guard case .mapping(let entries) = field.node.content else {
            if isServing { refuseKind(field, expected: "a map") }
            return parts
        }
        let output = Section(path: field.path, position: field.keyPosition, entries: entries)
        guard isServing else {
            checkKeys(of: output, documentedAs: "output", reportsNotYet: false)
            return parts
        }
        checkKeys(of: output, documentedAs: "output")
        if let field = required("topic", in: output) { parts.topic = topic(field) }
        if let field = output["guarantee"] {
            parts.guarantee = word(field, Pipeline.Guarantee.self, notYet: ["exactly_once"]) ?? parts.guarantee
        }
        if let field = output["headers"] { parts.headers = word(field, Pipeline.Headers.self) ?? parts.headers }
        if let field = output["explain"] {
            parts.explain = integer(field, in: 1...100).map { ($0, field.position) }
        }
        return parts
    }

    private mutating func onBadRecord(_ field: Field, into parts: inout OutcomeParts) {
        parts.onBadRecordPosition = field.position
        guard case .mapping = field.node.content else {
            switch word(field, BadRecordWord.self) {
            case .deadLetter, nil: parts.onBadRecord = .deadLetter(topic: nil)
            case .skip: parts.onBadRecord = .skip
            case .stop: parts.onBadRecord = .stop
            }
            return
        }
        guard let section = section(field), let field = required("dead_letter", in: section) else { return }
        parts.deadLetterTopic = topic(field)
        parts.onBadRecord = .deadLetter(topic: parts.deadLetterTopic?.text)
    }

    /// The published model has to be one that can explain itself, where predictions are to say why.
    mutating func checkExplanations(_ outcome: OutcomeParts, models: [ModelSpecification], in root: Section) {
        guard let explain = outcome.explain, let published = models.first, !published.explains,
            case .mapping(let entries)? = root["models"]?.node.content, entries.first?.key == published.name
        else { return }
        let able = ModelType.all.filter { $0.explains(published.task) }.map(\.name).joined(separator: ", ")
        problems.add(
            "'output.explain': model '\(published.name)' is published, and its type '\(published.type.name)' cannot explain "
                + "its predictions; these can: \(able)", at: explain.position)
    }

    /// All that `route` can say in this version is what holds without it: the first model answers everything.
    private mutating func route(in root: Section) {
        guard isServing, let field = root["route"] else { return }
        guard case .mapping(let entries) = field.node.content else {
            return refuseKind(field, expected: "a map of shares by model")
        }
        let route = Section(path: field.path, position: field.keyPosition, entries: entries)
        var names: [String] = []
        if case .mapping(let models)? = root["models"]?.node.content { names = models.map(\.key) }
        let known = Set(names)
        var isFirstAnswering = false
        for (key, field) in zip(route.keys, route.fields) {
            if key == "by" {
                _ = word(field, RouteKey.self)
                continue
            }
            guard known.contains(key) else {
                refuseUnknownKey(key, in: route, at: field.keyPosition, known: names + ["by"])
                continue
            }
            guard let share = share(field), share > 0 else { continue }
            if key == names.first {
                isFirstAnswering = true
            } else {
                refuseNotYet("answers from more than the first model ('\(field.path)')", at: field.keyPosition)
            }
        }
        if !isFirstAnswering, !route.keys.contains(where: { $0 != "by" }) {
            problems.add("'route' gives no model a share", at: field.position)
        }
    }

    private mutating func share(_ field: Field) -> Double? {
        guard let value = scalar(field, expected: "a number from 0 to 100") else { return nil }
        guard let number = value.number, (0...100).contains(number) else {
            refuse(value, in: field, expected: "a number from 0 to 100")
            return nil
        }
        return number
    }
}
