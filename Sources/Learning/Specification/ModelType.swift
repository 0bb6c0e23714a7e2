/// A model type that a pipeline file can name: built in this version or planned by the design.
///
/// Each family of learners declares its types in its own folder (`Bayes/ModelType+Bayes.swift`); ``all`` lists them.
public struct ModelType: Sendable, Equatable {
    /// What stands behind `type:`.
    public let name: String
    /// The tasks it can do; empty for a planned type that is no predictor of labels (a bandit).
    public let tasks: [LearningTask]
    /// The rules of its own parameters, `type` left out, `scale` included; empty for a type that is not built.
    public let parameters: [ParameterRule]
    /// What a person wants to know of it.
    public let documentation: ModelDocumentation
    /// How its features are scaled unless the file says otherwise.
    let scaling: Scaling
    let compile: Compile?

    /// Turns checked parameters into a way to make learners. It reads every parameter that matters through the reader, so
    /// that what was read identifies the model.
    typealias Compile = @Sendable (inout ParameterReader, LearningTask) -> LearnerMaker

    /// How a type stands to `scale:`.
    enum Scaling: Sendable, Equatable {
        /// It has no such key: it ignores the features, or brings its own.
        case none
        /// Features are scaled before the learner sees them, with this default.
        case before(FeatureScaling)
        /// `none` and `standard` are the learner's own doing (it reads `scale` itself), the others are done before it.
        case within
    }

    /// A type that is built.
    init(
        name: String, tasks: [LearningTask], parameters: [ParameterRule], scaling: Scaling,
        documentation: ModelDocumentation, compile: @escaping Compile
    ) {
        self.name = name
        self.tasks = tasks
        self.parameters = parameters + (Self.scaleRule(scaling).map { [$0] } ?? [])
        self.scaling = scaling
        self.documentation = documentation
        self.compile = compile
    }

    /// A type of the design that this version does not have.
    init(planned name: String, tasks: [LearningTask]) {
        self.name = name
        self.tasks = tasks
        parameters = []
        scaling = .none
        documentation = ModelDocumentation()
        compile = nil
    }

    /// Whether this version has it. Naming another is a problem with ``ParameterProblem/isNotYet``.
    public var isBuilt: Bool { compile != nil }

    /// One line for a person who chooses a model.
    public var summary: String { documentation.summary }

    /// The same type name means the same type.
    public static func == (left: ModelType, right: ModelType) -> Bool { left.name == right.name }

    /// Every type, in the order of the documentation, built and planned.
    public static let all: [ModelType] =
        linear + bayes + trees + ensembles + neighbours + factorization + anomaly + forecasting + bandits + auto
        + baselines

    /// The type of that name, if the design has one.
    public static func named(_ name: String) -> ModelType? { all.first { $0.name == name } }

    private static func scaleRule(_ scaling: Scaling) -> ParameterRule? {
        let fallback: FeatureScaling
        switch scaling {
        case .none: return nil
        case .before(let scaling): fallback = scaling
        case .within: fallback = .standard
        }
        return ParameterRule(
            "scale", .choice(FeatureScaling.allCases.map(\.rawValue)), default: fallback.rawValue,
            "Scaling of the numeric features, learned as the stream goes; categories are never scaled.")
    }
}

/// Makes a new learner that has learned nothing. `fingerprint` identifies type, task, parameters and shape: the learner
/// writes it at the head of its state and refuses a state of another as a mismatch.
typealias LearnerMaker = @Sendable (_ shape: LearnerShape, _ fingerprint: UInt64) -> any Learner
