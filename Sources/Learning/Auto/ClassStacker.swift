/// Softmax regression over the experts' log probabilities with one weight an expert, whatever the class: it starts as their
/// geometric mean. Learned by AdaGrad on the log loss.
///
/// Source: logarithmic opinion pooling, Genest and Zidek, Statistical Science 1, 1986; Duchi, Hazan, Singer, JMLR 12, 2011.
/// Complexity: O(experts · classes) an event.
@safe struct ClassStacker: ~Copyable {
    /// Probabilities below this count as this.
    private static let probabilityMin = 0.01
    private static let rate = 0.1

    private let expertCount: Int
    private let weights: UnsafeMutablePointer<Double>
    private let squares: UnsafeMutablePointer<Double>

    init(expertCount: Int) {
        precondition(expertCount > 0)
        self.expertCount = expertCount
        unsafe weights = .allocate(capacity: expertCount)
        unsafe weights.initialize(repeating: 1 / Double(expertCount), count: expertCount)
        unsafe squares = .allocate(capacity: expertCount)
        unsafe squares.initialize(repeating: 0, count: expertCount)
    }

    deinit {
        unsafe weights.deallocate()
        unsafe squares.deallocate()
    }

    var memoryByteCount: Int { 2 * expertCount * MemoryLayout<Double>.stride }

    @inline(__always)
    private static func input(_ answers: ExpertAnswers, _ expert: Int, _ index: Int) -> Double {
        logarithm(max(answers.probability(expert, index), probabilityMin))
    }

    /// Writes the classes' probabilities into `prediction`, which has room for them.
    func predict(_ answers: ExpertAnswers, into prediction: inout Prediction) {
        let classCount = answers.classCount
        var largest = -Double.infinity
        for index in 0..<classCount {
            var score = 0.0
            for expert in 0..<expertCount where answers.isActive(expert) {
                unsafe score += weights[expert] * Self.input(answers, expert, index)
            }
            prediction[index] = score
            largest = max(largest, score)
        }
        var total = 0.0
        for index in 0..<classCount {
            prediction[index] = exponential(prediction[index] - largest)
            total += prediction[index]
        }
        for index in 0..<classCount { prediction[index] /= total }
    }

    /// Learns that the event, of which `predicted` was said, was of class `label`, `weight` times.
    func learn(_ answers: ExpertAnswers, predicted: borrowing Prediction, label: Int, weight: Double) {
        for expert in 0..<expertCount where answers.isActive(expert) {
            var gradient = 0.0
            for index in 0..<answers.classCount {
                let error = predicted[index] - (index == label ? 1 : 0)
                gradient += error * Self.input(answers, expert, index)
            }
            gradient *= weight
            unsafe squares[expert] += gradient * gradient
            guard gradient != 0 else { continue }
            unsafe weights[expert] -= Self.rate * gradient / (squares[expert] + 1e-8).squareRoot()
        }
    }

    func encode(into encoder: inout StateEncoder) {
        for expert in 0..<expertCount {
            unsafe encoder.append(weights[expert])
            unsafe encoder.append(squares[expert])
        }
    }

    /// The encoded stacker of `expertCount` experts; numbers that are not finite are corrupt.
    init(from decoder: inout StateDecoder, expertCount: Int) throws(StateError) {
        var values: [Double] = []
        for _ in 0..<2 * expertCount { values.append(try decoder.double()) }
        guard values.allSatisfy(\.isFinite) else { throw .corrupt }
        self.init(expertCount: expertCount)
        for expert in 0..<expertCount {
            unsafe weights[expert] = values[2 * expert]
            unsafe squares[expert] = values[2 * expert + 1]
        }
    }
}
