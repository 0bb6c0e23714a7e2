/// The k nearest of the last events (Cover and Hart 1967), found by comparing with every one of them.
///
/// Classes: each neighbour votes for its class with weight / distance; where the nearest lies at distance 0 its class has
/// probability 1. Numbers: the mean of the neighbours' labels by their weights. An event of weight w takes one place in the
/// window and votes w times. What distance means to absent values and categories is said at ``NeighbourWindow``.
@safe final class NearestNeighbours: Learner {
    let task: LearningTask
    private let fingerprint: UInt64
    private let window: NeighbourWindow
    private var counts = Counts()

    private struct Counts {
        var learnedCount: UInt64 = 0
        /// One more than the highest class learned.
        var classCount = 0
    }

    init(task: LearningTask, neighbourCount: Int, windowSize: Int, shape: LearnerShape, fingerprint: UInt64) {
        self.task = task
        self.fingerprint = fingerprint
        window = NeighbourWindow(
            capacity: windowSize, denseCount: shape.denseCount, fieldCount: shape.fieldCount,
            neighbourCountMax: min(neighbourCount, windowSize))
    }

    var learnedCount: UInt64 { counts.learnedCount }
    var memoryByteCount: Int { window.memoryByteCount }

    func predict(_ features: borrowing FeatureVector, into prediction: inout Prediction) {
        precondition(features.denseCount == window.denseCount)
        let found = window.search(features)
        switch task {
        case .multiclass: voteForClasses(found, into: &prediction)
        case .regression, .anomaly: prediction.value = mean(found)
        case .binary: prediction.value = probability(found)
        }
    }

    func learn(_ features: borrowing FeatureVector, label: Double, weight: Double) {
        guard weight > 0, weight <= LearnableRange.magnitudeMax, LearnableRange.accepts(label, task: task) else {
            return
        }
        precondition(features.denseCount == window.denseCount)
        var outcome = NeighbourWindow.Outcome(label: label, weight: weight)
        if task != .regression {
            guard let index = LearnableRange.classIndex(label, task: task) else { return }
            outcome.label = Double(index)
            counts.classCount = max(counts.classCount, index + 1)
        }
        window.append(features, outcome)
        counts.learnedCount &+= 1
    }

    /// How much neighbour `index` weighs, by its distance as a multiple of the nearest one's, which is no larger.
    @inline(__always)
    private func vote(_ index: Int) -> Double {
        let nearest = window.neighbour(0).squaredDistance
        let neighbour = window.neighbour(index)
        let weight = window.outcome(ofRow: neighbour.row).weight
        if nearest == 0 { return index == 0 ? weight : 0 }
        return weight * (nearest / neighbour.squaredDistance).magnitude.squareRoot()
    }

    private func probability(_ found: Int) -> Double {
        guard found > 0 else { return 0.5 }
        var (positive, all) = (0.0, 0.0)
        for index in 0..<found {
            let vote = vote(index)
            all += vote
            positive += vote * window.outcome(ofRow: window.neighbour(index).row).label
        }
        return positive / all
    }

    private func mean(_ found: Int) -> Double {
        var (sum, all) = (0.0, 0.0)
        for index in 0..<found {
            let outcome = window.outcome(ofRow: window.neighbour(index).row)
            sum += outcome.weight * outcome.label
            all += outcome.weight
        }
        return all > 0 ? sum / all : 0
    }

    private func voteForClasses(_ found: Int, into prediction: inout Prediction) {
        prediction.reserveClasses(counts.classCount)
        var all = 0.0
        for index in 0..<found {
            let vote = vote(index)
            prediction[Int(window.outcome(ofRow: window.neighbour(index).row).label)] += vote
            all += vote
        }
        for label in 0..<prediction.classCount { prediction[label] /= all }
        prediction.decideClass()
    }
}

// MARK: - State

extension NearestNeighbours {
    private static let tag = StateTag("KNNW")

    /// The rows, the oldest first.
    func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 1) { encoder in
            encoder.append(fingerprint)
            encoder.append(counts.learnedCount)
            encoder.append(UInt32(counts.classCount))
            encoder.append(UInt64(window.count))
            for age in 0..<window.count {
                let row = window.row(ofAge: age)
                encoder.append(window.outcome(ofRow: row).label)
                encoder.append(window.outcome(ofRow: row).weight)
                for slot in 0..<window.denseCount { encoder.append(window.value(ofRow: row, slot: slot)) }
                for field in 0..<window.fieldCount {
                    encoder.append(UInt32(bitPattern: window.category(ofRow: row, field: field)))
                }
            }
        }
    }

    func decode(from decoder: inout StateDecoder) throws(StateError) {
        let (counts, rows) = try decoder.section(Self.tag, newest: 1) { decoder, _ throws(StateError) in
            guard try decoder.uint64() == fingerprint else { throw .mismatch }
            let learnedCount = try decoder.uint64()
            let classCount = Int(try decoder.uint32())
            guard classCount <= (task == .binary ? 2 : LearnableRange.classCountMax) else { throw .corrupt }
            let counts = Counts(learnedCount: learnedCount, classCount: classCount)
            return (counts, try decodeRows(from: &decoder, classCount: classCount))
        }
        self.counts = counts
        window.removeAll()
        for decoded in rows {
            let row = window.appendRow(decoded.outcome)
            for (slot, value) in decoded.values.enumerated() { window.setValue(ofRow: row, slot: slot, value) }
            for (field, category) in decoded.categories.enumerated() {
                window.setCategory(ofRow: row, field: field, category)
            }
        }
    }

    private struct Row {
        var outcome: NeighbourWindow.Outcome
        var values: [Double] = []
        var categories: [Int32] = []
    }

    private func decodeRows(from decoder: inout StateDecoder, classCount: Int) throws(StateError) -> [Row] {
        let count = try decoder.length(ofElements: 16 + 8 * window.denseCount + 4 * window.fieldCount)
        guard count <= window.capacity else { throw .corrupt }
        var rows: [Row] = []
        for _ in 0..<count {
            let label = try decoder.double()
            var row = Row(outcome: NeighbourWindow.Outcome(label: label, weight: try decoder.double()))
            guard LearnableRange.accepts(label, task: task),
                row.outcome.weight > 0 && row.outcome.weight <= LearnableRange.magnitudeMax,
                task == .regression || label >= 0 && label < Double(classCount) && label == label.rounded(.down)
            else { throw .corrupt }
            for _ in 0..<window.denseCount {
                let value = try decoder.double()
                guard value.magnitude <= LearnableRange.magnitudeMax else { throw .corrupt }
                row.values.append(value)
            }
            for _ in 0..<window.fieldCount {
                let category = Int32(bitPattern: try decoder.uint32())
                guard category >= -1 else { throw .corrupt }
                row.categories.append(category)
            }
            rows.append(row)
        }
        return rows
    }
}
