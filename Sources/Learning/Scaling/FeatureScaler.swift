/// Scales the dense slots of events with statistics of the events learned so far, one statistic a slot.
///
/// Predicting uses the statistics of the events before; learning takes the event in first. A slot never seen scales to 0;
/// an absent one stays absent. A scaled value beyond the learnable range counts as absent.
///
/// An enumeration, as code behind a protocol would not be specialised for the statistics.
enum FeatureScaler {
    case standard(SlotTable<MomentStatistics>)
    case minMax(SlotTable<RangeStatistics>)
    case maxAbs(SlotTable<SizeStatistics>)
    case robust(SlotTable<QuartileStatistics>)

    /// A new scaler of that kind; nil for `none`.
    init?(_ scaling: FeatureScaling, denseCount: Int) {
        switch scaling {
        case .none: return nil
        case .standard: self = .standard(SlotTable(denseCount: denseCount, empty: MomentStatistics()))
        case .minMax: self = .minMax(SlotTable(denseCount: denseCount, empty: RangeStatistics()))
        case .maxAbs: self = .maxAbs(SlotTable(denseCount: denseCount, empty: SizeStatistics()))
        case .robust: self = .robust(SlotTable(denseCount: denseCount, empty: QuartileStatistics()))
        }
    }

    var memoryByteCount: Int {
        switch self {
        case .standard(let slots): slots.memoryByteCount
        case .minMax(let slots): slots.memoryByteCount
        case .maxAbs(let slots): slots.memoryByteCount
        case .robust(let slots): slots.memoryByteCount
        }
    }

    /// Takes the event into the statistics, counting it `weight` (above 0) times.
    func learn(_ features: borrowing FeatureVector, weight: Double) {
        switch self {
        case .standard(let slots): slots.learn(features, weight: weight)
        case .minMax(let slots): slots.learn(features, weight: weight)
        case .maxAbs(let slots): slots.learn(features, weight: weight)
        case .robust(let slots): slots.learn(features, weight: weight)
        }
    }

    /// Writes the scaled event into `scaled`, a vector of the same shape, categories, time and key with it.
    func transform(_ features: borrowing FeatureVector, into scaled: inout FeatureVector) {
        switch self {
        case .standard(let slots): slots.transform(features, into: &scaled)
        case .minMax(let slots): slots.transform(features, into: &scaled)
        case .maxAbs(let slots): slots.transform(features, into: &scaled)
        case .robust(let slots): slots.transform(features, into: &scaled)
        }
    }

    func encode(into encoder: inout StateEncoder) {
        switch self {
        case .standard(let slots): slots.encode(into: &encoder)
        case .minMax(let slots): slots.encode(into: &encoder)
        case .maxAbs(let slots): slots.encode(into: &encoder)
        case .robust(let slots): slots.encode(into: &encoder)
        }
    }

    /// On an error the scaler is unchanged.
    func decode(from decoder: inout StateDecoder) throws(StateError) {
        switch self {
        case .standard(let slots): try slots.decode(from: &decoder)
        case .minMax(let slots): try slots.decode(from: &decoder)
        case .maxAbs(let slots): try slots.decode(from: &decoder)
        case .robust(let slots): try slots.decode(from: &decoder)
        }
    }
}
