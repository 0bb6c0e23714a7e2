internal import Features
internal import Learning

/// What a task needs to say why: made with the first event, so that a task that explains nothing has nothing of it.
final class Explainer {
    /// The published model; nil for one that cannot say why, whose explanations stay empty.
    let learner: (any ExplainingLearner)?
    let names: ExplanationNames
    var explanation: Explanation

    init(_ scorer: borrowing Scorer, length: Int) {
        learner = explaining(scorer.published.learner)
        names = ExplanationNames(scorer.plan)
        explanation = Explanation(capacity: length)
    }
}

extension TaskState {
    /// Adds to the record last written why the published model predicted what it says. The event is not learned yet.
    @inline(never)
    mutating func explain() {
        let explainer = explainer ?? Explainer(scorer, length: explanationLength)
        self.explainer = explainer
        scorer.explain(with: explainer.learner, into: &explainer.explanation)
        writer.append(explainer.explanation, names: explainer.names, plan: scorer.plan)
    }
}

extension Scorer {
    /// Explains the published model's answer to the event that was predicted last and is not learned yet.
    func explain(with learner: (any ExplainingLearner)?, into explanation: inout Explanation) {
        learner?.explain(vector, into: &explanation)
    }
}
