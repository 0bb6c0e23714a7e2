/// How well items were ranked, one query (a user, a session, a search) at a time: recall and NDCG of the first k, overall and
/// over recent queries.
///
/// For a query with the grades g₁, g₂, … of its items in the order in which the model ranked them (0: irrelevant):
///
/// - recall@k: items with a grade above 0 among the first k, divided by all such items of the query.
/// - NDCG@k: DCG / ideal DCG, where DCG = Σ gᵢ / log₂(i + 1) over the first k, and the ideal one is that of the grades in
///   descending order (Järvelin & Kekäläinen 2002; linear gain, as scikit-learn's `ndcg_score`, without averaging of ties:
///   the order given counts).
///
/// Both are means over queries. A query without a relevant item has neither, and is only counted (``emptyCount``).
/// `record` does not allocate once a sliding window is full.
public struct RankingMetrics: Sendable, Equatable {
    /// How many items from the top count.
    public let k: Int
    /// The recent queries that ``recentRecall`` and ``recentNDCG`` are of. In a fading window weights fall with each query.
    public let window: MetricWindow?
    /// Queries with a relevant item.
    public private(set) var count: UInt64 = 0
    /// Queries without one.
    public private(set) var emptyCount: UInt64 = 0
    /// Sums of (recall, NDCG) over all queries.
    private var overall = SIMD2<Double>.zero
    /// Fading window: the sums, and the sum of weights.
    private var fading = SIMD3<Double>.zero
    /// Sliding window: a ring of (recall, NDCG).
    private var ring: [SIMD2<Double>] = []
    /// Where the next query goes in a full ring.
    private var next = 0
    /// 1 / log₂(i + 1) of ranks 1...k.
    private let discounts: [Double]
    /// The k best grades of the query at hand, descending.
    private var ideal: [Double]

    /// Metrics of no query. `k` is in 1...10,000 and `window` valid; others trap.
    public init(k: Int, window: MetricWindow? = .standard) {
        precondition(k >= 1 && k <= 10_000 && (window?.isValid ?? true))
        self.k = k
        self.window = window
        discounts = (0..<k).map { logarithm(2) / logarithm(Double($0 + 2)) }
        ideal = Array(repeating: 0, count: k)
    }

    /// Takes one query: the grades of its items, the item ranked best first. Relevant items that the model left out go to the
    /// end, behind at least k others (pad with 0). Grades below 0, and those that are not finite, count as 0.
    /// Complexity: O(n · k) at worst, O(n) for few relevant items.
    public mutating func record(_ grades: borrowing Span<Double>) {
        var relevant = 0.0
        var found = 0.0
        var gain = 0.0
        var kept = 0
        for rank in 0..<grades.count {
            let grade = grades[rank]
            guard grade > 0, grade.isFinite else { continue }
            relevant += 1
            if rank < k {
                found += 1
                gain += grade * discounts[rank]
            }
            keep(grade, &kept)
        }
        guard relevant > 0 else {
            emptyCount &+= 1
            return
        }
        var idealGain = 0.0
        for rank in 0..<kept { idealGain += ideal[rank] * discounts[rank] }
        // Grades near the largest number have an infinite sum; the ratio of two of those says nothing.
        let ratio = gain / idealGain
        add(SIMD2(found / relevant, ratio.isNaN ? 0 : ratio))
    }

    /// Puts a grade where it belongs among the best.
    private mutating func keep(_ grade: Double, _ kept: inout Int) {
        guard kept < k || grade > ideal[k - 1] else { return }
        var hole = min(kept, k - 1)
        while hole > 0, ideal[hole - 1] < grade {
            ideal[hole] = ideal[hole - 1]
            hole -= 1
        }
        ideal[hole] = grade
        kept = min(kept + 1, k)
    }

    private mutating func add(_ figures: SIMD2<Double>) {
        count &+= 1
        overall += figures
        switch window {
        case nil: break
        case .fading(let factor): fading = fading * factor + SIMD3(figures[0], figures[1], 1)
        case .sliding(let queries):
            if ring.count < queries {
                ring.append(figures)
            } else {
                ring[next] = figures
                next = next + 1 == queries ? 0 : next + 1
            }
        }
    }
}

