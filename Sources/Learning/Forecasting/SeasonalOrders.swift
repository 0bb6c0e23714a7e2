/// The orders of a SNARIMAX model, and what follows from them: its lags and its differencing.
struct SeasonalOrders: Sendable, Equatable {
    /// Autoregressive lags, differences, lags of errors.
    var p = 0
    var d = 0
    var q = 0
    /// Events in a season, and the same three at steps of a season.
    var m = 1
    var sp = 0
    var sd = 0
    var sq = 0

    /// One value before the present with its share in the difference.
    struct Term: Sendable, Equatable {
        var lag: Int
        var coefficient: Double
    }

    /// Lags of the differenced series that are features: 1...p, then m, 2m, …, sp·m as far as they are not among those.
    var seriesLags: [Int] { lags(p, sp) }
    /// The same of the errors, by q and sq.
    var errorLags: [Int] { lags(q, sq) }

    private func lags(_ near: Int, _ seasonal: Int) -> [Int] {
        Array(0..<near).map { $0 + 1 } + Array(0..<seasonal).map { ($0 + 1) * m }.filter { $0 > near }
    }

    /// How many values the difference looks back: d + m·sd.
    var differenceReach: Int { d + m * sd }

    /// (1 − B)^d (1 − B^m)^sd without its leading 1, B being the step back: the difference is y + Σ coefficient·y(t − lag).
    var differenceTerms: [Term] {
        var polynomial = [Double](repeating: 0, count: differenceReach + 1)
        polynomial[0] = 1
        let steps = [Int](repeating: 1, count: d) + [Int](repeating: m, count: sd)
        for step in steps {
            for lag in stride(from: differenceReach, through: step, by: -1) {
                polynomial[lag] -= polynomial[lag - step]
            }
        }
        return polynomial.indices.dropFirst().filter { polynomial[$0] != 0 }.map {
            Term(lag: $0, coefficient: polynomial[$0])
        }
    }
}
