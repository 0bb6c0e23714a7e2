/// What a learner says of one event; reused from event to event.
@safe public struct Prediction: ~Copyable {
    /// Binary: P(positive) in 0...1. Regression: the value. Multiclass: the index of the best class. Anomaly: the score.
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
}
