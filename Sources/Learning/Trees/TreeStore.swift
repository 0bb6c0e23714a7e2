/// What a node of a tree holds beside its test, empty when it is new.
protocol TreeRecord {
    /// The statistics of a leaf by feature; nil until needed, and once forgotten.
    var observers: UnsafeMutablePointer<Double>? { get set }
    /// What is counted of categories; nil where there are none.
    var categories: UnsafeMutablePointer<CategoryTable>? { get set }

    init()
}

/// The memory of a tree: its nodes, a record for each of them, and the blocks and tables that records point to.
@safe struct TreeStore<Record: TreeRecord> {
    var nodes = TreeNodes()
    /// By the place of the node.
    private(set) var records: UnsafeMutablePointer<Record>
    private(set) var recordCapacity: Int
    var blocks: BlockStore
    /// Bytes of all category counts.
    var categoryBytes = 0

    /// The store of a tree of one empty leaf.
    init(byteCountMax: Int) {
        recordCapacity = nodes.capacity
        unsafe records = .allocate(capacity: recordCapacity)
        unsafe records.initialize(repeating: Record(), count: recordCapacity)
        blocks = BlockStore(byteCountMax: byteCountMax)
    }

    /// Gives everything back.
    mutating func deallocate() {
        for index in 0..<nodes.count { releaseCategories(index) }
        nodes.deallocate()
        unsafe records.deallocate()
        blocks.deallocate()
    }

    /// Becomes one empty leaf.
    mutating func removeAll(byteCountMax: Int) {
        deallocate()
        self = TreeStore(byteCountMax: byteCountMax)
    }

    /// Bytes taken, in use or not.
    var memoryByteCount: Int {
        nodes.capacity * MemoryLayout<TreeNodes.Node>.stride + recordCapacity * MemoryLayout<Record>.stride
            + blocks.memoryByteCount + categoryBytes
    }

    /// Bytes in use: what the limit is held against, for it is the same whatever the history of the memory.
    var usedByteCount: Int {
        nodes.liveCount * (MemoryLayout<TreeNodes.Node>.stride + MemoryLayout<Record>.stride)
            + 8 * blocks.usedDoubles + categoryBytes
    }

    /// Two new nodes with empty records, side by side; where the first one is.
    mutating func addChildren() -> Int {
        let pair = nodes.addPair()
        if nodes.capacity > recordCapacity {
            let grown = UnsafeMutablePointer<Record>.allocate(capacity: nodes.capacity)
            unsafe grown.moveInitialize(from: records, count: recordCapacity)
            unsafe (grown + recordCapacity).initialize(repeating: Record(), count: nodes.capacity - recordCapacity)
            unsafe records.deallocate()
            unsafe records = unsafe grown
            recordCapacity = nodes.capacity
        }
        return pair
    }

    /// An empty table of categories for a record that has none.
    mutating func makeCategories(
        _ index: Int, classCapacity: Int, fieldCount: Int
    ) -> UnsafeMutablePointer<CategoryTable> {
        let place = UnsafeMutablePointer<CategoryTable>.allocate(capacity: 1)
        unsafe place.initialize(to: CategoryTable(classCapacity: classCapacity, fieldCount: fieldCount))
        unsafe records[index].categories = unsafe place
        unsafe categoryBytes += place.pointee.memoryByteCount
        return unsafe place
    }

    mutating func releaseCategories(_ index: Int) {
        guard let categories = unsafe records[index].categories else { return }
        unsafe categoryBytes -= categories.pointee.memoryByteCount
        unsafe categories.pointee.deallocate()
        unsafe categories.deallocate()
        unsafe records[index].categories = nil
    }

    /// Moves the table of a record of `other` to the place `index` here.
    mutating func takeCategories(_ index: Int, of other: inout TreeStore, at source: Int) {
        guard let categories = unsafe other.records[source].categories else { return }
        unsafe categoryBytes += categories.pointee.memoryByteCount
        unsafe other.categoryBytes -= categories.pointee.memoryByteCount
        unsafe other.records[source].categories = nil
        unsafe records[index].categories = unsafe categories
    }
}
