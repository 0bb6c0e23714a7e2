/// A learner that stands before another and decides what that one learns, and when.
protocol WrappingLearner: ExplainingLearner, RateAdjustable {
    var wrapped: any Learner { get }
}

extension WrappingLearner {
    var task: LearningTask { wrapped.task }
    var learnsUnlabelled: Bool { wrapped.learnsUnlabelled }
    var usesKey: Bool { wrapped.usesKey }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        wrapped.predict(features, into: &prediction)
    }

    /// Leaves the explanation without contributions where the wrapped learner cannot explain.
    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation) {
        guard let explaining = wrapped as? any ExplainingLearner else { return explanation.begin(base: 0) }
        explaining.explain(features, into: &explanation)
    }

    /// That of the wrapped learner; without effect, and 1, where it has no learning rate.
    var rateFactor: Double {
        get { rateAdjustable(wrapped)?.rateFactor ?? 1 }
        set { rateAdjustable(wrapped)?.rateFactor = newValue }
    }

    /// Whether the wrapped learner may learn an event at all.
    func accepts(_ label: Double, weight: Double) -> Bool {
        weight > 0 && (wrapped.learnsUnlabelled || LearnableRange.accepts(label, task: wrapped.task))
    }
}

/// The learner behind all wrappers whose steps can be lengthened, if there is one.
func rateAdjustable(_ learner: any Learner) -> (any RateAdjustable)? {
    if let wrapper = learner as? any WrappingLearner { return rateAdjustable(wrapper.wrapped) }
    return learner as? any RateAdjustable
}
