/// What `on_drift:` says of a model: who watches its errors, and what happens at a drift.
struct DriftReaction: Sendable, Equatable {
    enum Action: String, Sendable, CaseIterable {
        /// The drift is counted.
        case alert
        /// A new learner begins.
        case reset
        /// Learning rates are multiplied for a while.
        case boost
        /// A new learner grows beside the old one and takes its place once it is better.
        case replace
    }

    static let factorDefault = 10.0
    static let eventsDefault = 1_000

    var detector: DetectorSpecification
    var action: Action
    /// What `boost` multiplies learning rates with.
    var factor = factorDefault
    /// How many events `boost` lasts, or how many a new learner of `replace` gets to become better.
    var events = eventsDefault

    /// The least ``events`` beside a learner that learns `batch` events at a time: a boost has to last until they are learned,
    /// and a new learner has to have learned some before it can be better.
    func eventsMin(batch: Int) -> Int {
        switch action {
        case .alert, .reset: 0
        case .boost: batch
        case .replace: 2 * batch
        }
    }

    /// The same text for the same reaction, in every version.
    var identity: String { "on drift \(action.rawValue) \(factor) \(events) of \(detector.identity)" }
}
