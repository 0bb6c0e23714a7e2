/// Why one prediction came out as it did: a base and the largest contributions of features, which all together (the ones
/// left out too) add up to the answer on the learner's own scale (log odds for logistic models, the value for regression,
/// the probability for trees).
///
/// Reused from event to event; nothing is allocated after its making.
@safe public struct Explanation: ~Copyable {
    /// One feature's part of the answer.
    public struct Contribution: Sendable, Equatable {
        /// A dense slot, or a sparse index where ``isSparse``.
        public var index: Int32
        /// Whether it is a category's.
        public var isSparse: Bool
        /// How much it added to the answer, or took from it.
        public var amount: Double
    }

    /// How many contributions are kept, 1 or more.
    public let capacity: Int
    /// What the answer would be without any feature.
    public private(set) var base = 0.0
    /// How many contributions there are, 0...`capacity`.
    public private(set) var count = 0
    private var contributions: [Contribution]

    /// An empty explanation that keeps the `capacity` (1 or more) largest contributions.
    public init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
        contributions = Array(
            repeating: Contribution(index: 0, isSparse: false, amount: 0), count: capacity)
    }

    /// Contribution `index` (0..<count), the largest by size first.
    public subscript(index: Int) -> Contribution {
        precondition(index >= 0 && index < count)
        return contributions[index]
    }

    /// Forgets the event before.
    mutating func begin(base: Double) {
        self.base = base
        count = 0
    }

    /// Adds to the base.
    mutating func addToBase(_ amount: Double) { base += amount }

    /// Offers the whole contribution of one feature. Equal sizes keep the order in which they came; what is no
    /// finite number, of a model that diverged, is left out. Complexity: O(capacity).
    mutating func add(_ contribution: Contribution) {
        guard contribution.amount != 0, contribution.amount.isFinite else { return }
        if count == capacity {
            guard abs(contribution.amount) > abs(contributions[count - 1].amount) else { return }
            count -= 1
        }
        var place = count
        while place > 0, abs(contributions[place - 1].amount) < abs(contribution.amount) {
            contributions[place] = contributions[place - 1]
            place -= 1
        }
        contributions[place] = contribution
        count += 1
    }
}

/// A learner that can say why.
public protocol ExplainingLearner: Learner {
    /// Explains the answer that ``Learner/predict(_:into:)`` gives of `features` now; for a multiclass task that of the best
    /// class. Costs about as much as one to three predictions; allocates nothing.
    func explain(_ features: borrowing FeatureVector, into explanation: inout Explanation)
}
