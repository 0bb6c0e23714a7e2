// Goal: a model's map is understood or refused with every reason, its place and what is allowed, and nothing is read in silence.
// Method: maps as the file's reader would hand them over, good and bad, one by one.
import Learning
import Testing

@Suite struct SpecificationTests {
    private func problems(_ entries: [ParameterEntry], _ task: LearningTask = .binary)
        -> [ParameterProblem]
    {
        let (specification, problems) = ModelSpecification.parse(
            name: "m", entries: entries, task: task)
        #expect((specification == nil) == !problems.isEmpty)
        return problems
    }

    private func logistic(_ entries: [ParameterEntry]) -> [ParameterEntry] {
        [ParameterEntry("type", .text("logistic_regression"))] + entries
    }

    private func optimizer(_ entries: [ParameterEntry]) -> [ParameterEntry] {
        logistic([ParameterEntry("optimizer", .map(entries))])
    }

    @Test func everyBuiltTypeNeedsOnlyItsName() throws {
        for type in ModelType.all where type.isBuilt {
            for task in type.tasks {
                let entries = [ParameterEntry("type", .text(type.name))]
                let (specification, problems) = ModelSpecification.parse(
                    name: "m", entries: entries, task: task)
                #expect(problems.isEmpty)
                let made = try #require(specification)
                #expect(made.name == "m" && made.type == type && made.task == task)
                #expect(made.makeLearner(denseCount: 3).task == task)
            }
        }
    }

    @Test(arguments: [("squared", nil), ("quantile", 0.35), ("absolute", nil)] as [(String, Double?)])
    func aModelOfAQuantileNamesIt(loss: String, quantile: Double?) throws {
        let entries = [
            ParameterEntry("type", .text("linear_regression")), ParameterEntry("loss", .text(loss)),
            ParameterEntry("quantile", .number(0.35)),
        ]
        let (made, _) = ModelSpecification.parse(name: "m", entries: entries, task: .regression)
        #expect(try #require(made).quantile == quantile)
    }