// MARK: - Figures

extension RankingMetrics {
    /// Mean recall@k.
    public var recall: Double? { count > 0 ? overall[0] / Double(count) : nil }
    /// Mean NDCG@k.
    public var ndcg: Double? { count > 0 ? overall[1] / Double(count) : nil }
    /// Mean recall@k of the recent queries.
    public var recentRecall: Double? { recent.map { $0[0] } }
    /// Mean NDCG@k of the recent queries.
    public var recentNDCG: Double? { recent.map { $0[1] } }

    /// The figures that are known, e.g. `recall_at_10` and `ndcg_at_10`.
    public var figures: [MetricFigure] {
        guard let recall, let ndcg else { return [] }
        return [MetricFigure(name: "recall_at_\(k)", value: recall), MetricFigure(name: "ndcg_at_\(k)", value: ndcg)]
    }

    private var recent: SIMD2<Double>? {
        if case .sliding = window {
            return ring.isEmpty ? nil : ring.reduce(.zero, +) / Double(ring.count)
        }
        return fading[2] > 0 ? SIMD2(fading[0], fading[1]) / fading[2] : nil
    }
}

// MARK: - Merging and state

extension RankingMetrics {
    /// Adds what `other` recorded over other queries, with the same k and window. Overall figures: associative up to rounding.
    /// Recent figures: fading, of the recent queries of both, which weigh the same; sliding, of the newest of ours followed
    /// by the other's.
    public mutating func merge(_ other: RankingMetrics) {
        precondition(k == other.k && window == other.window)
        count &+= other.count
        emptyCount &+= other.emptyCount
        overall += other.overall
        fading += other.fading
        guard case .sliding(let queries) = window else { return }
        ring = Array((oldestFirst + other.oldestFirst).suffix(queries))
        next = 0
    }

    private var oldestFirst: [SIMD2<Double>] { Array(ring[next...] + ring[..<next]) }

    private static let tag = StateTag("RANK")

    /// Appends the whole state.
    public func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(UInt64(k))
            encoder.append(windowCode[0])
            encoder.append(windowCode[1])
            encoder.append(count)
            encoder.append(emptyCount)
            for value in [overall[0], overall[1], fading[0], fading[1], fading[2]] { encoder.append(value) }
            encoder.append(UInt64(ring.count))
            for figures in oldestFirst {
                encoder.append(figures[0])
                encoder.append(figures[1])
            }
        }
    }

    /// Replaces the whole state by an encoded one of the same k and window; on an error nothing changes.
    public mutating func decode(from decoder: inout StateDecoder) throws(StateError) {
        let empty = RankingMetrics(k: k, window: window)
        self = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == UInt64(empty.k), try decoder.double() == empty.windowCode[0],
                try decoder.double() == empty.windowCode[1]
            else { throw .mismatch }
            var metrics = empty
            metrics.count = try decoder.uint64()
            metrics.emptyCount = try decoder.uint64()
            metrics.overall = SIMD2(try decoder.weight(), try decoder.weight())
            metrics.fading = SIMD3(try decoder.weight(), try decoder.weight(), try decoder.weight())
            let queries = try decoder.length(ofElements: 16)
            guard queries == 0 || queries <= Int(empty.windowCode[1]) else { throw .corrupt }
            for _ in 0..<queries { metrics.ring.append(SIMD2(try decoder.weight(), try decoder.weight())) }
            return metrics
        }
    }

    /// The window's kind and its number.
    private var windowCode: SIMD2<Double> {
        switch window {
        case nil: [0, 0]
        case .fading(let factor): [1, factor]
        case .sliding(let queries): [2, Double(queries)]
        }
    }

    /// Equal states, whatever was recorded before: what is left of the query before does not count.
    public static func == (left: RankingMetrics, right: RankingMetrics) -> Bool {
        left.k == right.k && left.window == right.window && left.count == right.count
            && left.emptyCount == right.emptyCount && left.overall == right.overall && left.fading == right.fading
            && left.oldestFirst == right.oldestFirst
    }
}
