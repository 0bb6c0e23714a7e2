public import Features
public import Learning

/// Everything one task has learned: the feature plan's categories, the label's classes, the models, their figures. Used by
/// the engine and by `eval` alike, so that both give the same predictions for the same events.
///
/// Not thread-safe; one task or one evaluation owns it. Nothing in it reads a clock.
public struct Scorer: ~Copyable {
    /// Fields to numbers.
    public private(set) var plan: FeaturePlan
    /// The first model of the file: its answers are published. Not in an array with the others: what is written for every event
    /// lies in the scorer itself.
    public private(set) var published: ScoredModel
    /// The other models in file order.
    private var others: [ScoredModel]
    /// The names of a multiclass label's classes, by index in the order in which they were first learned; otherwise empty.
    public private(set) var classes: CategoryTable
    /// The published model's whole answer to the event that was predicted last.
    private(set) var publishedAnswer = Prediction()
    /// The published model's learner once more: a constant is used without counting references.
    private let publishedLearner: any Learner
    private let isMulticlass: Bool
    /// Whether some model learns from events without a label.
    let learnsUnlabelled: Bool
    /// Whether some model looks at the key: otherwise none need be computed.
    let usesKey: Bool
    private(set) var vector: FeatureVector
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
        guard let first = scored.first else { preconditionFailure("a scorer has at least one model") }
        vector = plan.makeVector()
        self.plan = plan
        published = first
        others = Array(scored.dropFirst())
        classes = CategoryTable(capacity: LearnableRange.classCountMax)
        publishedLearner = first.learner
        isMulticlass = first.learner.task == .multiclass
        learnsUnlabelled = scored.contains { $0.learner.learnsUnlabelled }
        usesKey = scored.contains { $0.learner.usesKey }
    }

    /// The models in file order; the first is published. Not for the hot path: it copies.
    public var models: [ScoredModel] { [published] + others }

    /// How many models there are.
    var modelCount: Int { others.count + 1 }

    /// Model `index` of the file, in 0..<``modelCount``.
    func model(_ index: Int) -> ScoredModel { index == 0 ? published : others[index - 1] }

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
        publishedLearner.predict(vector, into: &publishedAnswer)
        published.answer = publishedAnswer.value
        for index in others.indices {
            others[index].learner.predict(vector, into: &others[index].full.prediction)
            others[index].answer = others[index].full.prediction.value
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
        publishedLearner.learn(vector, label: label, weight: 1)
        for index in others.indices { others[index].learner.learn(vector, label: label, weight: 1) }
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
        published.metrics.record(publishedAnswer, label: label)
        for index in others.indices { others[index].metrics.record(others[index].full.prediction, label: label) }
    }

    @inline(never)
    private mutating func learnUnlabelled(_ row: borrowing EventRow) {
        admitCategories(of: row)
        if publishedLearner.learnsUnlabelled { publishedLearner.learn(vector, label: .nan, weight: 1) }
        for index in others.indices where others[index].learner.learnsUnlabelled {
            others[index].learner.learn(vector, label: .nan, weight: 1)
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
        let label = isMulticlass && row.hasLabel ? classes.index(of: row.labelText).map(Int.init) : nil
        let truth: Double? = row.hasLabel ? 0 : nil
        return (0..<modelCount).map { index in
            switch (isMulticlass, index) {
            case (false, 0): .number(published.answer)
            case (false, _): .number(others[index - 1].answer)
            case (true, 0): named(publishedAnswer, label, otherwise: truth)
            case (true, _): named(others[index - 1].full.prediction, label, otherwise: truth)
            }
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
