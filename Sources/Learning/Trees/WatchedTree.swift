/// What a tree has to do so that its subtrees can be watched and replaced, whatever it foretells.
protocol WatchedTree: FlatTree {
    associatedtype Target

    init(_ settings: TreeSettings, shape: LearnerShape, seed: UInt64)

    var isUnvisited: Bool { get }

    /// Finds the event's leaf and what it answers.
    func look(at event: borrowing TreeEvent)
    /// How wrong the answer to the event looked at last was, from 0 on.
    func error(of target: Target) -> Double
    /// Learns the event looked at last.
    func take(_ event: borrowing TreeEvent, target: Target, weight: Double)
    func encode(into encoder: inout StateEncoder)
    func decoded(from decoder: inout StateDecoder) throws(StateError) -> Self

    /// An error on a scale of 0 to 1.
    static func scaled(_ error: Double, by errors: TargetStatistics) -> Double
}

extension ClassificationTree: WatchedTree {
    @inline(__always)
    func look(at event: borrowing TreeEvent) { visit(event, wantsVotes: false) }

    @inline(__always)
    func error(of target: Int) -> Double { answeredLabel == target ? 0 : 1 }

    @inline(__always)
    func take(_ event: borrowing TreeEvent, target: Int, weight: Double) {
        learn(event, label: target, weight: weight, isSame: true)
    }

    @inline(__always)
    static func scaled(_ error: Double, by errors: TargetStatistics) -> Double { error }

    func forgetVisit() { unsafe core.pointee.visit = Visit() }

    func copyBlocks(of copy: inout LeafRecord) {
        let exponent = Int(copy.capacityExponent)
        if let weights = unsafe copy.weights {
            let block = unsafe allocateWeights(exponent: exponent)
            unsafe block.update(from: weights, count: 2 << exponent)
            unsafe copy.weights = unsafe block
        }
        if let observers = unsafe copy.observers {
            let block = unsafe allocateObservers(exponent: exponent)
            unsafe block.update(from: observers, count: observerCount(capacity: 1 << exponent))
            unsafe copy.observers = unsafe block
        }
    }

    func prepare(for record: LeafRecord, of other: ClassificationTree) {
        reserveVotes(Int(record.classCount))
        unsafe core.pointee.classCount = max(core.pointee.classCount, other.core.pointee.classCount)
    }
}

extension RegressionTree: WatchedTree {
    @inline(__always)
    func look(at event: borrowing TreeEvent) { visit(event) }

    @inline(__always)
    func error(of target: Double) -> Double { abs(target - answer) }

    @inline(__always)
    func take(_ event: borrowing TreeEvent, target: Double, weight: Double) {
        learn(event, target: target, weight: weight, isSame: true)
    }

    /// Nearly all errors lie within three standard deviations of none.
    @inline(__always)
    static func scaled(_ error: Double, by errors: TargetStatistics) -> Double {
        let deviation = errors.variance.squareRoot()
        guard deviation > 0, deviation.isFinite else { return 0.5 }
        return min(1, (error + 3 * deviation) / (6 * deviation))
    }

    func forgetVisit() { unsafe core.pointee.visit = Visit() }

    func copyBlocks(of copy: inout Record) {
        if let weights = unsafe copy.weights {
            let block = unsafe allocateWeights()
            unsafe block.update(from: weights, count: weightCount)
            unsafe copy.weights = unsafe block
        }
        if let observers = unsafe copy.observers {
            let block = unsafe allocateObservers()
            unsafe block.update(from: observers, count: observerCount)
            unsafe copy.observers = unsafe block
        }
    }
    func prepare(for record: Record, of other: RegressionTree) {}
}
