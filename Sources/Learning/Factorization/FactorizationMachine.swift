/// A factorisation machine of degree 2 (Rendle 2010): a linear model and, for every pair of features, an interaction whose
/// strength is the product of the two features' vectors of latent factors.
///
/// z = b + Σ wᵢxᵢ + Σ_{i<j} ⟨vᵢ, vⱼ⟩ xᵢxⱼ, the last sum by Rendle's identity ½ Σ_f ((Σ vᵢ_f xᵢ)² − Σ (vᵢ_f xᵢ)²) in
/// O(features · factors). Stochastic gradient descent on the log loss (binary) or the squared error (regression), every
/// gradient by the state before the event. A weight of w multiplies the gradient. What was never learned contributes nothing;
/// neither do absent values. A regression's step is shortened where it would, to first order, go beyond the label (as
/// normalised least mean squares does): products of factors otherwise let one large error grow into the next. A model that
/// diverged all the same says 0.5 or 0 and takes part no more.
@safe final class FactorizationMachine: Learner {
    /// Categories from this index on are not learned.
    static let categoryCountMax = 1 << 16
    /// Gradients are cut off at this size.
    private static let gradientMax = 1e12

    let task: LearningTask
    private let fingerprint: UInt64
    private let parameters: FactorizationParameters
    private let denseCount: Int
    private let slots: LatentRows
    private let categories: LatentRows
    /// By pair of factors: Σ vᵢxᵢ of the event at hand.
    private let sums: UnsafeMutablePointer<SIMD2<Double>>
    private var scalars = Scalars()

    private struct Scalars {
        var learnedCount: UInt64 = 0
        var intercept = 0.0
    }

    init(task: LearningTask, parameters: FactorizationParameters, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        self.fingerprint = fingerprint
        self.parameters = parameters
        denseCount = shape.denseCount
        slots = LatentRows(kind: 1, countMax: max(1, shape.denseCount), parameters: parameters)
        categories = LatentRows(kind: 2, countMax: Self.categoryCountMax, parameters: parameters)
        unsafe sums = .allocate(capacity: slots.pairCount)
        unsafe sums.initialize(repeating: .zero, count: slots.pairCount)
    }

    deinit { unsafe sums.deallocate() }

    var learnedCount: UInt64 { scalars.learnedCount }
    var memoryByteCount: Int { slots.memoryByteCount + categories.memoryByteCount + slots.pairCount * 16 }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        let score = score(features)
        prediction.value = task == .binary ? sigmoid(score) : score.isFinite ? score : 0
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, weight <= LearnableRange.magnitudeMax, LearnableRange.accepts(label, task: task) else {
            return
        }
        scalars.learnedCount &+= 1
        makeRows(features)
        let score = score(features)
        guard score.isFinite else { return }
        let slope =
            task == .binary ? logisticGradient(score: score, sign: label > 0.5 ? 1 : -1) : 2 * (score - label)
        var gradient = weight * max(-Self.gradientMax, min(Self.gradientMax, slope))
        if task == .regression { gradient /= max(1, 2 * weight * reach(features)) }
        scalars.intercept -= parameters.learningRate * gradient
        for slot in 0..<denseCount {
            let value = features[slot]
            if !value.isNaN, let row = unsafe slots.row(slot) { unsafe descend(row, value, gradient) }
        }
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            if let row = unsafe categories.row(Int(entry.index)) { unsafe descend(row, entry.value, gradient) }
        }
    }

    private func makeRows(_ features: borrowing FeatureVector) {
        for slot in 0..<denseCount where !features[slot].isNaN { _ = unsafe slots.makingRow(slot) }
        for position in 0..<features.sparseCount {
            _ = unsafe categories.makingRow(Int(features.sparseEntry(position).index))
        }
    }

    /// z under the present state; leaves Σ vᵢxᵢ in `sums`. It can be infinite or NaN once a model diverged.
    @inline(__always)
    private func score(_ features: borrowing FeatureVector) -> Double {
        precondition(features.denseCount == denseCount)
        unsafe sums.update(repeating: .zero, count: slots.pairCount)
        var linear = scalars.intercept
        var squares = SIMD2<Double>.zero
        for slot in 0..<denseCount {
            let value = features[slot]
            if !value.isNaN, let row = unsafe slots.row(slot) {
                unsafe linear += add(row, value, to: &squares)
            }
        }
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            if let row = unsafe categories.row(Int(entry.index)) {
                unsafe linear += add(row, entry.value, to: &squares)
            }
        }
        var interactions = SIMD2<Double>.zero
        for index in 0..<slots.pairCount { unsafe interactions += sums[index] * sums[index] }
        interactions -= squares
        return linear + 0.5 * (interactions[0] + interactions[1])
    }

    /// How far a step by a gradient of 1 moves z, to first order: lr·(1 + Σ xᵢ²) + lr_v·Σ xᵢ²·(Σ_f − v_f·xᵢ)². Needs `sums`.
    private func reach(_ features: borrowing FeatureVector) -> Double {
        var reach = parameters.learningRate
        for slot in 0..<denseCount {
            let value = features[slot]
            if !value.isNaN, let row = unsafe slots.row(slot) { unsafe reach += self.reach(row, value) }
        }
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            if let row = unsafe categories.row(Int(entry.index)) { unsafe reach += self.reach(row, entry.value) }
        }
        return reach
    }

    @inline(__always)
    private func reach(_ row: UnsafeMutablePointer<SIMD2<Double>>, _ value: Double) -> Double {
        var squares = SIMD2<Double>.zero
        for index in 0..<slots.pairCount {
            let slope = unsafe sums[index] - row[1 + index] * value
            squares += slope * slope
        }
        return value * value * (parameters.learningRate + parameters.factorLearningRate * (squares[0] + squares[1]))
    }

    /// Adds one feature to `sums` and its squares to `squares`; its linear part is returned.
    @inline(__always)
    private func add(
        _ row: UnsafeMutablePointer<SIMD2<Double>>, _ value: Double, to squares: inout SIMD2<Double>
    ) -> Double {
        for index in 0..<slots.pairCount {
            let part = unsafe row[1 + index] * value
            unsafe sums[index] += part
            squares += part * part
        }
        return unsafe row[0][0] * value
    }

    /// One step: w −= lr·(g·x + l2·w);  v_f −= lr·(g·x·(Σ_f − v_f·x) + l2·v_f).
    @inline(__always)
    private func descend(_ row: UnsafeMutablePointer<SIMD2<Double>>, _ value: Double, _ gradient: Double) {
        let step = gradient * value
        unsafe row[0][0] -= parameters.learningRate * (step + parameters.l2 * row[0][0])
        for index in 0..<slots.pairCount {
            let factors = unsafe row[1 + index]
            let slope = unsafe step * (sums[index] - factors * value) + parameters.factorL2 * factors
            unsafe row[1 + index] = factors - parameters.factorLearningRate * slope
        }
    }
}

// MARK: - State

extension FactorizationMachine {
    private static let tag = StateTag("FACM")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(scalars.learnedCount)
            encoder.append(scalars.intercept)
            slots.encode(into: &encoder)
            categories.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let (scalars, slotRows, categoryRows) = try decoder.section(Self.tag, newest: 1) {
            decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let learnedCount = try decoder.uint64()
            let scalars = Scalars(learnedCount: learnedCount, intercept: try decoder.double())
            return (scalars, try slots.decoded(from: &decoder), try categories.decoded(from: &decoder))
        }
        self.scalars = scalars
        slots.replace(by: slotRows)
        categories.replace(by: categoryRows)
    }
}
