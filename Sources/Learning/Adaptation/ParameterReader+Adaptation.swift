extension ParameterReader {
    /// The keys that every model takes beside those of its type, documented as rules.
    static let adaptationKeys = ["update", "on_drift"]

    /// Reads `update:` and `on_drift:` of a model for `task`, and reports what is wrong with them. `maker` makes the model's
    /// learners without either.
    mutating func adaptation(task: LearningTask, maker: LearnerMaker) -> Adaptation {
        var adaptation = Adaptation()
        if let value = value("update") { adaptation.update = update(value, task: task) }
        guard let value = value("on_drift") else { return adaptation }
        adaptation.onDrift = reaction(value, task: task)
        guard let reaction = adaptation.onDrift else { return adaptation }
        let action = reaction.action
        if adaptation.update == .frozen, action != .alert {
            refuse("on_drift", "of a frozen model takes the action alert alone: it never learns")
        }
        if action == .boost, problems.isEmpty, rateAdjustable(maker(LearnerShape(denseCount: 0), 0)) == nil {
            var inner = nested([], under: "on_drift")
            inner.refuse("action", "boost is for the linear models and snarimax")
            take(problemsOf: inner)
        }
        if case .batches(.every(let count)) = adaptation.update, reaction.events < reaction.eventsMin(batch: count) {
            var inner = nested([], under: "on_drift")
            inner.refuse(
                "events",
                "is at least \(reaction.eventsMin(batch: count)) where \(count) events are learned together: it would be over before"
            )
            take(problemsOf: inner)
        }
        return adaptation
    }

    // MARK: update

    private mutating func update(_ value: ParameterValue, task: LearningTask) -> Adaptation.Update {
        if value == .text("frozen") { return .frozen }
        guard case .map(let entries) = value else {
            refuse("update", "takes frozen, {every: n}, {interval: 5m} or {when: {metric, below}}", allowed: ["frozen"])
            return .everyEvent
        }
        var inner = nested(entries, under: "update")
        inner.check(rules: Self.updateRules, also: ["when"], planned: [])
        let given = ["every", "interval", "when"].filter { inner.value($0) != nil }
        var update = Adaptation.Update.everyEvent
        switch given.first {
        case "every"?:
            let count = inner.integer("every", default: 1)
            update = count == 1 ? .everyEvent : .batches(.every(count))
        case "interval"?: update = .batches(.interval(milliseconds: inner.duration("interval", default: 1)))
        case "when"?: update = inner.condition(task: task).map { .when($0) } ?? .everyEvent
        default: if inner.problems.isEmpty { refuse("update", "takes `every`, `interval` or `when`") }
        }
        if given.count > 1 { inner.refuse(given[1], "and `\(given[0])` exclude each other") }
        take(problemsOf: inner)
        return update
    }

    private static let updateRules = [
        ParameterRule(
            "every", .integer(minimum: 1, maximum: BatchingLearner.waitingMax), default: "1",
            "Events that are learned together."),
        ParameterRule(
            "interval", .duration(minimum: 1, maximum: 366 * 86_400_000), default: "",
            "Events of so much event time are learned together."),
    ]

    private mutating func condition(task: LearningTask) -> SelectiveLearner.Condition? {
        guard case .map(let entries)? = value("when") else {
            refuse("when", "takes a map such as {metric: accuracy, below: 0.8}")
            return nil
        }
        var inner = nested(entries, under: "when")
        defer { take(problemsOf: inner) }
        let metrics: [SelectiveLearner.Condition.Metric] =
            switch task {
            case .binary, .multiclass: [.accuracy, .logLoss]
            case .regression: [.mae]
            case .anomaly: []
            }
        guard let first = metrics.first else {
            refuse("when", "needs a label to measure the model by")
            return nil
        }
        let metric = ParameterRule(
            "metric", .choice(metrics.map(\.rawValue)), default: first.rawValue, "The recent figure that is watched.")
        let threshold = ParameterRule.Kind.number(minimum: 0, maximum: 1e150, exclusiveMinimum: false)
        inner.check(
            rules: [
                metric, ParameterRule("below", threshold, default: "", "Learn while the figure is below."),
                ParameterRule("above", threshold, default: "", "Learn while the figure is above."),
            ], also: [], planned: [])
        guard inner.problems.isEmpty else { return nil }
        let name = inner.text("metric", default: first.rawValue)
        guard let read = metrics.first(where: { $0.rawValue == name }) else { return nil }
        let (key, other) = read.isBenefit ? ("below", "above") : ("above", "below")
        if inner.value(other) != nil { inner.refuse(other, "does not fit \(read.rawValue), take `\(key)`") }
        guard case .number(let number)? = inner.value(key) else {
            if inner.problems.isEmpty { refuse("when", "needs `\(key)` beside the metric \(read.rawValue)") }
            return nil
        }
        if read == .accuracy, number > 1 { inner.refuse(key, "is an accuracy, from 0 to 1") }
        return SelectiveLearner.Condition(metric: read, threshold: number)
    }

    // MARK: on_drift

    private mutating func reaction(_ value: ParameterValue, task: LearningTask) -> DriftReaction? {
        guard case .map(let entries) = value else {
            refuse("on_drift", "takes a map such as {detector: adwin, action: reset}")
            return nil
        }
        guard task != .anomaly else {
            refuse("on_drift", "needs a label to measure the model's errors by")
            return nil
        }
        var inner = nested(entries, under: "on_drift")
        inner.check(rules: Self.reactionRules, also: ["detector"], planned: [])
        let detector = inner.detector("detector")
        if let type = detector?.type, task == .regression, type.acceptedValues.upperBound <= 1 {
            let fitting = DetectorType.all.filter { $0.acceptedValues.upperBound > 1 }.map(\.name)
            inner.refuse(
                "detector",
                "`\(type.name)` watches errors from 0 to 1; for numbers: \(fitting.joined(separator: ", "))",
                allowed: fitting)
        }
        let word = inner.text("action", default: DriftReaction.Action.alert.rawValue)
        let factor = inner.number("factor", default: DriftReaction.factorDefault)
        let events = inner.integer("events", default: DriftReaction.eventsDefault)
        let action = DriftReaction.Action(rawValue: word)
        if inner.value("factor") != nil, let action, action != .boost {
            inner.refuse("factor", "belongs to the action boost")
        }
        if inner.value("events") != nil, action == .alert || action == .reset {
            inner.refuse("events", "belongs to the actions boost and replace")
        }
        take(problemsOf: inner)
        guard let detector, let action else { return nil }
        return DriftReaction(detector: detector, action: action, factor: factor, events: events)
    }

    private static let reactionRules = [
        ParameterRule(
            "action", .choice(DriftReaction.Action.allCases.map(\.rawValue)), default: "alert",
            "What happens at a drift."),
        ParameterRule(
            "factor", .number(minimum: 1, maximum: 1_000, exclusiveMinimum: true), default: "10",
            "boost: what learning rates are multiplied with."),
        ParameterRule(
            "events", .integer(minimum: 100, maximum: 1_000_000), default: "1000",
            "boost: how long it lasts; replace: how long a new learner has to become better."),
    ]

    /// A detector by its name, or as a map with `type` and that type's parameters; `adwin` without the key.
    mutating func detector(_ key: String) -> DetectorSpecification? {
        var name = DetectorType.all[0].name
        var parameters: [ParameterEntry] = []
        var isMap = false
        switch value(key) {
        case nil: break
        case .text(let text)?: name = text
        case .map(let entries)?:
            isMap = true
            parameters = entries.filter { $0.key != "type" }
            switch entries.first(where: { $0.key == "type" })?.value {
            case .text(let text)?: name = text
            case nil: break
            default:
                report(
                    ParameterProblem(path: path + [key, "type"], message: "`type` takes a detector's name"))
                return nil
            }
        default:
            refuse(key, "takes a detector's name or a map with `type`", allowed: DetectorType.all.map(\.name))
            return nil
        }
        let (specification, problems) = DetectorSpecification.parse(name: name, entries: parameters)
        for var problem in problems {
            let isName = problem.path == ["detector"]
            problem.path = path + [key] + (isName ? (isMap ? ["type"] : []) : problem.path)
            report(problem)
        }
        return specification
    }
}

