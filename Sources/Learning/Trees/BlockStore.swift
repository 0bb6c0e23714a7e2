/// Flat memory for the statistics of leaves: blocks of numbers cut from slabs, given back to lists by size class and used
/// again. A block never moves.
@safe struct BlockStore {
    private static let sizeClassCount = 64
    private var slabs: [UnsafeMutablePointer<Double>] = unsafe []
    private let free: UnsafeMutablePointer<UnsafeMutablePointer<Double>?>
    private var cursor: UnsafeMutablePointer<Double>?
    private var remaining = 0
    private var nextSlab = 64
    private let slabMax: Int
    private var slabDoubles = 0
    /// How many numbers the blocks in use hold.
    private(set) var usedDoubles = 0

    /// A store that takes at most an eighth of `byteCountMax` at a time, as far as blocks allow it.
    init(byteCountMax: Int) {
        // From 64 KiB on the slack is below a percent of a tree that needs it.
        slabMax = max(64, min(8_192, byteCountMax / 64))
        unsafe free = .allocate(capacity: Self.sizeClassCount)
        unsafe free.initialize(repeating: nil, count: Self.sizeClassCount)
    }

    func deallocate() {
        for index in unsafe slabs.indices { unsafe slabs[index].deallocate() }
        unsafe free.deallocate()
    }

    /// Bytes of memory taken, in use or not.
    var memoryByteCount: Int { 8 * slabDoubles }

    /// Whether less than half of the memory is in use.
    var isSparse: Bool { usedDoubles < slabDoubles / 2 }

    /// A block of `count` numbers (even, the same for every block of `sizeClass`), whatever they are.
    mutating func allocate(_ count: Int, sizeClass: Int) -> UnsafeMutablePointer<Double> {
        assert(count > 0 && count % 2 == 0 && sizeClass < Self.sizeClassCount)
        usedDoubles += count
        if let block = unsafe free[sizeClass] {
            unsafe free[sizeClass] = unsafe Self.link(block).pointee
            return unsafe block
        }
        if remaining < count { addSlab(count) }
        guard let block = unsafe cursor else { preconditionFailure("a slab was just added") }
        unsafe cursor = unsafe block + count
        remaining -= count
        return unsafe block
    }

    /// Gives a block back, with the count and size class it was allocated with.
    mutating func release(_ block: UnsafeMutablePointer<Double>, _ count: Int, sizeClass: Int) {
        usedDoubles -= count
        unsafe Self.link(block).initialize(to: free[sizeClass])
        unsafe free[sizeClass] = unsafe block
    }

    private mutating func addSlab(_ count: Int) {
        let size = max(count, nextSlab)
        nextSlab = min(2 * nextSlab, slabMax)
        let slab = UnsafeMutablePointer<Double>.allocate(capacity: size)
        unsafe slab.initialize(repeating: 0, count: size)
        unsafe slabs.append(slab)
        unsafe cursor = unsafe slab
        remaining = size
        slabDoubles += size
    }

    /// The first word of a free block is the next one's address.
    private static func link(
        _ block: UnsafeMutablePointer<Double>
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Double>?> {
        unsafe UnsafeMutableRawPointer(block).assumingMemoryBound(to: UnsafeMutablePointer<Double>?.self)
    }
}
