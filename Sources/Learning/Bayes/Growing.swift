/// A list in flat memory of its own that grows by doubling and is freed by hand. Not an `Array`, because one that is stored
/// in an object is two to three times slower.
@safe struct Growing<Element: BitwiseCopyable> {
    private let empty: Element
    private var base: UnsafeMutablePointer<Element>?
    private(set) var count = 0
    private var capacity = 0

    /// An empty list, whose new elements will be `empty`.
    init(empty: Element) { self.empty = empty }

    var memoryByteCount: Int { capacity * MemoryLayout<Element>.stride }

    /// Element `index`, which has to be in 0..<`count`.
    @inline(__always)
    subscript(index: Int) -> Element {
        @inline(__always)
        get {
            precondition(index >= 0 && index < count)
            guard let base = unsafe base else { return empty }
            return unsafe base[index]
        }
        @inline(__always)
        nonmutating set {
            precondition(index >= 0 && index < count)
            unsafe base?[index] = newValue
        }
    }

    /// Makes the list at least `count` long. Amortised O(1) an element.
    @inline(__always)
    mutating func grow(to count: Int) {
        guard count > self.count else { return }
        if count > capacity { reallocate(max(count, 2 * capacity, 8)) }
        self.count = count
    }

    @inline(never)
    private mutating func reallocate(_ capacity: Int) {
        let grown = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        unsafe grown.initialize(repeating: empty, count: capacity)
        if let base = unsafe base {
            unsafe grown.update(from: base, count: count)
            unsafe base.deallocate()
        }
        unsafe base = grown
        self.capacity = capacity
    }

    /// Gives the memory back; the list is empty then.
    mutating func free() {
        unsafe base?.deallocate()
        unsafe base = nil
        count = 0
        capacity = 0
    }
}
