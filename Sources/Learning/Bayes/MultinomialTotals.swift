/// What multinomial naive Bayes holds beside the amounts of single features: per class the amount of all of them, how many
/// features are known, and the scores of the event being predicted.
@safe struct MultinomialTotals: ~Copyable {
    private let alpha: Double
    private let pairCount: Int
    private let header: UnsafeMutablePointer<Header>

    private struct Class {
        /// T_c.
        var amount = 0.0
        /// log(T_c + alpha·V); derived.
        var logarithm = 0.0
        /// Scratch.
        var score = 0.0
    }

    @safe private struct Header {
        var classes = Growing<Class>(empty: Class())
        /// By pair of dense slots: 1 where anything was learned of the slot, else 0.
        var known = Growing<SIMD2<Double>>(empty: .zero)
        /// Known slots and known categories.
        var knownSlots = 0.0
        var knownCategories = 0.0
    }

    init(pairCount: Int, alpha: Double) {
        self.alpha = alpha
        self.pairCount = pairCount
        unsafe header = .allocate(capacity: 1)
        unsafe header.initialize(to: Header())
        unsafe header.pointee.known.grow(to: pairCount)
    }

    deinit {
        unsafe header.pointee.classes.free()
        unsafe header.pointee.known.free()
        unsafe header.deallocate()
    }

    var memoryByteCount: Int {
        unsafe header.pointee.classes.memoryByteCount + header.pointee.known.memoryByteCount
    }

    /// Makes at least `classCount` classes.
    @inline(__always)
    func makeRoom(for classCount: Int) {
        guard unsafe classCount > header.pointee.classes.count else { return }
        unsafe header.pointee.classes.grow(to: classCount)
        refreshAll()
    }

    /// 1 for each slot of the pair of which anything was learned, 0 for the others.
    @inline(__always)
    func known(_ pair: Int) -> SIMD2<Double> { unsafe header.pointee.known[pair] }

    /// T_c.
    func amount(_ label: Int) -> Double { unsafe header.pointee.classes[label].amount }

    /// Takes note of the slots whose amount is above 0.
    @inline(__always)
    func learn(_ pair: Int, _ amounts: SIMD2<Double>) {
        let before = known(pair)
        let after = before.replacing(with: 1, where: amounts .> 0)
        guard any(after .!= before) else { return }
        unsafe header.pointee.known[pair] = after
        unsafe header.pointee.knownSlots += after[0] + after[1] - before[0] - before[1]
        refreshAll()
    }

    /// Adds to T_c; `categoryCount` is how many categories are known now.
    @inline(__always)
    func add(_ label: Int, _ amount: Double, categoryCount: Double) {
        var total = unsafe header.pointee.classes[label]
        total.amount = min(total.amount + amount, MultinomialBayes.amountMax)
        unsafe header.pointee.classes[label] = total
        if unsafe categoryCount == header.pointee.knownCategories {
            refresh(label)
        } else {
            unsafe header.pointee.knownCategories = categoryCount
            refreshAll()
        }
    }

    /// Becomes what a state says; `rows` are the amounts of each class's pairs.
    func replace(amounts: [Double], rows: [SIMD2<Double>], categoryCount: Double) {
        unsafe header.pointee.classes.free()
        unsafe header.pointee.known.free()
        unsafe header.pointee.known.grow(to: pairCount)
        unsafe header.pointee.classes.grow(to: amounts.count)
        unsafe header.pointee.knownSlots = 0
        unsafe header.pointee.knownCategories = categoryCount
        for (label, amount) in amounts.enumerated() {
            unsafe header.pointee.classes[label] = Class(amount: amount)
        }
        for (index, row) in rows.enumerated() { learn(index % pairCount, row) }
        refreshAll()
    }

    @inline(__always)
    private func refresh(_ label: Int) {
        var total = unsafe header.pointee.classes[label]
        let featureCount = unsafe header.pointee.knownSlots + header.pointee.knownCategories
        total.logarithm = logarithm(total.amount + alpha * featureCount)
        unsafe header.pointee.classes[label] = total
    }

    @inline(never)
    private func refreshAll() {
        for label in 0..<(unsafe header.pointee.classes.count) { refresh(label) }
    }
}

// MARK: - Scores

extension MultinomialTotals {
    /// Begins the score of a class: `amount` is the event's, `logLikelihood` without the denominators. A class without
    /// events (`prior` 0) is out; an event without anything known leaves the prior.
    @inline(__always)
    func setScore(_ label: Int, prior: Double, logLikelihood: Double, amount: Double) {
        var total = unsafe header.pointee.classes[label]
        let denominators = amount > 0 ? amount * total.logarithm : 0
        total.score = logarithm(prior) + logLikelihood - denominators
        unsafe header.pointee.classes[label] = total
    }

    /// Adds to the score of a class.
    @inline(__always)
    func addScore(_ label: Int, _ amount: Double) {
        var total = unsafe header.pointee.classes[label]
        total.score += amount
        unsafe header.pointee.classes[label] = total
    }

    /// The score of a class, a logarithm.
    @inline(__always)
    func score(_ label: Int) -> Double { unsafe header.pointee.classes[label].score }

    /// The highest score of `classCount` classes.
    @inline(__always)
    func highestScore(_ classCount: Int) -> Double {
        var highest = -Double.infinity
        for label in 0..<classCount { highest = max(highest, score(label)) }
        return highest
    }
}
