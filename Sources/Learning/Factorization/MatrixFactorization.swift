/// Biased matrix factorisation for ratings (Koren, Bell and Volinsky 2009): the value of the pair of a user and an item.
///
/// ŷ = μ + b_u + b_i + ⟨p_u, q_i⟩, with μ the running mean of the labels; with the error e = y − ŷ one step of stochastic
/// gradient descent an event: b += lr·(e − l2·b), p_u += lr·(e·q_i − l2·p_u), q_i += lr·(e·p_u − l2·q_i).
///
/// The user is the category of the first categorical field, the item that of the second; numeric features and further fields
/// play no part. An unknown or missing user or item contributes nothing, so a new user gets the item's average; an event that
/// lacks one of the two teaches the mean and the bias of the other. A weight of w multiplies the error.
@safe final class MatrixFactorization: Learner {
    /// Categories of both fields from this index on are not learned.
    static let categoryCountMax = 1 << 17

    var task: LearningTask { .regression }
    private let fingerprint: UInt64
    private let parameters: FactorizationParameters
    private let users: LatentRows
    private let items: LatentRows
    private var scalars = Scalars()

    private struct Scalars {
        var learnedCount: UInt64 = 0
        var weightTotal = 0.0
        var mean = 0.0
    }

    init(parameters: FactorizationParameters, fingerprint: UInt64) {
        self.fingerprint = fingerprint
        self.parameters = parameters
        users = LatentRows(kind: 3, countMax: Self.categoryCountMax, parameters: parameters)
        items = LatentRows(kind: 4, countMax: Self.categoryCountMax, parameters: parameters)
    }

    var learnedCount: UInt64 { scalars.learnedCount }
    var memoryByteCount: Int { users.memoryByteCount + items.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        let user = unsafe users.row(Self.index(features, field: 0))
        let item = unsafe items.row(Self.index(features, field: 1))
        let value = unsafe self.value(user, item)
        prediction.value = value.isFinite ? value : scalars.mean
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, weight <= LearnableRange.magnitudeMax, LearnableRange.accepts(label, task: task) else {
            return
        }
        scalars.learnedCount &+= 1
        scalars.weightTotal += weight
        scalars.mean += (label - scalars.mean) * (weight / scalars.weightTotal)
        let user = unsafe users.makingRow(Self.index(features, field: 0))
        let item = unsafe items.makingRow(Self.index(features, field: 1))
        let error = unsafe weight * (label - value(user, item))
        guard error.isFinite else { return }
        if let user = unsafe user { unsafe descend(user, error) }
        if let item = unsafe item { unsafe descend(item, error) }
        guard let user = unsafe user, let item = unsafe item else { return }
        let (rate, l2) = (parameters.factorLearningRate, parameters.factorL2)
        for index in 1...users.pairCount {
            let (p, q) = unsafe (user[index], item[index])
            unsafe user[index] = p + rate * (error * q - l2 * p)
            unsafe item[index] = q + rate * (error * p - l2 * q)
        }
    }

    /// The category in one of the first two fields, −1 for none.
    @inline(__always)
    private static func index(_ features: borrowing FeatureVector, field: Int32) -> Int {
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            if entry.field == field { return Int(entry.index) }
        }
        return -1
    }

    @inline(__always)
    private func value(
        _ user: UnsafeMutablePointer<SIMD2<Double>>?, _ item: UnsafeMutablePointer<SIMD2<Double>>?
    ) -> Double {
        var value = scalars.mean
        if let user = unsafe user { unsafe value += user[0][0] }
        if let item = unsafe item { unsafe value += item[0][0] }
        guard let user = unsafe user, let item = unsafe item else { return value }
        var product = SIMD2<Double>.zero
        for index in 1...users.pairCount { unsafe product += user[index] * item[index] }
        return value + (product[0] + product[1])
    }

    @inline(__always)
    private func descend(_ row: UnsafeMutablePointer<SIMD2<Double>>, _ error: Double) {
        unsafe row[0][0] += parameters.learningRate * (error - parameters.l2 * row[0][0])
    }
}

// MARK: - State

extension MatrixFactorization {
    private static let tag = StateTag("MXFC")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(scalars.learnedCount)
            encoder.append(scalars.weightTotal)
            encoder.append(scalars.mean)
            users.encode(into: &encoder)
            items.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let (scalars, userRows, itemRows) = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let learnedCount = try decoder.uint64()
            let weightTotal = try decoder.double()
            let scalars = Scalars(learnedCount: learnedCount, weightTotal: weightTotal, mean: try decoder.double())
            guard scalars.mean.isFinite, weightTotal >= 0 else { throw .corrupt }
            return (scalars, try users.decoded(from: &decoder), try items.decoded(from: &decoder))
        }
        self.scalars = scalars
        users.replace(by: userRows)
        items.replace(by: itemRows)
    }
}
