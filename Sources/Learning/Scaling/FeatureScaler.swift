/// Scales the dense slots of events with statistics of the events learned so far, one statistic a slot.
///
/// Predicting uses the statistics of the events before; learning takes the event in first. A slot never seen scales to 0;
/// an absent one stays absent. A scaled value beyond the learnable range counts as absent.
protocol FeatureScaler: AnyObject {
    var memoryByteCount: Int { get }
    /// Takes the event into the statistics, counting it `weight` (above 0) times.
    func learn(_ features: borrowing FeatureVector, weight: Double)
    /// Writes the scaled event into `scaled`, a vector of the same shape, categories, time and key with it.
    func transform(_ features: borrowing FeatureVector, into scaled: inout FeatureVector)
    func encode(into encoder: inout StateEncoder)
    /// On an error the scaler is unchanged.
    func decode(from decoder: inout StateDecoder) throws(StateError)
}