    /// Which types can say why, in each task; a wrapper can exactly if what it wraps can.
    @Test func someTypesExplainThemselves() throws {
        let able = { (task: LearningTask) in Set(ModelType.all.filter { $0.explains(task) }.map(\.name)) }
        let ensembles = [
            "adaptive_random_forest", "streaming_random_patches", "adwin_bagging", "leveraging_bagging",
            "online_boosting",
        ]
        let trees = ["hoeffding_tree", "hoeffding_adaptive_tree", "extremely_fast_decision_tree"]
        #expect(
            able(.binary)
                == Set(
                    ["logistic_regression", "perceptron", "passive_aggressive", "svm"] + trees + ensembles))
        #expect(able(.multiclass) == Set(["softmax_regression"] + trees + ensembles))
        #expect(
            able(.regression) == [
                "linear_regression", "passive_aggressive", "hoeffding_tree", "hoeffding_adaptive_tree",
                "adaptive_random_forest",
            ])
        #expect(able(.anomaly).isEmpty)
        for (type, explains) in [("logistic_regression", true), ("knn", false)] {
            let entries = [
                ParameterEntry("type", .text(type)), ParameterEntry("scale", .text("robust")),
                ParameterEntry("calibrate", .text("isotonic")), ParameterEntry("on_drift", .map([])),
                ParameterEntry("update", .map([ParameterEntry("every", .number(3))])),
            ]
            let (made, problems) = ModelSpecification.parse(name: "m", entries: entries, task: .binary)
            #expect(try #require(made, "\(problems)").explains == explains)
        }
    }

    @Test func whatIsBuiltIsDocumented() {
        for type in ModelType.all where type.isBuilt {
            let texts = [
                type.documentation.summary, type.documentation.formula, type.documentation.source,
                type.documentation.cost, type.documentation.stateSize, type.documentation.use,
            ]
            #expect(texts.allSatisfy { !$0.isEmpty }, "\(type.name)")
            #expect(
                type.parameters.allSatisfy { !$0.summary.isEmpty && !$0.defaultText.isEmpty },
                "\(type.name)")
            #expect(
                allRecipes.contains { $0.entries[0].value == .text(type.name) },
                "\(type.name) has no recipe")
        }
    }

    /// The default in the rule table, which the documentation prints, is the default that holds.
    @Test func writingEveryDefaultChangesNothing() throws {
        for type in ModelType.all where type.isBuilt {
            let written = type.parameters.filter { !$0.isOfModels }.map { rule in
                ParameterEntry(rule.key, Self.value(rule.defaultText))
            }
            let sgd = try #require(
                OptimizerType.all.first { $0.name == rule(type, "optimizer")?.defaultText ?? "sgd" })
            let nested = sgd.parameters.map {
                ParameterEntry($0.key, .number(Double($0.defaultText) ?? .nan))
            }
            for task in type.tasks {
                let head = [ParameterEntry("type", .text(type.name))]
                let plain = ModelSpecification.parse(name: "m", entries: head, task: task).0
                #expect(plain != nil)
                #expect(ModelSpecification.parse(name: "m", entries: head + written, task: task).0 == plain)
                guard rule(type, "optimizer") != nil else { continue }
                let map = head + [ParameterEntry("optimizer", .map(nested))]
                #expect(ModelSpecification.parse(name: "m", entries: map, task: task).0 == plain)
            }
        }
    }

    private static func value(_ text: String) -> ParameterValue {
        if let number = Double(text) { return .number(number) }
        return text == "true" || text == "false" ? .flag(text == "true") : .text(text)
    }

    private func rule(_ type: ModelType, _ key: String) -> ParameterRule? {
        type.parameters.first { $0.key == key }
    }

    @Test func parametersMakeADifference() {
        let plain = ModelSpecification.parse(name: "m", entries: logistic([]), task: .binary).0
        for entries in [
            logistic([ParameterEntry("scale", .text("none"))]),
            optimizer([ParameterEntry("l1", .number(0.1))]),
            optimizer([ParameterEntry("l2", .number(0.1))]),
            optimizer([ParameterEntry("learning_rate", .number(0.1))]),
            optimizer([ParameterEntry("intercept_learning_rate", .number(0.1))]),
        ] {
            let other = ModelSpecification.parse(name: "m", entries: entries, task: .binary).0
            #expect(other != nil && other != plain)
        }
    }

    @Test func aMissingOrForeignTypeIsRefused() {
        #expect(problems([]).map(\.path) == [["type"]])
        #expect(problems([ParameterEntry("type", .number(3))]).map(\.path) == [["type"]])
        let unknown = problems([ParameterEntry("type", .text("logistic_regresion"))])
        #expect(unknown.count == 1 && unknown[0].isUnknownKey && !unknown[0].isNotYet)
        #expect(
            unknown[0].allowed.contains("logistic_regression")
                && unknown[0].allowed.contains("hoeffding_tree"))
    }

    @Test func plannedNamesAreNotYet() {
        for type in ModelType.all where !type.isBuilt {
            let found = problems([ParameterEntry("type", .text(type.name))], type.tasks.first ?? .binary)
            #expect(found.count == 1 && found[0].isNotYet && found[0].path == ["type"], "\(type.name)")
        }
    }

    /// Keys of one family are no typing errors elsewhere: the message says who takes them.
    @Test func keysOfTheLinearModelsAreRefusedElsewhere() {
        for key in ["clip", "forget"] {
            let found = problems(
                [ParameterEntry("type", .text("majority")), ParameterEntry(key, .number(0.5))])
            #expect(
                found.count == 1 && !found[0].isNotYet && !found[0].isUnknownKey && found[0].path == [key])
            #expect(found[0].message.contains("logistic_regression"))
        }
    }

    /// The defaults in an optimiser's rule table are those that hold, and no two optimisers are one model.
    @Test func everyOptimizerReadsItsRules() throws {
        var seen: [ModelSpecification] = []
        for type in OptimizerType.all {
            let named = ModelSpecification.parse(
                name: "m", entries: logistic([ParameterEntry("optimizer", .text(type.name))]), task: .binary
            ).0
            let written = type.parameters.map { ParameterEntry($0.key, Self.value($0.defaultText)) }
            let full = ModelSpecification.parse(
                name: "m", entries: optimizer([ParameterEntry("type", .text(type.name))] + written),
                task: .binary
            ).0
            let specification = try #require(named)
            #expect(full == specification, "\(type.name)")
            #expect(!seen.contains(specification))
            seen.append(specification)
            for rule in type.parameters {
                #expect(!rule.summary.isEmpty)
                let other: ParameterValue =
                    switch rule.kind {
                    case .flag: .flag(rule.defaultText != "true")
                    default: .number(0.123)
                    }
                let changed = optimizer([
                    ParameterEntry("type", .text(type.name)), ParameterEntry(rule.key, other),
                ])
                let made = ModelSpecification.parse(name: "m", entries: changed, task: .binary).0
                #expect(made != nil && made != specification, "\(type.name) \(rule.key)")
            }
            #expect(!type.summary.isEmpty && !type.formula.isEmpty && !type.source.isEmpty)
        }
    }

    @Test func everyProblemIsReported() {
        let found = problems(
            logistic([
                ParameterEntry(
                    "optimizer",
                    .map([
                        ParameterEntry("type", .text("sgd")), ParameterEntry("learning_rate", .number(0)),
                        ParameterEntry("l1", .number(-1)), ParameterEntry("momentun", .number(0.9)),
                    ])),
                ParameterEntry("scale", .text("standart")), ParameterEntry("l2", .number(1)),
                ParameterEntry("update", .text("thawed")),
            ]))
        #expect(
            found.map(\.path) == [
                ["optimizer", "learning_rate"], ["optimizer", "l1"], ["optimizer", "momentun"], ["scale"],
                ["l2"],
                ["update"],
            ])
        #expect(found.map(\.isUnknownKey) == [false, false, true, true, true, false])
        #expect(found[2].allowed == ["type", "learning_rate", "intercept_learning_rate", "l1", "l2"])
        #expect(found[3].allowed.prefix(2) == ["none", "standard"])
        #expect(found[4].message.contains("belongs under `optimizer:`"))
    }

    @Test(arguments: [
        ParameterValue.number(0), .number(-0.1), .number(.nan), .number(.infinity), .text("fast"),
        .flag(true),
        .map([ParameterEntry("initial", .number(0.1))]),
        .map([ParameterEntry("decay", .number(0.1))]),
        .map([
            ParameterEntry("initial", .number(0.1)), ParameterEntry("decay", .number(0.1)),
            ParameterEntry("power", .number(0.5)),
        ]),
        .map([ParameterEntry("initial", .number(0)), ParameterEntry("decay", .number(0.1))]),
        .map([ParameterEntry("initial", .number(0.1)), ParameterEntry("power", .number(-1))]),
        .map([
            ParameterEntry("initial", .number(0.1)), ParameterEntry("power", .number(1)),
            ParameterEntry("powr", .number(1)),
        ]),
    ])
    func badRatesAreRefused(_ value: ParameterValue) {
        let found = problems(optimizer([ParameterEntry("learning_rate", value)]))
        #expect(found.count == 1 && found[0].path.prefix(2) == ["optimizer", "learning_rate"])
    }

    @Test func badValuesAreRefused() {
        for (key, value) in [
            ("c", ParameterValue.number(0)), ("c", .number(-1)), ("c", .number(.nan)), ("c", .text("1")),
            ("epsilon", .number(-0.1)), ("variant", .number(1.5)), ("variant", .number(3)),
            ("forget", .number(0)), ("forget", .number(1.1)), ("hash_bits", .number(23)),
            ("variant", .flag(true)),
            ("scale", .number(1)),
        ] {
            let found = problems(
                [ParameterEntry("type", .text("passive_aggressive")), ParameterEntry(key, value)],
                .regression)
            #expect(found.count == 1 && found[0].path == [key] && !found[0].isNotYet, "\(key) \(value)")
        }
        #expect(
            problems(logistic([ParameterEntry("optimizer", .number(1))])).map(\.path) == [["optimizer"]])
        #expect(
            problems(optimizer([ParameterEntry("type", .number(1))])).map(\.path) == [
                ["optimizer", "type"]
            ])
        let twice = logistic([
            ParameterEntry("scale", .text("none")), ParameterEntry("scale", .text("none")),
        ])
        #expect(problems(twice).map(\.path) == [["scale"]])
    }

    @Test func aTypeThatDoesNotFitTheLabelIsRefused() {
        for (type, task) in [
            ("linear_regression", LearningTask.binary), ("logistic_regression", .regression),
            ("majority", .regression),
            ("running_mean", .binary),
        ] {
            let found = problems([ParameterEntry("type", .text(type))], task)
            #expect(found.count == 1 && found[0].path == ["type"] && !found[0].isNotYet)
            #expect(found[0].allowed.contains("passive_aggressive"))
        }
        let multiclass = problems(logistic([]), .multiclass)
        #expect(multiclass.count == 1 && multiclass[0].path == ["type"])
    }
}

extension ParameterRule {
    /// Whether it takes a list of models, whose default has no short form.
    fileprivate var isOfModels: Bool {
        if case .models = kind { true } else { false }
    }
}
