/// `learner` as one that can say why, if it can: a wrapper can if what stands behind all wrappers can.
public func explaining(_ learner: any Learner) -> (any ExplainingLearner)? {
    var inner = learner
    while let wrapper = inner as? any WrappingLearner { inner = wrapper.wrapped }
    return inner is any ExplainingLearner ? learner as? any ExplainingLearner : nil
}

extension ModelSpecification {
    /// Whether its learners can say why they predict what they predict. Makes a learner to find out.
    public var explains: Bool { explaining(makeLearner(denseCount: 0)) != nil }
}

extension ModelType {
    /// Whether models of this type can say why they predict what they predict, in a task that they can do.
    public func explains(_ task: LearningTask) -> Bool {
        guard isBuilt, tasks.contains(task) else { return false }
        let entries = [ParameterEntry("type", .text(name))]
        return ModelSpecification.parse(name: name, entries: entries, task: task).0?.explains ?? false
    }
}
