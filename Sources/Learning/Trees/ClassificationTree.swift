/// A Hoeffding tree for classes (Domingos and Hulten 2000) in flat memory: nodes in one array, the statistics of the leaves
/// in slabs. Single trees and every ensemble of trees are made of it; it sees one ``TreeEvent`` and knows nothing of names.
///
/// A leaf keeps for each class a normal distribution of each numeric feature and counts of each category. Every grace period
/// it tries the splits: a number at ten thresholds between least and largest value, a category against all others of its
/// field. An event without the tested feature goes to the side that was larger when the split was made.
///
/// Allocates at a split and when a class, category or the observers of a leaf appear.
@safe final class ClassificationTree {
    let settings: TreeSettings
    let denseCount: Int
    let fieldCount: Int
    /// Pairs of features a leaf observes.
    let pairCount: Int
    let store: UnsafeMutablePointer<TreeStore<LeafRecord>>
    let core: UnsafeMutablePointer<Core>

    /// What changes beside the nodes.
    @safe struct Core {
        /// One more than the largest class met.
        var classCount = 0
        var generator: RandomGenerator
        /// The generator as it was when the tree began: what a subspace shared by all leaves is drawn with.
        var origin: RandomGenerator
        /// What was found for the event that was looked at last; no part of the state.
        var visit = Visit()
        /// A vote for each class of the visited leaf, in the leaf's order.
        var votes: UnsafeMutablePointer<Double>
        var voteCapacity = 2
        /// The values of a leaf's subspace.
        let gathered: UnsafeMutablePointer<Double>
    }

    /// What was found out about one event, so that learning it need not find it again.
    struct Visit {
        /// The leaf it comes to; −1 when nothing is known.
        var leaf = -1
        /// The class that naive Bayes says, by its place in the leaf; −1 none, −2 not computed.
        var bayes = -2
        /// The class that the leaf says; −1 none.
        var label = -1
    }

    init(_ settings: TreeSettings, shape: LearnerShape, seed: UInt64 = 0) {
        self.settings = settings
        denseCount = shape.denseCount
        fieldCount = shape.fieldCount
        pairCount = (min(shape.denseCount, settings.subspace ?? shape.denseCount) + 1) / 2
        unsafe store = .allocate(capacity: 1)
        unsafe store.initialize(to: TreeStore(byteCountMax: settings.byteCountMax))
        unsafe core = .allocate(capacity: 1)
        let votes = UnsafeMutablePointer<Double>.allocate(capacity: 2)
        unsafe votes.initialize(repeating: 0, count: 2)
        let gathered = UnsafeMutablePointer<Double>.allocate(capacity: max(2, 2 * pairCount))
        unsafe gathered.initialize(repeating: .nan, count: max(2, 2 * pairCount))
        unsafe core.initialize(
            to: Core(
                generator: RandomGenerator(seed: seed), origin: RandomGenerator(seed: seed), votes: votes,
                gathered: gathered))
    }

    deinit {
        unsafe store.pointee.deallocate()
        unsafe store.deinitialize(count: 1)
        unsafe store.deallocate()
        unsafe core.pointee.votes.deallocate()
        unsafe core.pointee.gathered.deallocate()
        unsafe core.deallocate()
    }

    /// Forgets everything and draws from another seed on.
    func reset(seed: UInt64) {
        unsafe core.pointee.generator = RandomGenerator(seed: seed)
        unsafe store.pointee.removeAll(byteCountMax: settings.byteCountMax)
        unsafe core.pointee.classCount = 0
        unsafe core.pointee.origin = core.pointee.generator
        unsafe core.pointee.visit = Visit()
    }

    /// One more than the largest class met.
    var classCount: Int { unsafe core.pointee.classCount }
}

// MARK: - Memory of a leaf

extension ClassificationTree {
    /// Numbers before the statistics in a block of observers: the drawn slots.
    var headerCount: Int { settings.subspace == nil ? 0 : 2 * pairCount }

    func observerCount(capacity: Int) -> Int {
        max(2, headerCount + capacity * pairCount * PairStatistics.width)
    }

    func allocateWeights(exponent: Int) -> UnsafeMutablePointer<Double> {
        unsafe store.pointee.blocks.allocate(2 << exponent, sizeClass: exponent)
    }

