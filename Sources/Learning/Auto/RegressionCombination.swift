/// Experts' numbers as one: a fixed-share mixture whose losses are errors in units of the best candidate's fading mean error,
/// at most 5; a stacker over the experts' differences is one more candidate. The first five events are answered with the last
/// label, while nothing is known of anyone.
final class RegressionCombination: ExpertCombination {
    private static let warmUp: UInt64 = 5
    private static let lossMax = 5.0
    private static let keep = 0.999

    private let expertCount: Int
    private var mixture: FixedShare
    private var stacker: DifferenceStacker
    /// Fading sums of the candidates' errors, and of the events' weights.
    private var errors: [Double]
    private var errorWeight = 0.0
    private var lastLabel = 0.0
    private var learned: UInt64 = 0
    /// The experts' mixture and the stacker's answer for the event seen last.
    private var mixed = 0.0
    private var stacked = 0.0

    init(expertCount: Int) {
        self.expertCount = expertCount
        mixture = FixedShare(count: expertCount + 1)
        stacker = DifferenceStacker(expertCount: expertCount)
        errors = Array(repeating: 0, count: expertCount + 1)
    }

    var memoryByteCount: Int { stacker.memoryByteCount + 2 * (expertCount + 1) * MemoryLayout<Double>.stride }

    func combine(_ answers: ExpertAnswers, into prediction: inout Prediction) {
        var (sum, total) = (0.0, 0.0)
        for expert in 0..<expertCount where answers.isActive(expert) {
            sum += mixture[expert] * answers[expert]
            total += mixture[expert]
        }
        mixed = total > 0 ? sum / total : lastLabel
        for expert in 0..<expertCount {
            stacker.setDifference(expert, answers.isActive(expert) ? answers[expert] - mixed : 0)
        }
        stacked = mixed + stacker.correction()
        if !stacked.isFinite { stacked = mixed }
        let stackerWeight = mixture[expertCount]
        let answer = sum + stackerWeight * stacked
        prediction.value = learned < Self.warmUp || !answer.isFinite ? lastLabel : answer
    }

    func learn(_ answers: ExpertAnswers, label: Double, weight: Double) {
        charge(answers, label: label, weight: weight)
        if learned >= Self.warmUp { stacker.learn(error: label - mixed, weight: weight) }
        lastLabel = label
        learned &+= 1
    }

    private func charge(_ answers: ExpertAnswers, label: Double, weight: Double) {
        // Before the first label nobody could know its size: that event says nothing of anyone.
        guard learned > 0 else { return }
        errorWeight = errorWeight * Self.keep + weight
        var least = Double.infinity
        for candidate in 0...expertCount {
            let error = size(of: candidate, answers, label)
            guard let error else { continue }
            errors[candidate] = errors[candidate] * Self.keep + weight * error
            least = min(least, errors[candidate])
        }
        let unit = least / errorWeight
        for candidate in 0...expertCount {
            guard let error = size(of: candidate, answers, label) else { continue }
            let loss = unit > 0 ? min(Self.lossMax, error / unit) : (error > 0 ? Self.lossMax : 0)
            mixture.charge(candidate, factor: exponential(-FixedShare.learningRate * weight * loss))
        }
        mixture.settle()
    }

    /// The error of a candidate, the stacker last; nil for one that does not take part.
    @inline(__always)
    private func size(of candidate: Int, _ answers: ExpertAnswers, _ label: Double) -> Double? {
        if candidate == expertCount { return abs(label - stacked) }
        return answers.isActive(candidate) ? abs(label - answers[candidate]) : nil
    }

    func weight(_ expert: Int) -> Double { mixture[expert] }

    func setActive(_ expert: Int, _ isActive: Bool) {
        mixture.setActive(expert, isActive)
        // What it was off by while others learned on is not known: it starts as good as the best.
        if isActive { errors[expert] = errors.min() ?? 0 }
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(learned)
        encoder.append(lastLabel)
        encoder.append(errorWeight)
        for error in errors { encoder.append(error) }
        mixture.encode(into: &encoder)
        stacker.encode(into: &encoder)
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let learned = try decoder.uint64()
        let lastLabel = try decoder.double()
        let errorWeight = try decoder.double()
        var errors: [Double] = []
        for _ in 0...expertCount { errors.append(try decoder.double()) }
        guard lastLabel.isFinite, errorWeight >= 0, errors.allSatisfy({ $0 >= 0 }) else { throw .corrupt }
        let mixture = try FixedShare(from: &decoder, count: expertCount + 1)
        let stacker = try DifferenceStacker(from: &decoder, expertCount: expertCount)
        (self.learned, self.lastLabel, self.errorWeight, self.errors) = (learned, lastLabel, errorWeight, errors)
        self.mixture = mixture
        self.stacker = stacker
    }
}
