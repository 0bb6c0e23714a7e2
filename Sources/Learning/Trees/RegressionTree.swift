/// A Hoeffding tree for numbers (Ikonomovska, Gama and Džeroski 2011, "Learning model trees from evolving data streams") in
/// flat memory, like ``ClassificationTree``.
///
/// A leaf answers the mean of its targets or what a linear model says that is learned in it, by gradient descent, whichever
/// erred less of late (errors squared, fading by 0.95 an event). Splits are those that reduce the variance of the targets.
/// Categories are split one against the others of its field; the linear model knows only numbers.
@safe final class RegressionTree {
    let settings: TreeSettings
    let denseCount: Int
    let fieldCount: Int
    /// Pairs of features a leaf observes.
    let pairCount: Int
    let store: UnsafeMutablePointer<TreeStore<Record>>
    let core: UnsafeMutablePointer<Core>

    /// Both sides of a split have to hold so much weight.
    static let sideWeightMin = 5.0
    static let errorDecay = 0.95
    static let learningRate = 0.01

    /// What changes beside the nodes.
    struct Core {
        var generator: RandomGenerator
        var visit = Visit()
    }

    /// What was found out about one event.
    struct Visit {
        var leaf = -1
        var model = 0.0
        var answer = 0.0
    }

    /// What a node holds beside its test; a split node keeps its targets as they were when it was split.
    @safe struct Record: TreeRecord {
        var target = TargetStatistics()
        var meanError = 0.0
        var modelError = 0.0
        var lastAttempt = 0.0
        /// What is taken off targets before they are summed: the mean at the leaf's birth, or the first target.
        var reference = 0.0
        /// Intercept, then a weight for each dense slot.
        var weights: UnsafeMutablePointer<Double>?
        /// The slots of a drawn subspace where there is one (−1 for none), then ``TargetBins`` of each observed feature.
        var observers: UnsafeMutablePointer<Double>?
        var categories: UnsafeMutablePointer<CategoryTable>?
        var fields = UInt64.max
    }

    init(_ settings: TreeSettings, shape: LearnerShape, seed: UInt64 = 0) {
        self.settings = settings
        denseCount = shape.denseCount
        fieldCount = shape.fieldCount
        pairCount = (min(shape.denseCount, settings.subspace ?? shape.denseCount) + 1) / 2
        unsafe store = .allocate(capacity: 1)
        unsafe store.initialize(to: TreeStore(byteCountMax: settings.byteCountMax))
        unsafe core = .allocate(capacity: 1)
        unsafe core.initialize(to: Core(generator: RandomGenerator(seed: seed)))
    }

    deinit {
        unsafe store.pointee.deallocate()
        unsafe store.deinitialize(count: 1)
        unsafe store.deallocate()
        unsafe core.deallocate()
    }

    /// Forgets everything and draws from another seed on.
    func reset(seed: UInt64) {
        unsafe store.pointee.removeAll(byteCountMax: settings.byteCountMax)
        unsafe core.pointee.generator = RandomGenerator(seed: seed)
        unsafe core.pointee.visit = Visit()
    }

    // MARK: Memory of a leaf

    var headerCount: Int { settings.subspace == nil ? 0 : 2 * pairCount }
    /// How many features a leaf observes.
    var observedCount: Int { settings.subspace == nil ? denseCount : headerCount }
    var observerCount: Int { max(2, headerCount + observedCount * TargetBins.width) }
    var weightCount: Int { (denseCount + 2) & ~1 }

    func bins(_ observers: UnsafeMutablePointer<Double>, _ observed: Int) -> TargetBins {
        unsafe TargetBins(observers + headerCount + observed &* TargetBins.width)
    }

    func allocateWeights() -> UnsafeMutablePointer<Double> {
        unsafe store.pointee.blocks.allocate(weightCount, sizeClass: 0)
    }

    func allocateObservers() -> UnsafeMutablePointer<Double> {
        unsafe store.pointee.blocks.allocate(observerCount, sizeClass: 1)
    }

    func releaseObservers(_ index: Int) {
        if let observers = unsafe store.pointee.records[index].observers {
            unsafe store.pointee.blocks.release(observers, observerCount, sizeClass: 1)
            unsafe store.pointee.records[index].observers = nil
        }
        unsafe store.pointee.releaseCategories(index)
    }

    func releaseRecord(_ index: Int) {
        releaseObservers(index)
        releaseWeights(index)
        unsafe store.pointee.records[index] = Record()
    }

    func releaseWeights(_ index: Int) {
        guard let weights = unsafe store.pointee.records[index].weights else { return }
        unsafe store.pointee.blocks.release(weights, weightCount, sizeClass: 0)
        unsafe store.pointee.records[index].weights = nil
    }

    /// The observers of a leaf that has none; nil when there is no memory for them.
    func makeObservers(_ index: Int) -> UnsafeMutablePointer<Double>? {
        guard hasRoom(for: 8 * observerCount) else { return nil }
        let observers = unsafe allocateObservers()
        for slot in 0..<headerCount { unsafe observers[slot] = -1 }
        if let subspace = settings.subspace {
            var (needed, drawn, fields) = (subspace, 0, UInt64(0))
            let count = denseCount + fieldCount
            for feature in 0..<count where needed > 0 {
                guard unsafe core.pointee.generator.next(below: count - feature) < needed else { continue }
                needed -= 1
                if feature < denseCount {
                    unsafe observers[drawn] = Double(feature)
                    drawn += 1
                } else {
                    fields |= 1 << UInt64((feature - denseCount) & 63)
                }
            }
            unsafe store.pointee.records[index].fields = fields
        }
        for observed in 0..<observedCount { unsafe bins(observers, observed).clear() }
        unsafe store.pointee.records[index].observers = unsafe observers
        return unsafe observers
    }
}
