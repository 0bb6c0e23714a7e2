import Learning

/// The pages of `millrace help models` and `millrace help MODEL`, made from the tables of Learning.
struct ModelHelp {
    /// What `millrace help` takes for the list of models.
    static let topic = "models"
    /// The names with a page of their own.
    static var names: [String] {
        ModelType.all.filter(\.isBuilt).map(\.name) + OptimizerType.all.map(\.name)
            + DetectorType.all.map(\.name)
    }

    private let layout = Help(commands: [])

    /// The page of the model, optimiser or detector of that name; nil when this version has none.
    func page(named name: String) -> String? {
        if let type = ModelType.named(name), type.isBuilt { return page(of: type) }
        if let type = OptimizerType.all.first(where: { $0.name == name }) {
            let rows = [("What", type.summary), ("Formula", type.formula), ("Source", type.source)]
            return "\(name): an optimiser, for models with `optimizer:`\n\n" + layout.table(rows) + "\n"
                + parameters(type.parameters)
        }
        guard let type = DetectorType.named(name) else { return nil }
        return "\(name): a drift detector, for `on_drift:` of any model\n\n" + text(of: type.documentation)
            + "\n" + parameters(type.parameters)
    }

    /// Every model with its tasks and what it is, after a table that helps to choose.
    var overview: String {
        var text = "Which model?\n"
        for choice in ModelChoice.all {
            text += layout.wrapped("\(choice.problem):", indent: "  ", hanging: "    ")
            let names = choice.types.map(\.name).joined(separator: ", ")
            text += layout.wrapped("\(names): \(choice.why)", indent: "      ", hanging: "      ")
        }
        let models = ModelType.all.filter(\.isBuilt).map { ($0.name, "\($0.summary) For: \(Self.tasks(of: $0)).") }
        text += "\n" + layout.section("Models", models)
        text += "\n" + layout.section("Drift detectors", DetectorType.all.map { ($0.name, $0.summary) })
        let optimizers = OptimizerType.all.map(\.name).joined(separator: ", ")
        text += "\n" + layout.wrapped("Optimisers: \(optimizers)", indent: "", hanging: "  ")
        text +=
            "\n"
            + layout.section(
                "Every model also takes", ModelType.commonKeys.map { ("\($0.key): \($0.values)", $0.summary) })
        return text + "\n'millrace help NAME' explains one of them with its parameters.\n"
    }

    private func page(of type: ModelType) -> String {
        "\(type.name): \(type.summary)\n\nFor: \(Self.tasks(of: type)).\n\n"
            + text(of: type.documentation, leavesOutSummary: true, explains: Self.explains(type))
            + "\n" + parameters(type.parameters) + "\nAn example:\n  models:\n    champion: {type: \(type.name)}\n"
    }

    private func text(
        of documentation: ModelDocumentation, leavesOutSummary: Bool = false, explains: Bool = false
    ) -> String {
        let rows = [
            leavesOutSummary ? nil : ("What", documentation.summary), ("When", documentation.use),
            ("Formula", documentation.formula), ("Cost", documentation.cost), ("State", documentation.stateSize),
            explains ? ("Explains", "its predictions, where the file says output: {explain: k}") : nil,
            ("Source", documentation.source),
        ]
        return layout.table(rows.compactMap(\.self))
    }

    private func parameters(_ rules: [ParameterRule]) -> String {
        guard !rules.isEmpty else { return "It has no parameters of its own.\n" }
        return layout.section(
            "Parameters",
            rules.map { rule in
                let fallback = rule.defaultText.isEmpty ? "" : "; default \(rule.defaultText)"
                return (rule.key, "\(rule.summary) (\(rule.kind.valuesText)\(fallback))")
            })
    }

    /// Whether it can say why it predicts what it predicts.
    static func explains(_ type: ModelType) -> Bool { type.tasks.contains { type.explains($0) } }

    /// What it can predict, in words.
    static func tasks(of type: ModelType) -> String {
        let words = type.tasks.map { task in
            switch task {
            case .binary: "yes or no"
            case .multiclass: "several classes"
            case .regression: "a number"
            case .anomaly: "anomalies without a label"
            }
        }
        return words.isEmpty ? "actions" : words.joined(separator: ", ")
    }
}