    func allocateObservers(exponent: Int) -> UnsafeMutablePointer<Double> {
        unsafe store.pointee.blocks.allocate(observerCount(capacity: 1 << exponent), sizeClass: 16 + exponent)
    }

    /// The statistics of `slot`'s class in a block of observers.
    @inline(__always)
    func statistics(_ observers: UnsafeMutablePointer<Double>, slot: Int) -> UnsafeMutablePointer<PairStatistics> {
        unsafe UnsafeMutableRawPointer(observers + headerCount).assumingMemoryBound(to: PairStatistics.self)
            + slot &* pairCount
    }

    /// Makes the leaf forget what it observed of features; its class weights stay.
    func releaseObservers(_ index: Int) {
        if let observers = unsafe store.pointee.records[index].observers {
            let exponent = unsafe Int(store.pointee.records[index].capacityExponent)
            unsafe store.pointee.blocks.release(
                observers, observerCount(capacity: 1 << exponent), sizeClass: 16 + exponent)
            unsafe store.pointee.records[index].observers = nil
        }
        unsafe store.pointee.releaseCategories(index)
    }

    /// Gives back everything that belongs to the record.
    func releaseRecord(_ index: Int) {
        releaseObservers(index)
        if let weights = unsafe store.pointee.records[index].weights {
            let exponent = unsafe Int(store.pointee.records[index].capacityExponent)
            unsafe store.pointee.blocks.release(weights, 2 << exponent, sizeClass: exponent)
        }
        unsafe store.pointee.records[index] = LeafRecord()
    }

    /// The place of `label` in the leaf, a new one if need be; −1 when there is no memory for it.
    func slotForAdding(_ label: Int, to index: Int) -> Int {
        let record = unsafe store.pointee.records + index
        let known = unsafe record.pointee.slot(of: label)
        guard known < 0 else { return known }
        let count = unsafe Int(record.pointee.classCount)
        if unsafe record.pointee.weights == nil {
            guard hasRoom(for: 32) else { return -1 }
            unsafe record.pointee.capacityExponent = 1
            unsafe record.pointee.weights = allocateWeights(exponent: 1)
        } else if unsafe count == record.pointee.capacity {
            guard widen(index) else { return -1 }
            compactIfSparse()
        }
        guard let weights = unsafe record.pointee.weights else { return -1 }
        unsafe weights[count] = 0
        unsafe weights[record.pointee.capacity + count] = Double(label)
        unsafe record.pointee.classCount = Int32(count + 1)
        if let observers = unsafe record.pointee.observers {
            unsafe statistics(observers, slot: count).initialize(repeating: PairStatistics(), count: pairCount)
        }
        unsafe core.pointee.classCount = max(core.pointee.classCount, label + 1)
        reserveVotes(count + 1)
        return count
    }

    /// Room for twice as many classes in the leaf; false when there is no memory for it. Where there is too little, the leaf's
    /// observers go: a class that comes late to a full tree is counted all the same.
    private func widen(_ index: Int) -> Bool {
        let record = unsafe store.pointee.records + index
        let (old, new) = unsafe (Int(record.pointee.capacityExponent), Int(record.pointee.capacityExponent) + 1)
        if !hasRoom(for: widerByteCount(index, exponent: new)) {
            guard hasRoom(for: 8 * (2 << new) - observedByteCount(index)) else { return false }
            releaseObservers(index)
        }
        let count = 1 << old
        if let weights = unsafe record.pointee.weights {
            let wider = unsafe allocateWeights(exponent: new)
            unsafe wider.update(from: weights, count: count)
            unsafe (wider + 2 * count).update(from: weights + count, count: count)
            unsafe store.pointee.blocks.release(weights, 2 << old, sizeClass: old)
            unsafe record.pointee.weights = unsafe wider
        }
        if let observers = unsafe record.pointee.observers {
            let wider = unsafe allocateObservers(exponent: new)
            unsafe wider.update(from: observers, count: observerCount(capacity: count))
            unsafe store.pointee.blocks.release(
                observers, observerCount(capacity: count), sizeClass: 16 + old)
            unsafe record.pointee.observers = unsafe wider
        }
        if let categories = unsafe record.pointee.categories {
            let wider = unsafe categories.pointee.widened(to: 2 * count)
            unsafe store.pointee.categoryBytes += wider.memoryByteCount - categories.pointee.memoryByteCount
            unsafe categories.pointee.deallocate()
            unsafe categories.pointee = wider
        }
        unsafe record.pointee.capacityExponent = Int32(new)
        return true
    }

