/// What a learner says of one event; reused from event to event.
@safe public struct Prediction: ~Copyable {
    /// Binary: P(positive) in 0...1. Regression: the value. Multiclass: the index of the best class (meaningless while
    /// ``classCount`` is 0). Anomaly: the score, 0...1.
    public var value: Double = 0
    /// How many of `scores` are meant: the number of classes for a multiclass learner, 0 otherwise.
    public private(set) var classCount = 0
    private var scores: [Double] = []

    /// A prediction of value 0 without class scores.
    public init() {}

    /// Probability of class `index` (0..<classCount).
    public subscript(index: Int) -> Double {
        get { scores[index] }
        set { scores[index] = newValue }
    }

    /// Makes room for `count` class scores, all 0. Allocates only when the number of classes grows.
    public mutating func reserveClasses(_ count: Int) {
        if scores.count < count { scores.append(contentsOf: repeatElement(0, count: count - scores.count)) }
        classCount = count
        for index in 0..<count { scores[index] = 0 }
    }

    /// Makes ``value`` the index of the largest class score, the lowest of equals; leaves it where there is no class.
    public mutating func decideClass() {
        guard classCount > 0 else { return }
        var best = 0
        for index in 1..<max(1, classCount) where scores[index] > scores[best] { best = index }
        value = Double(best)
    }
}
