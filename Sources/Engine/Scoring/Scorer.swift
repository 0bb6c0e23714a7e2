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
    private var vector: FeatureVector
    private var prediction = Prediction()

    /// A scorer that has learned nothing.
    public init(
        schema: Schema, features: [FeatureSpecification], models specifications: [ModelSpecification],
        keepsScores: Bool = false
    ) throws(FeatureProblem) {
        plan = try FeaturePlan(schema: schema, features: features)
        vector = plan.makeVector()
        models = []
        for specification in specifications {
            let learner = specification.makeLearner(denseCount: plan.denseCount)
            models.append(
                ScoredModel(
                    name: specification.name, learner: learner,
                    metrics: PrequentialMetrics(task: learner.task, keepsScores: keepsScores)))
        }
    }

    /// Predicts one decoded event with every model; their answers are in `models[…].answer`. Changes no learned state.
    public mutating func predict(_ row: borrowing EventRow) {
        plan.fill(&vector, from: row)
        for index in models.indices {
            models[index].learner.predict(vector, into: &prediction)
            models[index].answer = prediction.value
        }
    }

    /// Learns the event that was predicted last, and counts how good the predictions were. `row.label` must be a number.
    public mutating func learn(_ row: borrowing EventRow) {
        let label = row.label
        if plan.sparseCapacity > 0, plan.admitCategories(of: row) { plan.fill(&vector, from: row) }
        for index in models.indices {
            models[index].metrics.record(prediction: models[index].answer, label: label)
            models[index].learner.learn(vector, label: label, weight: 1)
        }
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
