extension ParameterReader {
    /// `optimizer:` as a name, or as a map with `type` and that type's parameters.
    mutating func checkOptimizer(_ value: ParameterValue, _ key: String) {
        switch value {
        case .text(let name):
            _ = optimizer(named: name, under: key)
        case .map(let entries):
            var inner = nested(entries, under: key)
            var type = OptimizerType.all.first
            switch inner.value("type") {
            case .text(let name)?: type = inner.optimizer(named: name, under: "type")
            case nil: break
            default: inner.refuse("type", "takes an optimiser's name", allowed: OptimizerType.all.map(\.name))
            }
            if let type, type.isBuilt {
                inner.check(rules: type.parameters, also: ["type"], planned: Self.plannedOptimizerKeys)
            }
            take(problemsOf: inner)
        default:
            refuse(key, "takes an optimiser's name or a map with `type`", allowed: OptimizerType.all.map(\.name))
        }
    }

    private static let plannedOptimizerKeys = ["alpha", "beta", "lagged"]

    private mutating func optimizer(named name: String, under key: String) -> OptimizerType? {
        guard let type = OptimizerType.all.first(where: { $0.name == name }) else {
            report(
                ParameterProblem(
                    path: path + [key], message: "unknown optimiser `\(name)`", isUnknownKey: true,
                    allowed: OptimizerType.all.map(\.name)))
            return nil
        }
        guard type.isBuilt else {
            report(
                ParameterProblem(
                    path: path + [key], message: "optimiser `\(name)` is not yet built",
                    allowed: OptimizerType.all.filter(\.isBuilt).map(\.name), isNotYet: true))
            return nil
        }
        return type
    }

    /// The parameters of the optimiser, defaults where the map says nothing.
    mutating func gradientDescent() -> GradientDescent {
        var descent = GradientDescent()
        var entries: [ParameterEntry] = []
        if case .map(let map)? = value("optimizer") { entries = map }
        var inner = nested(entries, under: "optimizer")
        descent.learningRate = inner.schedule("learning_rate", default: descent.learningRate)
        descent.interceptLearningRate = inner.schedule(
            "intercept_learning_rate", default: descent.interceptLearningRate)
        descent.l1 = inner.number("l1", default: descent.l1)
        descent.l2 = inner.number("l2", default: descent.l2)
        note(readsOf: inner)
        return descent
    }
}

// MARK: - Schedules

extension ParameterReader {
    /// A number, `{initial, decay}` or `{initial, power}`.
    mutating func checkSchedule(_ value: ParameterValue, _ key: String) {
        switch value {
        case .number(let rate):
            let mayBeZero = key == "intercept_learning_rate"
            guard rate <= Self.rateMax, mayBeZero ? rate >= 0 : rate > 0 else {
                return refuse(key, "takes a rate \(mayBeZero ? "from" : "above") 0 to \(Int(Self.rateMax))")
            }
        case .map(let entries):
            var inner = nested(entries, under: key)
            inner.check(rules: Self.scheduleRules, also: [], planned: [])
            if inner.value("initial") == nil { inner.refuse("initial", "is missing") }
            switch (inner.value("decay") != nil, inner.value("power") != nil) {
            case (true, true): inner.refuse("power", "and `decay` exclude each other")
            case (false, false): refuse(key, "takes `decay` or `power` beside `initial`, or is a plain number")
            default: break
            }
            take(problemsOf: inner)
        default:
            refuse(key, "takes a number, {initial, decay} or {initial, power}")
        }
    }

    private static let rateMax = 1e3
    private static let scheduleRules = [
        ParameterRule(
            "initial", .number(minimum: 0, maximum: rateMax, exclusiveMinimum: true), default: "", "The first rate."),
        ParameterRule(
            "decay", .number(minimum: 0, maximum: 1e6, exclusiveMinimum: false), default: "",
            "How fast it falls: initial/(1+decay·t)."),
        ParameterRule(
            "power", .number(minimum: 0, maximum: 10, exclusiveMinimum: false), default: "",
            "How fast it falls: initial/(t+1)^power."),
    ]

    /// A checked schedule; the default when there is none or it was refused.
    mutating func schedule(_ key: String, default fallback: LearningRate) -> LearningRate {
        let read = given(key) ?? fallback
        note(key, "\(read)")
        return read
    }

    private func given(_ key: String) -> LearningRate? {
        switch accepted(key) {
        case .number(let rate): return .constant(rate)
        case .map(let entries):
            let inner = ParameterReader(entries: entries, path: [])
            guard case .number(let initial)? = inner.value("initial") else { return nil }
            if case .number(let decay)? = inner.value("decay") { return .decaying(initial: initial, decay: decay) }
            if case .number(let power)? = inner.value("power") { return .powerLaw(initial: initial, power: power) }
            return nil
        default: return nil
        }
    }
}
