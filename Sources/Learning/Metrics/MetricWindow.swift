/// Which recent events a recent figure is of.
///
/// A window changes nothing but the recent figures: those over all events stay as they are.
public enum MetricWindow: Sendable, Equatable {
    /// All events, with weights that fall by `factor` an event (fading factors, Gama, Sebastião & Rodrigues 2013), so that
    /// n = 1 / (1 − factor) events count in effect. `factor` is in 0.5...0.99999999. Weights fall in steps of n / 32 events,
    /// 1...16: the events of the step that is being filled weigh 1, those of the one before factor^step, and so on.
    ///
    /// Memory is constant, a figure costs the same to record and to read as one over all events. The ROC AUC is a sketch.
    case fading(factor: Double)
    /// The last `events` (1...1,000,000) events, all with weight 1; every figure is exact. Memory: 32 bytes an event, 56
    /// in multiclass tasks; a figure is computed from the events when it is read: O(events).
    case sliding(events: Int)

    /// A fading window in which about 1,000 events count: what a model's recent figures are taken over unless said.
    public static let standard = MetricWindow.fading(factor: 0.999)

    /// Whether the factor or the number of events is in its range; metrics cannot be made with a window that is not.
    public var isValid: Bool {
        switch self {
        case .fading(let factor): factor >= 0.5 && factor <= 0.999_999_99
        case .sliding(let events): events >= 1 && events <= 1_000_000
        }
    }
}
