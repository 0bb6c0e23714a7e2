/// Bernoulli naive Bayes: each numeric feature is a yes or no, yes above the threshold, with
/// P(yes | class) = (events of the class with yes + alpha) / (events of the class that have the feature + 2·alpha).
///
/// A no speaks as a yes does; an absent value contributes nothing and is not learned. Categories contribute the smoothed
/// likelihood of ``CategoryCounts``: present ones only. A weight of w counts an event w times.
@safe final class BernoulliBayes: MergeableLearner {
    let task: LearningTask
    private let alpha: Double
    private let threshold: Double
    private let fingerprint: UInt64
    private let denseCount: Int
    private let classes: ClassTable<Pair>
    private let categories: CategoryCounts

    /// Two neighbouring features within one class.
    struct Pair {
        /// Weight of the events in which the feature was present.
        var count = SIMD2<Double>.zero
        /// Weight of those in which it was a yes.
        var yesCount = SIMD2<Double>.zero
        /// P(yes) and P(no); derived.
        private(set) var yes = SIMD2(repeating: 0.5)
        private(set) var no = SIMD2(repeating: 0.5)

        /// Computes what is derived.
        @inline(__always)
        mutating func refresh(alpha: Double) {
            let reciprocal = 1 / (count + 2 * alpha)
            yes = (yesCount + alpha) * reciprocal
            no = (count - yesCount + alpha) * reciprocal
        }
    }

    init(task: LearningTask, alpha: Double, threshold: Double, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        self.alpha = alpha
        self.threshold = threshold
        self.fingerprint = fingerprint
        denseCount = shape.denseCount
        classes = ClassTable(pairCount: (shape.denseCount + 1) / 2, empty: Pair())
        categories = CategoryCounts(fieldCount: shape.fieldCount)
    }

    var learnedCount: UInt64 { classes.learnedCount }
    var memoryByteCount: Int { classes.memoryByteCount + categories.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        precondition(features.denseCount == denseCount)
        for label in 0..<classes.classCount {
            let count = classes.count(of: label)
            guard count > 0 else {
                classes.setProduct(label, LikelihoodProduct(0))
                continue
            }
            let row = unsafe classes.row(of: label)
            var lanes = PairProduct()
            for index in 0..<classes.pairCount {
                let values = features.pair(index)
                let likelihood = unsafe row[index].no.replacing(with: row[index].yes, where: values .> threshold)
                lanes.multiply(by: likelihood.replacing(with: 1, where: values .!= values))
            }
            classes.setProduct(label, LikelihoodProduct(count, lanes: lanes))
        }
        if features.sparseCount > 0 { classes.multiplyCategories(features, categories, alpha: alpha) }
        classes.conclude(task, into: &prediction)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, weight <= LearnableRange.magnitudeMax, LearnableRange.accepts(label, task: task),
            let label = LearnableRange.classIndex(label, task: task)
        else { return }
        precondition(features.denseCount == denseCount)
        classes.add(label, weight: weight)
        let row = unsafe classes.row(of: label)
        let none = SIMD2<Double>.zero
        for index in 0..<classes.pairCount {
            let values = features.pair(index)
            unsafe row[index].count += none.replacing(with: weight, where: values .== values)
            unsafe row[index].yesCount += none.replacing(with: weight, where: values .> threshold)
            unsafe row[index].refresh(alpha: alpha)
        }
        for position in 0..<features.sparseCount {
            categories.add(features.sparseEntry(position), label: label, amount: weight)
        }
    }

    func merge(_ other: any Learner) throws(StateError) {
        guard let other = other as? BernoulliBayes, other.fingerprint == fingerprint else { throw .mismatch }
        classes.mergeCounts(other.classes)
        for label in 0..<other.classes.classCount {
            let (row, otherRow) = unsafe (classes.row(of: label), other.classes.row(of: label))
            for index in 0..<classes.pairCount {
                unsafe row[index].count += otherRow[index].count
                unsafe row[index].yesCount += otherRow[index].yesCount
                unsafe row[index].refresh(alpha: alpha)
            }
        }
        categories.merge(other.categories)
    }
}

// MARK: - State

extension BernoulliBayes {
    private static let tag = StateTag("BNBC")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            classes.encode(slotCount: denseCount, into: &encoder) { encoder, pair, lane in
                encoder.append(pair.count[lane])
                encoder.append(pair.yesCount[lane])
            }
            categories.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let state = try ClassTable<Pair>.Decoded(
                from: &decoder, slotCount: denseCount, slotByteCount: 16, empty: Pair()
            ) { decoder, pair, lane throws(StateError) in
                pair.count[lane] = try decoder.double()
                pair.yesCount[lane] = try decoder.double()
                guard pair.yesCount[lane] >= 0, pair.count[lane] >= pair.yesCount[lane] else { throw .corrupt }
            }
            let decoded = try CategoryCounts.decoded(
                from: &decoder, fieldCount: categories.fieldCount, classCount: state.counts.count)
            guard decoder.isAtEnd else { throw .corrupt }
            classes.replace(
                learnedCount: state.learnedCount, counts: state.counts,
                rows: state.rows.map { pair in
                    var pair = pair
                    pair.refresh(alpha: alpha)
                    return pair
                })
            categories.take(decoded)
        }
    }
}
