/// What each feature contributed along the paths of one or many trees: one sum a dense slot and one a categorical field.
@safe final class PathContributions {
    /// The part of the answer that is no feature's.
    var base = 0.0
    private let denseCount: Int
    private let count: Int
    private let amounts: UnsafeMutablePointer<Double>

    init(_ shape: LearnerShape) {
        denseCount = shape.denseCount
        count = shape.denseCount + shape.fieldCount
        unsafe amounts = .allocate(capacity: max(1, count))
        unsafe amounts.initialize(repeating: 0, count: max(1, count))
    }

    deinit { unsafe amounts.deallocate() }

    /// Forgets the event before.
    func begin() {
        base = 0
        for index in 0..<count { unsafe amounts[index] = 0 }
    }

    /// Adds what the test of a split node contributed.
    @inline(__always)
    func add(_ amount: Double, of node: TreeNodes.Node) {
        let isCategory = node.test & TreeNodes.Node.isCategory != 0
        unsafe amounts[node.feature + (isCategory ? denseCount : 0)] += amount
    }

    /// Puts base and contributions into `explanation`; what a field contributed goes to the category that the event has
    /// there, and to the base where it has none.
    func finish(_ event: borrowing TreeEvent, into explanation: inout Explanation) {
        explanation.begin(base: base)
        for slot in 0..<denseCount {
            explanation.add(.init(index: Int32(slot), isSparse: false, amount: unsafe amounts[slot]))
        }
        for field in 0..<count - denseCount {
            let (category, amount) = unsafe (event.categories[field], amounts[denseCount + field])
            if category >= 0 {
                explanation.add(.init(index: category, isSparse: true, amount: amount))
            } else {
                explanation.addToBase(amount)
            }
        }
    }
}
