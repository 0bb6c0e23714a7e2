/// A tree that can be a member of an ensemble.
protocol MemberTree: WatchedTree {
    associatedtype Standing: MemberStanding

    /// Forgets everything and draws from another seed on.
    func reset(seed: UInt64)
}

/// What an ensemble remembers of how good a member's answers were.
protocol MemberStanding {
    init()
    init(from decoder: inout StateDecoder) throws(StateError)
    /// Another tree has taken the place of the member's.
    mutating func startOver()
    func encode(into encoder: inout StateEncoder)
}

extension ClassificationTree: MemberTree {
    /// How often a tree foretold the class.
    struct Standing: MemberStanding {
        /// Weight of the events that the tree foretold, since it began.
        var right = 0.0
        /// Weight of those it did not.
        var wrong = 0.0

        init() {}

        /// The share of events that the tree foretold, 0 before the first.
        @inline(__always)
        var accuracy: Double { right + wrong > 0 ? right / (right + wrong) : 0 }

        /// Counts whether the tree foretold an event.
        @inline(__always)
        mutating func count(_ isRight: Bool, weight: Double) {
            if isRight { right += weight } else { wrong += weight }
        }

        mutating func startOver() { self = Standing() }

        func encode(into encoder: inout StateEncoder) {
            encoder.append(right)
            encoder.append(wrong)
        }

        init(from decoder: inout StateDecoder) throws(StateError) {
            (right, wrong) = (try decoder.double(), try decoder.double())
            guard right >= 0, wrong >= 0, (right + wrong).isFinite else { throw .corrupt }
        }
    }
}

extension RegressionTree: MemberTree {
    /// The scale of a tree's errors, which a tree that follows it keeps.
    struct Standing: MemberStanding {
        /// The errors, with their sign.
        private var errors = TargetStatistics()

        init() {}

        /// Takes an error in and gives it on a scale on which nearly all lie in 0...1: three standard deviations to either
        /// side of none.
        @inline(__always)
        mutating func scaled(_ error: Double) -> Double {
            errors.add(error, weight: 1)
            let deviation = errors.variance.squareRoot()
            guard deviation > 0, deviation.isFinite else { return 0.5 }
            return (error + 3 * deviation) / (6 * deviation)
        }

        mutating func startOver() {}

        func encode(into encoder: inout StateEncoder) {
            for number in [errors.count, errors.mean, errors.squares] { encoder.append(number) }
        }

        init(from decoder: inout StateDecoder) throws(StateError) {
            errors = TargetStatistics(
                count: try decoder.double(), mean: try decoder.double(), squares: try decoder.double())
            guard errors.isPlausible else { throw .corrupt }
        }
    }
}
