/// One model of a pipeline: its name there, what it is, and parameters that were checked. It makes learners; it is not one.
public struct ModelSpecification: Sendable, Equatable {
    /// The key of the model in the pipeline file.
    public let name: String
    /// What kind of model it is.
    public let type: ModelType
    /// The task it was checked against.
    public let task: LearningTask
    let kind: Kind

    enum Kind: Sendable, Equatable {
        case linear(LinearParameters)
        case baseline(BaselineLearner.Rule)
    }

    /// A new learner that has learned nothing, for vectors of `denseCount` dense slots. Sparse features need no count: their
    /// weights grow as indexes appear, up to a bound of 2^18, beyond which a feature contributes nothing.
    public func makeLearner(denseCount: Int) -> any Learner {
        switch kind {
        case .linear(let parameters): LinearLearner(parameters: parameters, denseCount: denseCount)
        case .baseline(let rule): BaselineLearner(rule: rule, task: task)
        }
    }

    /// Reads a model's map. The entries are those of the file in its order, `type` included.
    ///
    /// Returns the specification when there is no problem; otherwise nil and *every* problem, in file order as far as they
    /// have a place. A problem's path begins with the model's own keys (`["optimizer", "learning_rate"]`); a missing `type`
    /// has the path `["type"]`, which then has no place in the file.
    public static func parse(
        name: String, entries: [ParameterEntry], task: LearningTask
    ) -> (ModelSpecification?, [ParameterProblem]) {
        var reader = ParameterReader(entries: entries, path: [])
        guard let type = modelType(from: &reader) else { return (nil, reader.problems) }
        if !type.tasks.contains(task) { reader.report(misfit(type, task)) }
        reader.check(rules: type.parameters, also: ["type"], planned: plannedModelKeys)
        let kind = kind(of: type, task: task, reader: &reader)
        guard reader.problems.isEmpty, let kind else { return (nil, reader.problems) }
        return (ModelSpecification(name: name, type: type, task: task, kind: kind), [])
    }

    /// Keys that the design gives every model and this version does not have.
    private static let plannedModelKeys = ["update", "on_drift", "clip", "forget", "calibrate"]

    private static func modelType(from reader: inout ParameterReader) -> ModelType? {
        let built = ModelType.all.filter(\.isBuilt).map(\.name)
        guard let value = reader.value("type") else {
            reader.report(ParameterProblem(path: ["type"], message: "a model needs a `type`", allowed: built))
            return nil
        }
        guard case .text(let name) = value else {
            reader.report(ParameterProblem(path: ["type"], message: "`type` takes a model's name", allowed: built))
            return nil
        }
        guard let type = ModelType.named(name) else {
            reader.report(
                ParameterProblem(
                    path: ["type"], message: "unknown model type `\(name)`", isUnknownKey: true,
                    allowed: ModelType.all.map(\.name)))
            return nil
        }
        guard type.isBuilt else {
            reader.report(
                ParameterProblem(
                    path: ["type"], message: "model type `\(name)` is not yet built", allowed: built, isNotYet: true))
            return nil
        }
        return type
    }

    private static func misfit(_ type: ModelType, _ task: LearningTask) -> ParameterProblem {
        let fitting = ModelType.all.filter { $0.isBuilt && $0.tasks.contains(task) }.map(\.name)
        guard task != .multiclass else {
            return ParameterProblem(
                path: ["type"],
                message: "multiclass labels are not yet built; `positive:` under `label:` makes the task binary",
                isNotYet: true)
        }
        let label = task == .binary ? "a binary label" : "a regression label"
        return ParameterProblem(
            path: ["type"],
            message: "`\(type.name)` does not fit \(label); these do: \(fitting.joined(separator: ", "))",
            allowed: fitting)
    }

    private static func kind(of type: ModelType, task: LearningTask, reader: inout ParameterReader) -> Kind? {
        let scaling: FeatureScaling = reader.text("scale", default: "standard") == "none" ? .none : .standard
        switch type.name {
        case "logistic_regression":
            return .linear(LinearParameters(rule: .logistic, scaling: scaling, descent: reader.gradientDescent()))
        case "linear_regression":
            return .linear(LinearParameters(rule: .squared, scaling: scaling, descent: reader.gradientDescent()))
        case "passive_aggressive":
            return .linear(
                LinearParameters(
                    rule: task == .binary ? .passiveAggressiveClassifier : .passiveAggressiveRegressor,
                    scaling: scaling, aggressiveness: reader.number("c", default: 1),
                    epsilon: task == .binary ? 0.1 : reader.number("epsilon", default: 0.1)))
        case "last_label": return .baseline(.lastLabel)
        case "majority": return .baseline(.majority)
        case "running_mean": return .baseline(.runningMean)
        default: return nil
        }
    }
}