    /// What giving up the leaf's observers frees.
    private func observedByteCount(_ index: Int) -> Int {
        let record = unsafe store.pointee.records[index]
        let observerBytes = unsafe record.observers == nil ? 0 : 8 * observerCount(capacity: record.capacity)
        return unsafe observerBytes + (record.categories?.pointee.memoryByteCount ?? 0)
    }

    private func widerByteCount(_ index: Int, exponent: Int) -> Int {
        let record = unsafe store.pointee.records[index]
        let observerBytes = unsafe record.observers == nil ? 0 : 8 * observerCount(capacity: 1 << exponent)
        return unsafe 8 * (2 << exponent) + observerBytes + (record.categories?.pointee.memoryByteCount ?? 0)
    }

    func reserveVotes(_ count: Int) {
        guard unsafe count > core.pointee.voteCapacity else { return }
        unsafe core.pointee.votes.deallocate()
        unsafe core.pointee.voteCapacity = max(count, 2 * core.pointee.voteCapacity)
        unsafe core.pointee.votes = .allocate(capacity: core.pointee.voteCapacity)
        unsafe core.pointee.votes.initialize(repeating: 0, count: core.pointee.voteCapacity)
    }

    /// The observers of a leaf that has none; nil when there is no memory for them.
    func makeObservers(_ index: Int) -> UnsafeMutablePointer<Double>? {
        let record = unsafe store.pointee.records + index
        let exponent = unsafe Int(record.pointee.capacityExponent)
        guard hasRoom(for: 8 * observerCount(capacity: 1 << exponent)) else { return nil }
        let observers = unsafe allocateObservers(exponent: exponent)
        if let subspace = settings.subspace { unsafe drawSubspace(subspace, observers, record) }
        let count = unsafe Int(record.pointee.classCount) * pairCount
        unsafe statistics(observers, slot: 0).initialize(repeating: PairStatistics(), count: count)
        unsafe record.pointee.observers = unsafe observers
        return unsafe observers
    }

    /// Draws features without replacement, numeric ones and fields alike, by selection sampling (Knuth, TAOCP 3.4.2 S).
    private func drawSubspace(
        _ subspace: Int, _ observers: UnsafeMutablePointer<Double>, _ record: UnsafeMutablePointer<LeafRecord>
    ) {
        var (needed, drawn, fields) = (subspace, 0, UInt64(0))
        let count = denseCount + fieldCount
        var generator = unsafe settings.isSubspaceShared ? core.pointee.origin : core.pointee.generator
        for slot in 0..<headerCount { unsafe observers[slot] = -1 }
        for feature in 0..<count where needed > 0 {
            guard generator.next(below: count - feature) < needed else { continue }
            needed -= 1
            if feature < denseCount {
                unsafe observers[drawn] = Double(feature)
                drawn += 1
            } else {
                fields |= 1 << UInt64((feature - denseCount) & 63)
            }
        }
        unsafe record.pointee.fields = fields
        if !settings.isSubspaceShared { unsafe core.pointee.generator = generator }
    }

    /// The event's values as the leaf's statistics have them, in pairs.
    @inline(__always)
    func values(of event: borrowing TreeEvent, _ observers: UnsafeMutablePointer<Double>) -> UnsafePointer<
        SIMD2<Double>
    > {
        var source = unsafe event.values
        if settings.subspace != nil {
            unsafe source = core.pointee.gathered
            for slot in 0..<2 * pairCount {
                let feature = unsafe Int(observers[slot])
                unsafe source[slot] = feature < 0 ? .nan : event.values[feature]
            }
        }
        return unsafe UnsafePointer(UnsafeMutableRawPointer(source).assumingMemoryBound(to: SIMD2<Double>.self))
    }
}
