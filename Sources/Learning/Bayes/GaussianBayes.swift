/// Gaussian naive Bayes: per class a prior from its share of the events, per class and numeric feature a normal distribution
/// with the running mean and population variance (Welford 1962; weights as West 1979).
///
/// The joint score of class c is log(n_c/N) + Σ log(1e-9 + pdf_c(x)), where pdf is 0 while the variance is; it is computed
/// as a product without logarithms. An absent value contributes nothing and is not learned. Categories contribute the
/// smoothed likelihood of ``CategoryCounts``. A weight of w counts an event w times.
@safe final class GaussianBayes: MergeableLearner {
    let task: LearningTask
    private let alpha: Double
    private let fingerprint: UInt64
    private let denseCount: Int
    private let classes: ClassTable<GaussianPair>
    private let categories: CategoryCounts

    init(task: LearningTask, alpha: Double, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        self.alpha = alpha
        self.fingerprint = fingerprint
        denseCount = shape.denseCount
        classes = ClassTable(pairCount: (shape.denseCount + 1) / 2, empty: GaussianPair())
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
                lanes.multiply(by: unsafe row[index].likelihood(values).replacing(with: 1, where: values .!= values))
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
        var share = GaussianPair.Share(weight: weight)
        for index in 0..<classes.pairCount { unsafe row[index].learn(features.pair(index), share: &share) }
        for position in 0..<features.sparseCount {
            categories.add(features.sparseEntry(position), label: label, amount: weight)
        }
    }

    func merge(_ other: any Learner) throws(StateError) {
        guard let other = other as? GaussianBayes, other.fingerprint == fingerprint else { throw .mismatch }
        classes.mergeCounts(other.classes)
        for label in 0..<other.classes.classCount {
            let (row, otherRow) = unsafe (classes.row(of: label), other.classes.row(of: label))
            for index in 0..<classes.pairCount { unsafe row[index].merge(otherRow[index]) }
        }
        categories.merge(other.categories)
    }
}

// MARK: - State

extension GaussianBayes {
    private static let tag = StateTag("GNBC")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            classes.encode(slotCount: denseCount, into: &encoder) { encoder, pair, lane in
                encoder.append(pair.count[lane])
                encoder.append(pair.mean[lane])
                encoder.append(pair.variance[lane])
            }
            categories.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let state = try ClassTable<GaussianPair>.Decoded(
                from: &decoder, slotCount: denseCount, slotByteCount: 24, empty: GaussianPair()
            ) { decoder, pair, lane throws(StateError) in
                pair.count[lane] = try decoder.double()
                pair.mean[lane] = try decoder.double()
                pair.variance[lane] = try decoder.double()
                guard pair.count[lane] >= 0, pair.mean[lane].isFinite, pair.variance[lane].isFinite else {
                    throw .corrupt
                }
            }
            let decoded = try CategoryCounts.decoded(
                from: &decoder, fieldCount: categories.fieldCount, classCount: state.counts.count)
            guard decoder.isAtEnd else { throw .corrupt }
            classes.replace(
                learnedCount: state.learnedCount, counts: state.counts,
                rows: state.rows.map { pair in
                    var pair = pair
                    pair.refresh()
                    return pair
                })
            categories.take(decoded)
        }
    }
}
