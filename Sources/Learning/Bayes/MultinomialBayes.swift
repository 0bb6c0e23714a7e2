/// Multinomial naive Bayes: features are counts (of words, of items), and an event is a bag of them.
///
/// log p(c) = log(n_c/N) + Σ xᵢ·log((T_ci + alpha)/(T_c + alpha·V)), T the amounts learned with the class, V the number of
/// features of which anything was learned. A numeric value that is absent or not above 0 counts nothing; a category counts its
/// entry's value, which is 1. A feature never learned contributes nothing. A weight of w counts an event w times.
@safe final class MultinomialBayes: MergeableLearner {
    let task: LearningTask
    private let alpha: Double
    private let fingerprint: UInt64
    private let denseCount: Int
    private let classes: ClassTable<Pair>
    private let categories: CategoryCounts
    private let totals: MultinomialTotals

    /// Amounts stay below this, so that no sum overflows.
    static let amountMax = 1e300

    /// Two neighbouring features within one class.
    struct Pair {
        /// T_ci.
        var amount = SIMD2<Double>.zero
        /// log(T_ci + alpha); derived.
        private(set) var logarithm: SIMD2<Double>

        init(alpha: Double) { logarithm = SIMD2(repeating: Learning.logarithm(alpha)) }

        /// Adds amounts ≥ 0.
        @inline(__always)
        mutating func add(_ amounts: SIMD2<Double>, alpha: Double) {
            amount += amounts
            amount.replace(with: MultinomialBayes.amountMax, where: amount .> MultinomialBayes.amountMax)
            refresh(alpha: alpha)
        }

        /// Computes what is derived.
        @inline(__always)
        mutating func refresh(alpha: Double) {
            logarithm = SIMD2(Learning.logarithm(amount[0] + alpha), Learning.logarithm(amount[1] + alpha))
        }
    }

    init(task: LearningTask, alpha: Double, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        self.alpha = alpha
        self.fingerprint = fingerprint
        denseCount = shape.denseCount
        classes = ClassTable(pairCount: (shape.denseCount + 1) / 2, empty: Pair(alpha: alpha))
        categories = CategoryCounts(fieldCount: shape.fieldCount)
        totals = MultinomialTotals(pairCount: (shape.denseCount + 1) / 2, alpha: alpha)
    }