extension ModelType {
    /// The keys that every model takes beside those of its type, for documentation.
    public static let commonKeys: [(key: String, values: String, summary: String)] = [
        ("update", "{every: n}", "Learn n events together at the n-th, 1 to 10,000; 1 by default."),
        (
            "update", "{interval: 5m}",
            "Learn the events of so much event time together, at the first event behind it; 10,000 that wait are learned at once."
        ),
        (
            "update", "{when: {metric: accuracy, below: 0.8}}",
            "Learn an event only while the recent metric (mean of the first 100 events, then each new one weighs 1 %) is worse: `accuracy` below, `log_loss` or `mae` above."
        ),
        ("update", "frozen", "Never learn: for a state that comes from elsewhere."),
        (
            "on_drift", "{detector: adwin, action: alert}",
            "Watch the model's errors; count drifts in `eval` and in `millrace_drifts_total`. The detector is a name, or a map with `type` and its parameters."
        ),
        ("on_drift", "action: reset", "At a drift a new learner takes the place of the old one."),
        (
            "on_drift", "action: boost",
            "At a drift learning rates are multiplied by `factor` (10) for `events` (1,000) events."
        ),
        (
            "on_drift", "action: replace",
            "At a drift or a warning a new learner begins beside the old one, and takes its place once it is better over 100 events or more; after `events` (1,000) it is given up."
        ),
    ]
}
