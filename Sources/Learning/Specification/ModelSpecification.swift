internal import Hashing

/// One model of a pipeline: its name there, what it is, and parameters that were checked. It makes learners; it is not one.
public struct ModelSpecification: Sendable, Equatable {
    /// The key of the model in the pipeline file.
    public let name: String
    /// What kind of model it is.
    public let type: ModelType
    /// The task it was checked against.
    public let task: LearningTask
    /// The parameters that were given, `type` left out, as the file would write them on one line; empty where all are defaults.
    public let parameters: String
    /// What was read of the parameters, defaults included, sorted.
    private let effective: [String]
    private let adaptation: Adaptation
    private let make: LearnerMaker

    /// The same name, type, task and effective parameters.
    public static func == (left: ModelSpecification, right: ModelSpecification) -> Bool {
        left.name == right.name && left.type == right.type && left.task == right.task
            && left.effective == right.effective && left.adaptation == right.adaptation
    }

    /// Type and effective parameters in one line: equal for models that are the same but for their names.
    var identity: String {
        "\(type.name) \(task.rawValue) \(effective.joined(separator: " ")) \(adaptation.identity)"
    }

    /// The quantile of the label that the model predicts (`loss: quantile`); nil for a model that predicts something else.
    public var quantile: Double? {
        let key = "quantile="
        return effective.first { $0.hasPrefix(key) }.flatMap { Double($0.dropFirst(key.count)) }
    }

    /// A new learner that has learned nothing, for vectors of `shape`.
    public func makeLearner(_ shape: LearnerShape) -> any Learner { make(shape, fingerprint(shape)) }

    /// A new learner for vectors of `denseCount` dense slots and at most one categorical field.
    public func makeLearner(denseCount: Int) -> any Learner {
        makeLearner(LearnerShape(denseCount: denseCount, fieldCount: 1))
    }

    private func fingerprint(_ shape: LearnerShape) -> UInt64 {
        var encoder = StateEncoder()
        encoder.append(type.name)
        encoder.append(task.rawValue)
        encoder.append(UInt64(shape.denseCount))
        encoder.append(UInt64(shape.fieldCount))
        for value in effective { encoder.append(value) }
        return XXH3.hash64(encoder.bytes)
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
        reader.check(
            rules: type.parameters + [calibrate], also: ["type"] + ParameterReader.adaptationKeys,
            planned: [])
        guard let compile = type.compile else { return (nil, reader.problems) }
        let maker = calibrated(scaled(compile(&reader, task), type: type, reader: &reader), task: task, reader: &reader)
        let adaptation = reader.adaptation(task: task, maker: maker)
        guard reader.problems.isEmpty else { return (nil, reader.problems) }
        let specification = ModelSpecification(
            name: name, type: type, task: task, parameters: entries.filter { $0.key != "type" }.text,
            effective: reader.effective.sorted(), adaptation: adaptation, make: adaptation.wrap(maker))
        return (specification, [])
    }

    /// Puts a scaler before the learner where the file or the type asks for one that the learner does not have itself.
    private static func scaled(
        _ maker: @escaping LearnerMaker, type: ModelType, reader: inout ParameterReader
    ) -> LearnerMaker {
        let fallback: FeatureScaling
        switch type.scaling {
        case .none: return maker
        case .before(let scaling): fallback = scaling
        case .within: fallback = .standard
        }
        let scaling =
            FeatureScaling(rawValue: reader.text("scale", default: fallback.rawValue)) ?? fallback
        if scaling == .none || type.scaling == .within && scaling == .standard { return maker }
        return { shape, fingerprint in
            let learner = maker(shape, fingerprint)
            guard let scaler = FeatureScaler(scaling, denseCount: shape.denseCount) else { return learner }
            return ScaledLearner(learner, scaler: scaler, shape: shape)
        }
    }

    /// The key of every model of a binary label.
    static let calibrate = ParameterRule(
        "calibrate", .choice(["none"] + CalibrationMethod.allCases.map(\.rawValue)), default: "none",
        "Mends the probabilities by what came of the earlier ones; for a binary label.")

    /// Puts a calibrator behind the learner where the file asks for one.
    private static func calibrated(
        _ maker: @escaping LearnerMaker, task: LearningTask, reader: inout ParameterReader
    ) -> LearnerMaker {
        guard case .text(let word)? = reader.value(calibrate.key), let method = CalibrationMethod(rawValue: word) else {
            return maker
        }
        guard task == .binary else {
            reader.refuse(calibrate.key, "is for a binary label: it mends the probability of the positive class")
            return maker
        }
        reader.note(calibrate.key, word)
        return { shape, fingerprint in
            CalibratedLearner(maker(shape, fingerprint), calibrator: method.makeCalibrator())
        }
    }

    private static func modelType(from reader: inout ParameterReader) -> ModelType? {
        let built = ModelType.all.filter(\.isBuilt).map(\.name)
        guard let value = reader.value("type") else {
            reader.report(
                ParameterProblem(path: ["type"], message: "a model needs a `type`", allowed: built))
            return nil
        }
        guard case .text(let name) = value else {
            reader.report(
                ParameterProblem(path: ["type"], message: "`type` takes a model's name", allowed: built))
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
                    path: ["type"], message: "model type `\(name)` is not yet built", allowed: built,
                    isNotYet: true))
            return nil
        }
        return type
    }

    private static func misfit(_ type: ModelType, _ task: LearningTask) -> ParameterProblem {
        let fitting = ModelType.all.filter { $0.isBuilt && $0.tasks.contains(task) }.map(\.name)
        let label =
            switch task {
            case .binary: "a binary label"
            case .multiclass: "a label of several classes (`positive:` under `label:` makes it binary)"
            case .regression: "a regression label"
            case .anomaly: "a pipeline without label"
            }
        return ParameterProblem(
            path: ["type"],
            message: "`\(type.name)` does not fit \(label); these do: \(fitting.joined(separator: ", "))",
            allowed: fitting)
    }
}
