extension ModelType {
    /// Single decision trees.
    static let trees: [ModelType] = [
        hoeffdingTree,
        hoeffdingAdaptiveTree,
        extremelyFastDecisionTree,
    ]

    private static let extremelyFastDecisionTree = ModelType(
        name: "extremely_fast_decision_tree", tasks: [.binary, .multiclass],
        parameters: treeParameters(TreeSettings()) + [
            ParameterRule(
                "revision_period", .integer(minimum: 1, maximum: 1_000_000), default: "200",
                "Events a split node takes between looks for a better split.")
        ], scaling: .before(.none),
        documentation: ModelDocumentation(
            summary:
                "A Hoeffding tree that splits as soon as that is better than not, and takes back what proves wrong.",
            formula: "split when G(best) > ε;  replace a split when G(best) − G(its own) > ε, ε = √(R²·ln(1/δ)/2n)",
            source: "Manapragada, Webb and Salehi, Extremely fast decision tree, KDD 2018",
            cost: "O(depth · features + features · classes)",
            stateSize: "as the Hoeffding tree, but 40 bytes a node, feature and class",
            use: "Learns faster from few events than the Hoeffding tree and follows slow change; costs more an event.")
    ) { reader, task in
        var settings = reader.treeSettings(TreeSettings())
        settings.revisionPeriod = Double(reader.integer("revision_period", default: 200))
        let compiled = settings
        return { shape, fingerprint in
            HoeffdingTree(compiled, task: task, shape: shape, fingerprint: fingerprint)
        }
    }

    private static let hoeffdingTree = ModelType(
        name: "hoeffding_tree", tasks: [.binary, .multiclass, .regression], parameters: treeParameters(TreeSettings()),
        scaling: .before(.none),
        documentation: ModelDocumentation(
            summary: "A decision tree that grows with the stream, each split once it is sure enough.",
            formula:
                "split when G(best) − G(second) > ε = √(R²·ln(1/δ)/2n), or ε < τ;  leaf: naive Bayes or class shares",
            source:
                "Domingos and Hulten, Mining high-speed data streams, KDD 2000; leaves: Holmes, Kirkby and Pfahringer, "
                + "Stress-testing Hoeffding trees, PKDD 2005; one category against the others: Bifet et al., MOA, JMLR 11, "
                + "2010; regression: Ikonomovska, Gama and Džeroski, Learning model trees from evolving data streams, 2011",
            cost: "O(depth + features · classes)",
            stateSize: "100 bytes a node; 40 a leaf, feature and class; 8 a leaf, category and class; "
                + "regression 1.6 KB a leaf and feature",
            use: "Rules a person can read, and features that work together. It never forgets: on streams that drift "
                + "take the adaptive tree or a forest.")
    ) { reader, task in
        let settings = reader.treeSettings(TreeSettings())
        if task == .regression {
            reader.refuseBayesLeaves()
            return { shape, fingerprint in
                HoeffdingRegressionTree(settings, shape: shape, fingerprint: fingerprint)
            }
        }
        return { shape, fingerprint in
            HoeffdingTree(settings, task: task, shape: shape, fingerprint: fingerprint)
        }
    }

