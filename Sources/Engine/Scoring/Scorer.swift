public import Features
public import Learning

/// Everything one task has learned: the feature plan's categories, the label's classes, the models, their figures. Used by
/// the engine and by `eval` alike, so that both give the same predictions for the same events.
///
/// Not thread-safe; one task or one evaluation owns it. Nothing in it reads a clock.
public struct Scorer: ~Copyable {
    /// Fields to numbers.
    public private(set) var plan: FeaturePlan
    /// The models in file order; the first is published.
    public private(set) var models: [ScoredModel]
    /// The names of a multiclass label's classes, by index in the order in which they were first learned; otherwise empty.
    public private(set) var classes: CategoryTable
    /// The published model's whole answer to the event that was predicted last.
    private(set) var publishedAnswer = Prediction()
    /// The published model's learner once more: a constant is used without counting references, an array's element is not.
    private let published: any Learner
    private let isMulticlass: Bool
    /// Whether some model learns from events without a label.
    let learnsUnlabelled: Bool
    private var vector: FeatureVector
    private var keyHash: UInt64 = 0
    private var recordTime: Int64?
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
        let scored = specifications.map {
            ScoredModel(
                name: $0.name, learner: $0.makeLearner(shape), keepsScores: keepsScores, quantile: $0.quantile)
        }
        guard let first = scored.first?.learner else { preconditionFailure("a scorer has at least one model") }
        vector = plan.makeVector()
        self.plan = plan
        models = scored
        classes = CategoryTable(capacity: LearnableRange.classCountMax)
        published = first
        isMulticlass = first.task == .multiclass
        learnsUnlabelled = scored.contains { $0.learner.learnsUnlabelled }
    }

    /// Predicts one decoded event with every model; their answers are in `models[…].answer`. Changes no learned state.
    ///
    /// `keyHash` is of the record's key, 0 without one; `recordTime`, in milliseconds, is the event's time where the row has
    /// none.
    public mutating func predict(_ row: borrowing EventRow, keyHash: UInt64 = 0, recordTime: Int64? = nil) {
        self.keyHash = keyHash
        self.recordTime = recordTime
        fill(from: row)
        if plan.sparseCapacity > 0 {
            unknownCategories &+= UInt64(max(0, plan.categoryCount(of: row) - vector.sparseCount))
        }
        published.predict(vector, into: &publishedAnswer)
        models[0].answer = publishedAnswer.value
        for index in models.indices.dropFirst() {
            models[index].learner.predict(vector, into: &models[index].full.prediction)
            models[index].answer = models[index].full.prediction.value
        }
    }

    /// Learns the event that was predicted last, and counts how good the predictions were. Without a label only those
    /// models learn that need none.
    public mutating func learn(_ row: borrowing EventRow) -> LearnOutcome {
        var label = row.label
        if isMulticlass, row.hasLabel {
            guard let index = classes.admit(row.labelText) else { return .classRefused }
            label = Double(index)
        }
        guard label.isFinite else {
            if learnsUnlabelled { learnUnlabelled(row) }
            return .unlabelled
        }
        admitCategories(of: row)
        record(label)
        published.learn(vector, label: label, weight: 1)
        for index in models.indices.dropFirst() {
            models[index].learner.learn(vector, label: label, weight: 1)
        }
        return .labelled
    }

    @inline(__always)
    private mutating func fill(from row: borrowing EventRow) {
        plan.fill(&vector, from: row)
        if vector.eventTime == nil { vector.eventTime = recordTime }
        vector.keyHash = keyHash
    }

    @inline(__always)
    private mutating func admitCategories(of row: borrowing EventRow) {
        if plan.sparseCapacity > 0, plan.admitCategories(of: row) { fill(from: row) }
    }

    @inline(__always)
    private mutating func record(_ label: Double) {
        models[0].metrics.record(publishedAnswer, label: label)
        for index in models.indices.dropFirst() {
            models[index].metrics.record(models[index].full.prediction, label: label)
        }
    }

    @inline(never)
    private mutating func learnUnlabelled(_ row: borrowing EventRow) {
        admitCategories(of: row)
        for model in models where model.learner.learnsUnlabelled {
            model.learner.learn(vector, label: .nan, weight: 1)
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
        if isMulticlass { classes.encode(into: &encoder) }
        for model in models {
            model.learner.encode(into: &encoder)
            model.metrics.encode(into: &encoder)
        }
    }
}

/// What `eval` shows of the answers.
extension Scorer {
    /// Every model's answer to the event that was predicted last, in file order; `row` is that event.
    func answers(of row: borrowing EventRow) -> [EvaluatedAnswer] {
        models.indices.map { index in
            guard isMulticlass else { return .number(models[index].answer) }
            let label = row.hasLabel ? classes.index(of: row.labelText).map(Int.init) : nil
            let truth: Double? = row.hasLabel ? 0 : nil
            return index == 0
                ? named(publishedAnswer, label, otherwise: truth)
                : named(models[index].full.prediction, label, otherwise: truth)
        }
    }

    /// The best class by name; the probability of class `label`, or the other one where the model does not know the class.
    private func named(
        _ prediction: borrowing Prediction, _ label: Int?, otherwise: Double?
    ) -> EvaluatedAnswer {
        let count = min(prediction.classCount, classes.count)
        var name: String?
        if let best = Int(exactly: prediction.value), best >= 0, best < count { name = classes.nameText(best) }
        guard let label, label < count else { return .class(name, truth: otherwise) }
        return .class(name, truth: prediction[label])
    }
}