    var learnedCount: UInt64 { classes.learnedCount }
    var memoryByteCount: Int { classes.memoryByteCount + categories.memoryByteCount + totals.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        precondition(features.denseCount == denseCount)
        var size = SIMD2<Double>.zero
        for index in 0..<classes.pairCount { size += totals.known(index) * Self.amounts(features.pair(index)) }
        var amount = size[0] + size[1]
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            if categories.firstCell(of: entry.index) != nil { amount += Self.amount(entry) }
        }
        for label in 0..<classes.classCount {
            let row = unsafe classes.row(of: label)
            var sum = SIMD2<Double>.zero
            for index in 0..<classes.pairCount {
                let amounts = totals.known(index) * Self.amounts(features.pair(index))
                unsafe sum += amounts * row[index].logarithm
            }
            totals.setScore(label, prior: classes.count(of: label), logLikelihood: sum[0] + sum[1], amount: amount)
        }
        for position in 0..<features.sparseCount { score(features.sparseEntry(position)) }
        let highest = totals.highestScore(classes.classCount)
        for label in 0..<classes.classCount {
            let share = exponential(totals.score(label) - highest)
            classes.setProduct(label, LikelihoodProduct(share > 0 ? share : 0))
        }
        classes.conclude(task, into: &prediction)
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, weight <= LearnableRange.magnitudeMax, LearnableRange.accepts(label, task: task),
            let label = LearnableRange.classIndex(label, task: task)
        else { return }
        precondition(features.denseCount == denseCount)
        classes.add(label, weight: weight)
        totals.makeRoom(for: classes.classCount)
        let row = unsafe classes.row(of: label)
        var size = SIMD2<Double>.zero
        for index in 0..<classes.pairCount {
            let amounts = weight * Self.amounts(features.pair(index))
            guard any(amounts .> 0) else { continue }
            unsafe row[index].add(amounts, alpha: alpha)
            totals.learn(index, amounts)
            size += amounts
        }
        var amount = size[0] + size[1]
        for position in 0..<features.sparseCount {
            let entry = features.sparseEntry(position)
            let share = weight * Self.amount(entry)
            if share > 0, categories.add(entry, label: label, amount: share) { amount += share }
        }
        totals.add(label, amount, categoryCount: categories.valueCount)
    }

    func merge(_ other: any Learner) throws(StateError) {
        guard let other = other as? MultinomialBayes, other.fingerprint == fingerprint else { throw .mismatch }
        classes.mergeCounts(other.classes)
        totals.makeRoom(for: classes.classCount)
        categories.merge(other.categories)
        for label in 0..<other.classes.classCount {
            let (row, otherRow) = unsafe (classes.row(of: label), other.classes.row(of: label))
            for index in 0..<classes.pairCount {
                let amounts = unsafe otherRow[index].amount
                unsafe row[index].add(amounts, alpha: alpha)
                totals.learn(index, amounts)
            }
            totals.add(label, other.totals.amount(label), categoryCount: categories.valueCount)
        }
    }

    /// What numeric values count: absent ones and those not above 0 nothing.
    @inline(__always)
    private static func amounts(_ values: SIMD2<Double>) -> SIMD2<Double> {
        SIMD2<Double>.zero.replacing(with: values, where: values .> 0)
    }

    /// What a category's entry counts.
    @inline(__always)
    private static func amount(_ entry: SparseFeature) -> Double {
        entry.value > 0 && entry.value <= LearnableRange.magnitudeMax ? entry.value : 0
    }

    /// Adds one category's part to the classes' scores; the denominators are in them already.
    @inline(never)
    private func score(_ entry: SparseFeature) {
        let amount = Self.amount(entry)
        guard amount > 0, let first = categories.firstCell(of: entry.index) else { return }
        let unseen = logarithm(alpha)
        for label in 0..<classes.classCount { totals.addScore(label, amount * unseen) }
        var index = first
        while index >= 0 {
            let cell = categories.cell(index)
            totals.addScore(Int(cell.label), amount * (logarithm(cell.count + alpha) - unseen))
            index = Int(cell.next)
        }
    }
}

// MARK: - State

extension MultinomialBayes {
    private static let tag = StateTag("MNBC")

    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            classes.encode(slotCount: denseCount, into: &encoder) { encoder, pair, lane in
                encoder.append(pair.amount[lane])
            }
            for label in 0..<classes.classCount { encoder.append(totals.amount(label)) }
            categories.encode(into: &encoder)
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            var state = try ClassTable<Pair>.Decoded(
                from: &decoder, slotCount: denseCount, slotByteCount: 8, empty: Pair(alpha: alpha)
            ) { decoder, pair, lane throws(StateError) in
                pair.amount[lane] = try decoder.double()
                guard pair.amount[lane] >= 0, pair.amount[lane] <= Self.amountMax else { throw .corrupt }
            }
            var amounts: [Double] = []
            for _ in state.counts { amounts.append(try decoder.double()) }
            guard amounts.allSatisfy({ $0 >= 0 && $0 <= Self.amountMax }) else { throw .corrupt }
            let decoded = try CategoryCounts.decoded(
                from: &decoder, fieldCount: categories.fieldCount, classCount: state.counts.count)
            guard decoder.isAtEnd else { throw .corrupt }
            for index in state.rows.indices { state.rows[index].refresh(alpha: alpha) }
            classes.replace(learnedCount: state.learnedCount, counts: state.counts, rows: state.rows)
            categories.take(decoded)
            totals.replace(amounts: amounts, rows: state.rows.map(\.amount), categoryCount: categories.valueCount)
        }
    }
}
