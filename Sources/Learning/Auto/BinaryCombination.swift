/// Experts' probabilities as one: a fixed-share mixture decides, in which a stacker over the experts' logits is one more
/// candidate; the stacker says how sure that is.
///
/// The mixture loses by deciding wrongly, so it decides well and is a poor probability; the stacker learns the log loss. The
/// answer is the stacker's probability wherever both are on the same side of ½, and the mixture's where they are not: so
/// it decides as the mixture does, and is an honest probability.
final class BinaryCombination: ExpertCombination {
    private static let wrongFactor = exponential(-FixedShare.learningRate)

    private let expertCount: Int
    private var mixture: FixedShare
    private var stacker: LogitStacker
    private var stacked = 0.5

    init(expertCount: Int) {
        self.expertCount = expertCount
        mixture = FixedShare(count: expertCount + 1)
        stacker = LogitStacker(expertCount: expertCount)
    }

    var memoryByteCount: Int { stacker.memoryByteCount + (expertCount + 1) * MemoryLayout<Double>.stride }

    func combine(_ answers: ExpertAnswers, into prediction: inout Prediction) {
        // Distances from ½ are summed, so that experts who all say ½ give ½ to the bit.
        var mixed = 0.0
        for expert in 0..<expertCount {
            guard answers.isActive(expert) else {
                stacker.setInput(expert, nil)
                continue
            }
            let probability = answers[expert]
            stacker.setInput(expert, probability)
            mixed += mixture[expert] * (probability - 0.5)
        }
        stacked = stacker.probability()
        mixed += mixture[expertCount] * (stacked - 0.5)
        prediction.value = (mixed > 0) == (stacked > 0.5) ? stacked : min(max(mixed + 0.5, 0), 1)
    }

    func learn(_ answers: ExpertAnswers, label: Double, weight: Double) {
        let isPositive = label > 0.5
        let factor = weight == 1 ? Self.wrongFactor : exponential(-FixedShare.learningRate * weight)
        for expert in 0..<expertCount where answers.isActive(expert) && (answers[expert] > 0.5) != isPositive {
            mixture.charge(expert, factor: factor)
        }
        if (stacked > 0.5) != isPositive { mixture.charge(expertCount, factor: factor) }
        mixture.settle()
        stacker.learn(predicted: stacked, label: isPositive ? 1 : 0, weight: weight)
    }

    func weight(_ expert: Int) -> Double { mixture[expert] }

    func setActive(_ expert: Int, _ isActive: Bool) { mixture.setActive(expert, isActive) }

    func encode(into encoder: inout StateEncoder) {
        mixture.encode(into: &encoder)
        stacker.encode(into: &encoder)
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let mixture = try FixedShare(from: &decoder, count: expertCount + 1)
        let stacker = try LogitStacker(from: &decoder, expertCount: expertCount)
        self.mixture = mixture
        self.stacker = stacker
    }
}
