/// Sums in which older events weigh less, by `factor` an event.
///
/// Instead of all sums shrinking, the weight of new events grows (forward decay, Cormode et al. 2009): only what an event
/// touches is written. It grows in steps of a few events, which saves the logarithm of each event's loss: 1/32 of the
/// 1 / (1 − factor) events that count in effect, 1...16. When it passes 2^64 everything is divided by that, exactly.
struct FadingWindow: Sendable, Equatable {
    /// Values and errors beyond this count as this, so that none stays infinite for ever: 1e125² · 2^64 · any number of events
    /// stays a finite number.
    private static let magnitudeMax = 1e125
    private static let weightMax = 0x1p64

    /// Events that share a weight.
    private let step: Int
    /// The weight of a step in units of the one before.
    private let growth: Double
    /// Events to come in this step.
    private var remaining: Int
    /// The weight of this step's events.
    private var weight: Double = 1
    /// The sums, in units of which this step's events have `weight`.
    private(set) var sums: MetricTally

    init(task: LearningTask, factor: Double) {
        step = max(1, min(WeightedLogLoss.shareMax, Int(1 / (1 - factor) / 32)))
        growth = (0..<step).reduce(1) { power, _ in power / factor }
        remaining = step
        sums = MetricTally(task: task, keepsScores: false)
    }

    @inline(__always)
    mutating func addBinary(_ event: MetricEvent) {
        advance()
        sums.addBinary(event, weight: weight)
    }

    @inline(__always)
    mutating func addMulticlass(_ event: MetricEvent) {
        advance()
        sums.addMulticlass(event, weight: weight)
    }

    @inline(__always)
    mutating func addRegression(_ event: MetricEvent) {
        advance()
        let bounded = MetricEvent(
            prediction: Self.bounded(event.prediction), label: Self.bounded(event.label),
            trivial: SIMD2(Self.bounded(event.trivial[0]), Self.bounded(event.trivial[1])))
        sums.addRegression(bounded, weight: weight)
    }

    @inline(__always)
    private mutating func advance() {
        if remaining == 0 { beginStep() }
        remaining -= 1
    }

    /// `value` itself, or the bound it is beyond; NaN counts as the lower one.
    @inline(__always)
    private static func bounded(_ value: Double) -> Double {
        let notBelow = value > -magnitudeMax ? value : -magnitudeMax
        return notBelow < magnitudeMax ? notBelow : magnitudeMax
    }

    @inline(never)
    private mutating func beginStep() {
        remaining = step
        weight *= growth
        if weight > Self.weightMax {
            sums.scale(by: 1 / Self.weightMax)
            weight /= Self.weightMax
        }
        sums.weightedLogLoss.change(weight: weight)
    }

    /// The sums with weight 1 for the newest event.
    var tally: MetricTally {
        var tally = sums
        tally.scale(by: 1 / weight)
        return tally
    }

    /// Adds the recent events of `other`, whose newest weighs as much as ours.
    mutating func merge(_ other: FadingWindow) {
        sums.merge(other.sums, scale: weight / other.weight)
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(remaining))
        encoder.append(weight)
        sums.encode(into: &encoder)
    }

    init(task: LearningTask, factor: Double, from decoder: inout StateDecoder) throws(StateError) {
        self.init(task: task, factor: factor)
        let remaining = try decoder.uint64()
        weight = try decoder.weight()
        sums = try MetricTally(task: task, from: &decoder)
        guard remaining <= UInt64(step), weight >= 1, weight <= Self.weightMax else {
            throw .corrupt
        }
        self.remaining = Int(remaining)
    }
}

/// The last events themselves, in a ring: figures are computed from them when they are asked for.
struct SlidingWindow: Sendable, Equatable {
    private let task: LearningTask
    /// Events at most.
    let capacity: Int
    /// Numbers of one event.
    private var stride: Int { task == .multiclass ? 7 : 4 }
    private var values: [Double] = []
    /// Where the next event goes in a full ring, in events; 0 before.
    private var next = 0

    init(task: LearningTask, capacity: Int) {
        self.task = task
        self.capacity = capacity
    }

    /// How many events are in it.
    var count: Int { values.count / stride }

    /// Allocates until the window is full for the first time.
    @inline(__always)
    mutating func add(_ event: MetricEvent) {
        if values.count < capacity * stride {
            append(event)
        } else {
            let start = next * stride
            values[start] = event.prediction
            values[start + 1] = event.label
            values[start + 2] = event.trivial[0]
            values[start + 3] = event.trivial[1]
            if task == .multiclass {
                values[start + 4] = event.truth
                values[start + 5] = event.confidence
                values[start + 6] = event.squaredError
            }
            next = next + 1 == capacity ? 0 : next + 1
        }
    }

    @inline(never)
    private mutating func append(_ event: MetricEvent) {
        values.append(event.prediction)
        values.append(event.label)
        values.append(event.trivial[0])
        values.append(event.trivial[1])
        guard task == .multiclass else { return }
        values.append(event.truth)
        values.append(event.confidence)
        values.append(event.squaredError)
    }

    /// Event `index`, from the oldest on.
    subscript(index: Int) -> MetricEvent {
        let start = (next + index) % count * stride
        var event = MetricEvent(
            prediction: values[start], label: values[start + 1],
            trivial: SIMD2(values[start + 2], values[start + 3]))
        if task == .multiclass {
            event.truth = values[start + 4]
            event.confidence = values[start + 5]
            event.squaredError = values[start + 6]
        }
        return event
    }

    /// The sums over the window. Complexity: O(count).
    var tally: MetricTally {
        var tally = MetricTally(task: task, keepsScores: true)
        for index in 0..<count { tally.add(self[index]) }
        return tally
    }

    /// The newest events of both, the other's after ours. The window grows to hold them all.
    mutating func merge(_ other: SlidingWindow) {
        var merged = SlidingWindow(task: task, capacity: max(capacity, count + other.count))
        for index in 0..<count { merged.append(self[index]) }
        for index in 0..<other.count { merged.append(other[index]) }
        self = merged
    }

    static func == (left: SlidingWindow, right: SlidingWindow) -> Bool {
        left.capacity == right.capacity && left.count == right.count
            && (0..<left.count).allSatisfy { left[$0] == right[$0] }
    }

    /// The events from the oldest on.
    func encode(into encoder: inout StateEncoder) {
        encoder.append(UInt64(values.count))
        for index in values.indices { encoder.append(values[(next * stride + index) % values.count]) }
    }

    /// `capacity` is a least one: windows that were merged hold more.
    init(task: LearningTask, capacity: Int, from decoder: inout StateDecoder) throws(StateError) {
        let values = try decoder.doubles()
        let stride = SlidingWindow(task: task, capacity: capacity).stride
        guard values.count % stride == 0 else { throw .corrupt }
        self.init(task: task, capacity: max(capacity, values.count / stride))
        self.values = values
        // What is counted by its place in 0...1 has to be there.
        let isProbable = { (value: Double) in value >= 0 && value <= 1 }
        for index in 0..<count {
            let event = self[index]
            let isSound =
                switch task {
                case .binary, .anomaly: isProbable(event.prediction) && isProbable(event.label)
                case .multiclass: isProbable(event.truth) && isProbable(event.confidence)
                case .regression: true
                }
            guard isSound else { throw .corrupt }
        }
    }
}
