/// Experts' distributions over classes as one, in the manner of ``BinaryCombination``: a fixed-share mixture decides, a
/// stacker is one of its candidates and gives the probabilities wherever both decide for the same class.
final class MulticlassCombination: ExpertCombination {
    private static let wrongFactor = exponential(-FixedShare.learningRate)

    private let expertCount: Int
    private var mixture: FixedShare
    private var stacker: ClassStacker
    private var stacked = Prediction()

    init(expertCount: Int) {
        self.expertCount = expertCount
        mixture = FixedShare(count: expertCount + 1)
        stacker = ClassStacker(expertCount: expertCount)
    }

    var memoryByteCount: Int { stacker.memoryByteCount + (expertCount + 1) * MemoryLayout<Double>.stride }

    func combine(_ answers: ExpertAnswers, into prediction: inout Prediction) {
        let classCount = answers.classCount
        prediction.reserveClasses(classCount)
        stacked.reserveClasses(classCount)
        guard classCount > 0 else {
            prediction.value = 0
            stacked.value = 0
            return
        }
        stacker.predict(answers, into: &stacked)
        stacked.decideClass()
        for index in 0..<classCount {
            var mixed = mixture[expertCount] * stacked[index]
            for expert in 0..<expertCount where answers.isActive(expert) {
                mixed += mixture[expert] * answers.probability(expert, index)
            }
            prediction[index] = mixed
        }
        prediction.decideClass()
        if prediction.value == stacked.value {
            for index in 0..<classCount { prediction[index] = stacked[index] }
        } else {
            normalize(&prediction)
        }
    }

    /// Experts that know no class yet leave less than a whole.
    private func normalize(_ prediction: inout Prediction) {
        var total = 0.0
        for index in 0..<prediction.classCount { total += prediction[index] }
        guard total > 0 else { return }
        for index in 0..<prediction.classCount { prediction[index] /= total }
    }

    func learn(_ answers: ExpertAnswers, label: Double, weight: Double) {
        guard let index = LearnableRange.classIndex(label, task: .multiclass) else { return }
        let factor = weight == 1 ? Self.wrongFactor : exponential(-FixedShare.learningRate * weight)
        // A class that is new was predicted by nobody: all lose alike.
        for expert in 0..<expertCount where answers.isActive(expert) && answers[expert] != Double(index) {
            mixture.charge(expert, factor: factor)
        }
        if stacked.value != Double(index) { mixture.charge(expertCount, factor: factor) }
        mixture.settle()
        guard index < answers.classCount else { return }
        stacker.learn(answers, predicted: stacked, label: index, weight: weight)
    }

    func weight(_ expert: Int) -> Double { mixture[expert] }

    func setActive(_ expert: Int, _ isActive: Bool) { mixture.setActive(expert, isActive) }

    func encode(into encoder: inout StateEncoder) {
        mixture.encode(into: &encoder)
        stacker.encode(into: &encoder)
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let mixture = try FixedShare(from: &decoder, count: expertCount + 1)
        let stacker = try ClassStacker(from: &decoder, expertCount: expertCount)
        self.mixture = mixture
        self.stacker = stacker
    }
}
