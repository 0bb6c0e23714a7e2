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
            default:
                inner.refuse("type", "takes an optimiser's name", allowed: OptimizerType.all.map(\.name))
            }
            if let type { inner.check(rules: type.parameters, also: ["type"], planned: []) }
            take(problemsOf: inner)
        default:
            refuse(
                key, "takes an optimiser's name or a map with `type`",
                allowed: OptimizerType.all.map(\.name))
        }
    }

    private mutating func optimizer(named name: String, under key: String) -> OptimizerType? {
        guard let type = OptimizerType.all.first(where: { $0.name == name }) else {
            report(
                ParameterProblem(
                    path: path + [key], message: "unknown optimiser `\(name)`", isUnknownKey: true,
                    allowed: OptimizerType.all.map(\.name)))
            return nil
        }
        return type
    }

    /// The parameters of the optimiser, its own defaults where the map says nothing.
    mutating func linearOptimizer() -> LinearOptimizer {
        var entries: [ParameterEntry] = []
        var name = "sgd"
        switch value("optimizer") {
        case .map(let map)?: entries = map
        case .text(let word)?: name = word
        default: break
        }
        var inner = nested(entries, under: "optimizer")
        name = inner.text("type", default: name)
        var optimizer = LinearOptimizer()
        optimizer.kind = LinearOptimizer.Kind(rawValue: name) ?? .sgd
        inner.readRates(of: &optimizer)
        inner.readMemory(of: &optimizer)
        note(readsOf: inner)
        return optimizer
    }

    /// Learning rates and penalties.
    private mutating func readRates(of optimizer: inout LinearOptimizer) {
        if optimizer.kind == .ftrl { optimizer.l2 = 1 }
        optimizer.l2 = number("l2", default: optimizer.l2)
        guard optimizer.kind != .coin else { return }
        optimizer.l1 = number("l1", default: optimizer.l1)
        optimizer.interceptLearningRate = schedule(
            "intercept_learning_rate", default: optimizer.interceptLearningRate)
        let usual =
            switch optimizer.kind {
            case .sgd, .rmsprop, .ftrl, .coin: 0.01
            case .momentum: 0.001
            case .adagrad, .adam: 0.1
            }
        guard optimizer.kind != .ftrl else { return }
        optimizer.learningRate = schedule("learning_rate", default: .constant(usual))
    }

    /// What the optimiser remembers, and how long.
    private mutating func readMemory(of optimizer: inout LinearOptimizer) {
        switch optimizer.kind {
        case .sgd, .coin: break
        case .momentum: optimizer.momentum = number("momentum", default: optimizer.momentum)
        case .adagrad: optimizer.epsilon = number("epsilon", default: optimizer.epsilon)
        case .rmsprop:
            optimizer.memory = number("memory", default: optimizer.memory)
            optimizer.epsilon = number("epsilon", default: optimizer.epsilon)
        case .adam:
            optimizer.beta1 = number("beta1", default: optimizer.beta1)
            optimizer.beta2 = number("beta2", default: optimizer.beta2)
            optimizer.epsilon = number("epsilon", default: optimizer.epsilon)
        case .ftrl:
            optimizer.alpha = number("alpha", default: optimizer.alpha)
            optimizer.beta = number("beta", default: optimizer.beta)
            optimizer.isLagged = flag("lagged", default: optimizer.isLagged)
        }
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
            case (false, false):
                refuse(key, "takes `decay` or `power` beside `initial`, or is a plain number")
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
            "initial", .number(minimum: 0, maximum: rateMax, exclusiveMinimum: true), default: "",
            "The first rate."),
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
            if case .number(let decay)? = inner.value("decay") {
                return .decaying(initial: initial, decay: decay)
            }
            if case .number(let power)? = inner.value("power") {
                return .powerLaw(initial: initial, power: power)
            }
            return nil
        default: return nil
        }
    }
}
