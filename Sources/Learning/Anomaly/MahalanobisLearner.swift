/// Scores an event by its squared Mahalanobis distance from the running mean, under the running covariance of all features
/// together: it notices values that are usual each by itself and strange as a combination.
///
/// The distance is that of a normal distribution, so its square follows χ² with as many degrees of freedom as features are
/// judged (present, and learned before), and ``AnomalyScore`` makes the score of the tail. Before d + 2 events were
/// learned, d features being judged, the score is 0. The label is ignored.
///
/// What is kept is the Cholesky factor L of ridge·I + Σ(x−m)(x−m)ᵀ; each event is a rank-one update of it, which is a row of
/// rotations and never loses the positive sign (Gill, Golub, Murray and Saunders, Methods for modifying matrix
/// factorizations, 1974, method C1), and the distance is one forward substitution.
///
/// An absent value counts as the mean of its feature: it adds nothing, and takes nothing from the others; each feature has
/// its own count. A value larger than ``magnitudeMax`` counts as absent, so that no sum overflows.
@safe final class MahalanobisLearner: Learner {
    /// Largest size of a value that takes part.
    static let magnitudeMax = 1e140

    let task: LearningTask
    let denseCount: Int
    let fingerprint: UInt64
    private let score: AnomalyScore
    let slots: UnsafeMutablePointer<Slot>
    /// The lower triangle by columns: column k holds rows k to the last.
    let factor: UnsafeMutablePointer<Double>
    /// One vector of `denseCount`, overwritten by every call.
    private let scratch: UnsafeMutablePointer<Double>
    var learnedCount: UInt64 = 0

    struct Slot {
        var count = 0.0
        var mean = 0.0
    }

    init(task: LearningTask, tail: Double, ridge: Double, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        self.fingerprint = fingerprint
        denseCount = shape.denseCount
        score = AnomalyScore(tail: tail)
        let room = max(denseCount, 1)
        unsafe slots = .allocate(capacity: room)
        unsafe slots.initialize(repeating: Slot(), count: room)
        unsafe scratch = .allocate(capacity: room)
        unsafe scratch.initialize(repeating: 0, count: room)
        let size = room * (room + 1) / 2
        unsafe factor = .allocate(capacity: size)
        unsafe factor.initialize(repeating: 0, count: size)
        var diagonal = 0
        for column in 0..<denseCount {
            unsafe factor[diagonal] = ridge.squareRoot()
            diagonal += denseCount - column
        }
    }

    deinit {
        unsafe slots.deallocate()
        unsafe scratch.deallocate()
        unsafe factor.deallocate()
    }

    var learnsUnlabelled: Bool { true }
    var factorCount: Int { denseCount * (denseCount + 1) / 2 }
    var memoryByteCount: Int {
        denseCount * (MemoryLayout<Slot>.stride + MemoryLayout<Double>.stride)
            + factorCount * MemoryLayout<Double>.stride
    }

    /// D² = |L⁻¹y|² with yᵢ = (xᵢ − mᵢ)·√nᵢ, the count going with each feature because each has its own.
    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        precondition(features.denseCount == denseCount)
        prediction.value = 0
        var judged = 0
        for index in 0..<denseCount {
            let slot = unsafe slots[index]
            let value = features[index]
            let takesPart = slot.count > 0 && value.magnitude <= Self.magnitudeMax
            judged += takesPart ? 1 : 0
            unsafe scratch[index] = takesPart ? (value - slot.mean) * slot.count.magnitude.squareRoot() : 0
        }
        guard judged > 0, learnedCount >= UInt64(judged) + 2 else { return }
        let surprise = AnomalyScore.chiSquareSurprise(squaredLength(), freedom: Double(judged))
        prediction.value = score.score(surprise: surprise)
    }

    /// |L⁻¹y|² of the vector in `scratch`, which is used up. Infinite where it leaves the numbers.
    private func squaredLength() -> Double {
        var sum = 0.0
        var column = unsafe factor
        for index in 0..<denseCount {
            let count = denseCount - index
            let part = unsafe scratch[index] / column[0]
            sum += part * part
            for row in 1..<max(count, 1) { unsafe scratch[index + row] -= column[row] * part }
            unsafe column += count
        }
        return sum.isNaN ? .infinity : sum
    }

    /// Adds w·n/(n + w)·(x−m)(x−m)ᵀ, Welford's step, and moves the means.
    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        precondition(features.denseCount == denseCount)
        guard weight > 0 else { return }
        learnedCount &+= 1
        for index in 0..<denseCount {
            var slot = unsafe slots[index]
            let value = features[index]
            guard value.magnitude <= Self.magnitudeMax else {
                unsafe scratch[index] = 0
                continue
            }
            let distance = value - slot.mean
            let before = slot.count
            slot.count += weight
            let share = weight / slot.count
            unsafe scratch[index] = distance * (before * share).magnitude.squareRoot()
            slot.mean += distance * share
            unsafe slots[index] = slot
        }
        rotate()
    }

    /// L Lᵀ + y yᵀ for the vector y in `scratch`, which is used up.
    private func rotate() {
        var column = unsafe factor
        for index in 0..<denseCount {
            let count = denseCount - index
            let part = unsafe scratch[index]
            if part != 0 {
                let diagonal = unsafe column[0]
                let length = (diagonal * diagonal + part * part).magnitude.squareRoot()
                let cosine = length / diagonal
                let sine = part / diagonal
                unsafe column[0] = length
                for row in 1..<max(count, 1) {
                    let turned = unsafe (column[row] + sine * scratch[index + row]) / cosine
                    unsafe scratch[index + row] = cosine * scratch[index + row] - sine * turned
                    unsafe column[row] = turned
                }
            }
            unsafe column += count
        }
    }
}
