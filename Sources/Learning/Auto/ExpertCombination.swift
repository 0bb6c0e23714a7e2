/// How the answers of experts become one, and how that is learned. One for each task.
protocol ExpertCombination: AnyObject {
    var memoryByteCount: Int { get }
    /// Combines the answers of the active experts.
    func combine(_ answers: ExpertAnswers, into prediction: inout Prediction)
    /// Learns from the label of the event that ``combine(_:into:)`` saw last, counting it `weight` (above 0) times.
    func learn(_ answers: ExpertAnswers, label: Double, weight: Double)
    /// The mixture's weight of `expert`; those of the experts and of the stacker, which comes after them, sum to 1.
    func weight(_ expert: Int) -> Double
    /// Takes an expert out of the mixture, or back in.
    func setActive(_ expert: Int, _ isActive: Bool)
    func encode(into encoder: inout StateEncoder)
    /// On an error nothing changes.
    func decode(from decoder: inout StateDecoder) throws(StateError)
}
