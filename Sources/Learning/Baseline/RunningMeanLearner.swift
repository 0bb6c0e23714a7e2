/// The mean of the labels so far, or of late; 0 before the first. Ignores the features.
final class RunningMeanLearner: Learner {
    let task: LearningTask = .regression
    private let fading: Double
    private let fingerprint: UInt64
    private var learned: UInt64 = 0
    private var mean = 0.0
    private var weightTotal = 0.0

    /// `fading` is the share of the newest event in the mean, 0..<1; 0 for the mean of all.
    init(fading: Double, fingerprint: UInt64) {
        self.fading = fading
        self.fingerprint = fingerprint
    }

    var learnedCount: UInt64 { learned }
    var memoryByteCount: Int { 3 * MemoryLayout<Double>.size }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) { prediction.value = mean }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, weight <= LearnableRange.magnitudeMax, LearnableRange.accepts(label, task: task) else {
            return
        }
        learned &+= 1
        weightTotal += weight
        var share = weight / weightTotal
        if fading > 0 { share = max(share, weight == 1 ? fading : 1 - power(1 - fading, weight)) }
        mean += (label - mean) * share
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(learned)
            encoder.append(mean)
            encoder.append(weightTotal)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let (learned, mean, total) = (try decoder.uint64(), try decoder.double(), try decoder.double())
            guard decoder.isAtEnd, LearnableRange.accepts(mean, task: task), total >= 0 else { throw .corrupt }
            (self.learned, self.mean, weightTotal) = (learned, mean, total)
        }
    }

    private static let tag = StateTag("MEAN")
}
