public import Features
public import Learning

/// One model at work: its learner and its prequential figures.
public struct ScoredModel {
    /// The name in the pipeline file.
    public let name: String
    /// What predicts and learns.
    public let learner: any Learner
    /// Predict-then-learn figures over every labelled event so far.
    public var metrics: PrequentialMetrics
    /// This event's answer: P(positive) or the value. Meaningful between ``Scorer/predict(_:)`` and the next one.
    public internal(set) var answer = 0.0
}

/// Everything one task has learned: the feature plan's categories, the models, their figures. Used by the engine and by
/// `eval` alike, so that both give the same predictions for the same events.
///
/// Not thread-safe; one task or one evaluation owns it. Nothing in it reads a clock.
public struct Scorer: ~Copyable {
    /// Fields to numbers.
    public private(set) var plan: FeaturePlan
    /// The models in file order; the first is published.
    public private(set) var models: [ScoredModel]
    /// The published model's learner once more: a constant is used without counting references, an array's element is not.
    private let published: any Learner
    private var vector: FeatureVector
    private var prediction = Prediction()
    /// Categories met in predicting that were never learned.
    private var unknownCategories: UInt64 = 0

    /// A scorer that has learned nothing.
    public init(
        schema: Schema, features: [FeatureSpecification], models specifications: [ModelSpecification],
        keepsScores: Bool = false
    ) throws(FeatureProblem) {
        // Everything is made before anything is stored: an initialiser of a noncopyable type that throws or reads halfway
        // through was compiled into one release too many (Swift 6.3.1, -O).
        let plan = try FeaturePlan(schema: schema, features: features)
        let shape = plan.shape
        let learners = specifications.map { $0.makeLearner(shape) }
        guard let first = learners.first else { preconditionFailure("a scorer has at least one model") }
        let scored = zip(specifications, learners).map { specification, learner in
            ScoredModel(
                name: specification.name, learner: learner,
                metrics: PrequentialMetrics(task: learner.task, keepsScores: keepsScores))
        }
        vector = plan.makeVector()
        self.plan = plan
        models = scored
        published = first
    }

    /// Predicts one decoded event with every model; their answers are in `models[…].answer`. Changes no learned state.
    public mutating func predict(_ row: borrowing EventRow) {
        plan.fill(&vector, from: row)
        if plan.sparseCapacity > 0 {
            unknownCategories &+= UInt64(max(0, plan.categoryCount(of: row) - vector.sparseCount))
        }
        published.predict(vector, into: &prediction)
        models[0].answer = prediction.value
        for index in models.indices.dropFirst() {
            models[index].learner.predict(vector, into: &prediction)
            models[index].answer = prediction.value
        }
    }

    /// Learns the event that was predicted last, and counts how good the predictions were. `row.label` must be a number.
    public mutating func learn(_ row: borrowing EventRow) {
        let label = row.label
        if plan.sparseCapacity > 0, plan.admitCategories(of: row) { plan.fill(&vector, from: row) }
        models[0].metrics.record(prediction: models[0].answer, label: label)
        published.learn(vector, label: label, weight: 1)
        for index in models.indices.dropFirst() {
            models[index].metrics.record(prediction: models[index].answer, label: label)
            models[index].learner.learn(vector, label: label, weight: 1)
        }
    }

    /// How many categories were met in predicting, since the last call, that were never learned.
    mutating func takeUnknownCategories() -> UInt64 {
        defer { unknownCategories = 0 }
        return unknownCategories
    }

    /// Appends the whole learned state, metrics included.
    public func encode(into encoder: inout StateEncoder) {
        plan.encode(into: &encoder)
        for model in models {
            model.learner.encode(into: &encoder)
            model.metrics.encode(into: &encoder)
        }
    }
}