    private static let hoeffdingAdaptiveTree = ModelType(
        name: "hoeffding_adaptive_tree", tasks: [.binary, .multiclass, .regression],
        parameters: treeParameters(TreeSettings()) + [
            ParameterRule(
                "drift_delta", .number(minimum: 0, maximum: 0.999, exclusiveMinimum: true), default: "0.002",
                "Confidence of the detectors of change: smaller waits for clearer changes."),
            ParameterRule(
                "drift_window", .integer(minimum: 1, maximum: 1_000_000), default: "300",
                "Events after which an alternate subtree is compared with what it may replace."),
            ParameterRule(
                "seed", .integer(minimum: 0, maximum: 1 << 53), default: "0",
                "Where the random numbers begin; the same seed gives the same bits."),
        ], scaling: .before(.none),
        documentation: ModelDocumentation(
            summary: "A Hoeffding tree that replaces the parts of it whose errors grow.",
            formula:
                "ADWIN on the errors e of each split's events; when they grow an alternate (errors a) learns beside it, and "
                + "replaces it when e − a > √(4·e·(1−e)·ln(40)/n), n > 300; an event weighs max(1, Poisson(1))",
            source: "Bifet and Gavaldà, Adaptive learning from evolving data streams, IDA 2009",
            cost: "O(depth · log(window)/32 + features · classes), more while alternates grow",
            stateSize: "a Hoeffding tree, 2 KB a split, and the alternates: at most max_size in all",
            use: "One tree on a stream that drifts; where cost matters less, a forest is more accurate.")
    ) { reader, task in
        var settings = reader.treeSettings(TreeSettings())
        var adaptation = AdaptationSettings(byteCountMax: settings.byteCountMax)
        adaptation.detector = ADWIN.Parameters(delta: max(1e-300, reader.number("drift_delta", default: 0.002)))
        adaptation.window = Double(reader.integer("drift_window", default: 300))
        adaptation.seed = UInt64(max(0, reader.integer("seed", default: 0)))
        settings.byteCountMax = adaptation.treeByteCountMax
        settings.adaptation = adaptation
        let compiled = settings
        if task == .regression {
            reader.refuseBayesLeaves()
            return { shape, fingerprint in
                HoeffdingRegressionTree(compiled, shape: shape, fingerprint: fingerprint)
            }
        }
        return { shape, fingerprint in
            HoeffdingTree(compiled, task: task, shape: shape, fingerprint: fingerprint)
        }
    }

    /// The parameters that all trees have, with their defaults.
    static func treeParameters(_ defaults: TreeSettings) -> [ParameterRule] {
        [
            ParameterRule(
                "grace_period", .integer(minimum: 1, maximum: 1_000_000), default: "\(Int(defaults.gracePeriod))",
                "Events a leaf takes between attempts to split: fewer grow sooner and cost more."),
            ParameterRule(
                "delta", .number(minimum: 0, maximum: 0.999, exclusiveMinimum: true), default: "\(defaults.delta)",
                "Probability of a split that endless data would not choose: smaller waits longer."),
            ParameterRule(
                "tau", .number(minimum: 0, maximum: 1, exclusiveMinimum: false), default: "\(defaults.tau)",
                "When the bound falls below this the best split is made even if another is as good."),
            ParameterRule(
                "leaf", .choice(TreeSettings.LeafRule.allCases.map(\.rawValue)), default: defaults.leaf.rawValue,
                "What a leaf answers: naive Bayes, the class shares, or whichever was right more often there. "
                    + "Regression: `adaptive` is the mean or a linear model, `majority` the mean."),
            ParameterRule(
                "max_size", .number(minimum: 0.01, maximum: 65_536, exclusiveMinimum: false),
                default: "\(defaults.byteCountMax >> 20)",
                "Memory of a tree in MiB; at its limit it goes on learning in its leaves and does not grow."),
        ]
    }
}

extension ParameterReader {
    /// Numbers have no naive Bayes.
    mutating func refuseBayesLeaves() {
        guard case .text("naive_bayes")? = value("leaf") else { return }
        refuse("leaf", "takes one of: adaptive, majority for a regression label", allowed: ["adaptive", "majority"])
    }

    /// Reads what ``ModelType/treeParameters(_:)`` declares.
    mutating func treeSettings(_ defaults: TreeSettings) -> TreeSettings {
        var settings = defaults
        settings.gracePeriod = Double(integer("grace_period", default: Int(defaults.gracePeriod)))
        settings.delta = number("delta", default: defaults.delta)
        settings.tau = number("tau", default: defaults.tau)
        settings.leaf = TreeSettings.LeafRule(rawValue: text("leaf", default: defaults.leaf.rawValue)) ?? defaults.leaf
        let megabytes = number("max_size", default: Double(defaults.byteCountMax >> 20))
        settings.byteCountMax = Int(min(max(megabytes, 0.01), 65_536) * 1_048_576)
        return settings
    }
}
