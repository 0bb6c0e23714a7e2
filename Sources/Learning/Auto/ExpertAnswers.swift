/// What the experts say of one event: a number each, or a distribution over the classes each.
@safe final class ExpertAnswers {
    let expertCount: Int
    /// How many classes the distributions have; 0 unless the task is multiclass.
    private(set) var classCount = 0
    private let values: UnsafeMutablePointer<Double>
    private var distributions: UnsafeMutablePointer<Double>
    private var classCapacity = 0
    private let active: UnsafeMutablePointer<Bool>

    init(expertCount: Int) {
        self.expertCount = expertCount
        unsafe values = .allocate(capacity: expertCount)
        unsafe values.initialize(repeating: 0, count: expertCount)
        unsafe distributions = .allocate(capacity: 1)
        unsafe active = .allocate(capacity: expertCount)
        unsafe active.initialize(repeating: true, count: expertCount)
    }

    deinit {
        unsafe values.deallocate()
        unsafe active.deallocate()
        unsafe distributions.deallocate()
    }

    var memoryByteCount: Int { (classCapacity + 1) * expertCount * MemoryLayout<Double>.stride }

    /// The answer of `expert`: P(1), the value, or the class index.
    @inline(__always)
    subscript(expert: Int) -> Double {
        get {
            assert(expert >= 0 && expert < expertCount)
            return unsafe values[expert]
        }
        set {
            assert(expert >= 0 && expert < expertCount)
            unsafe values[expert] = newValue
        }
    }

    /// Whether `expert` takes part.
    @inline(__always)
    func isActive(_ expert: Int) -> Bool { unsafe active[expert] }

    func setActive(_ expert: Int, _ isActive: Bool) { unsafe active[expert] = isActive }

    /// What `expert` gives class `index` (0..<classCount).
    @inline(__always)
    func probability(_ expert: Int, _ index: Int) -> Double {
        assert(index < classCount)
        return unsafe distributions[expert * classCapacity + index]
    }

    /// Takes over the distribution of `expert`, whose classes are at most ``classCount``.
    func setDistribution(_ expert: Int, _ prediction: borrowing Prediction) {
        let row = unsafe distributions + expert * classCapacity
        for index in 0..<classCount { unsafe row[index] = index < prediction.classCount ? prediction[index] : 0 }
    }

    /// Makes room for `count` classes. Allocates when their number grows.
    func reserveClasses(_ count: Int) {
        classCount = max(classCount, count)
        guard classCount > classCapacity else { return }
        let capacity = max(4, 2 * classCount)
        let grown = UnsafeMutablePointer<Double>.allocate(capacity: capacity * expertCount)
        unsafe grown.initialize(repeating: 0, count: capacity * expertCount)
        for expert in 0..<expertCount {
            unsafe (grown + expert * capacity).update(
                from: distributions + expert * classCapacity, count: classCapacity)
        }
        unsafe distributions.deallocate()
        unsafe distributions = unsafe grown
        classCapacity = capacity
    }

    /// Forgets that there were classes.
    func removeClasses() { classCount = 0 }
}
