/// How good one model has been, each event predicted before it was learned (prequential), beside what trivial models would
/// have scored over the same events: overall, and over a window of recent events.
///
/// A value: copy it for a snapshot. `record` allocates only while something grows for a first time (a class that appears, a
/// sliding window that is not full yet, scores kept for the exact ROC AUC at 8 bytes an event for ever).
///
/// Every figure of ``MetricTally`` is a member of its own too: `metrics.accuracy` is `metrics.overall.accuracy`.
@dynamicMemberLookup
public struct PrequentialMetrics: Sendable, Equatable {
    /// The task, which decides which figures there are.
    public var task: LearningTask { overall.task }
    /// The recent events that ``recent`` is of.
    public let window: MetricWindow?
    /// The quantile that a regression model predicts, for the figure `quantile_loss`; nil for one that predicts the mean.
    public let quantile: Double?
    /// How many events were recorded.
    public private(set) var count: UInt64 = 0
    /// All events so far.
    public private(set) var overall: MetricTally
    private var trivial = TrivialModels()
    private var kind: WindowKind
    /// In use if `kind` says so: large optional values are copied out of their optional at each use.
    private var fading: FadingWindow
    private var sliding: SlidingWindow

    private enum WindowKind: UInt8 {
        case none = 0
        case fading = 1
        case sliding = 2
    }

    /// Metrics of no event. `keepsScores` keeps every score, so that ``MetricTally/rocAUC`` is exact (binary and
    /// anomaly tasks only).
    /// `window` is valid (``MetricWindow/isValid``), `quantile` in 0...1; others trap.
    public init(
        task: LearningTask, keepsScores: Bool = false, window: MetricWindow? = .standard, quantile: Double? = nil
    ) {
        precondition(window?.isValid ?? true)
        precondition(quantile.map { $0 >= 0 && $0 <= 1 } ?? true)
        self.window = window
        self.quantile = quantile
        overall = MetricTally(task: task, keepsScores: keepsScores)
        fading = FadingWindow(task: task, factor: Self.unusedFactor)
        sliding = SlidingWindow(task: task, capacity: 1)
        switch window {
        case .fading(let factor):
            kind = .fading
            fading = FadingWindow(task: task, factor: factor)
        case .sliding(let events):
            kind = .sliding
            sliding = SlidingWindow(task: task, capacity: events)
        case nil:
            kind = .none
        }
    }

    private static let unusedFactor = 0.5

    /// Takes one event: what was predicted before learning it (``Prediction/value``), and its label. A label that is not
    /// finite is left out.
    ///
    /// Binary and anomaly: class 1 is predicted iff the value is above 0.5, and a label above 0.5 is positive. A value outside 0...1
    /// counts as the bound it is beyond, NaN as 0. Multiclass: the value is the class predicted, and nothing is known of
    /// probabilities; use ``record(_:label:)``.
    @inline(__always)
    public mutating func record(prediction: Double, label: Double) {
        guard label.isFinite else { return }
        switch task {
        case .binary, .anomaly: recordBinary(prediction, label)
        case .multiclass:
            recordMulticlass(MetricEvent(prediction: prediction, label: label, trivial: trivial.answers))
        case .regression: recordRegression(prediction, label)
        }
    }

    /// Takes one event with all that was predicted: in multiclass tasks the probabilities of the classes too, from which log
    /// loss, Brier score and calibration come. A class beyond them has probability 0; without any the event has no part in
    /// those figures.
    @inline(__always)
    public mutating func record(_ prediction: borrowing Prediction, label: Double) {
        guard task == .multiclass else { return record(prediction: prediction.value, label: label) }
        guard label.isFinite else { return }
        recordMulticlass(MetricEvent(classesOf: prediction, label: label, trivial: trivial.answers))
    }

    private mutating func recordBinary(_ prediction: Double, _ label: Double) {
        let event = MetricEvent(
            prediction: MetricEvent.bounded(prediction), label: label > 0.5 ? 1 : 0, trivial: trivial.answers)
        count &+= 1
        overall.addBinary(event)
        if kind == .fading { fading.addBinary(event) }
        if kind == .sliding { sliding.add(event) }
        trivial.learnBinary(event.label)
    }

    private mutating func recordMulticlass(_ event: MetricEvent) {
        count &+= 1
        overall.addMulticlass(event)
        if kind == .fading { fading.addMulticlass(event) }
        if kind == .sliding { sliding.add(event) }
        trivial.learnMulticlass(event.label)
    }

    private mutating func recordRegression(_ prediction: Double, _ label: Double) {
        let event = MetricEvent(
            prediction: prediction, label: label, trivial: SIMD2(trivial.answers[0], overall.regression.labelMean))
        count &+= 1
        overall.addRegression(event, weight: 1)
        if kind == .fading { fading.addRegression(event) }
        if kind == .sliding { sliding.add(event) }
        trivial.learnRegression(label)
    }

    /// Adds what `other` recorded, over other events of the same task. Overall figures: associative up to rounding, metrics
    /// of no event change nothing; ROC AUC stays exact only if both kept scores. Recent figures: of the recent events of
    /// both, which weigh the same. Both have the same window.
    public mutating func merge(_ other: PrequentialMetrics) {
        precondition(task == other.task && window == other.window)
        count &+= other.count
        overall.merge(other.overall)
        trivial.merge(other.trivial)
        if kind == .fading { fading.merge(other.fading) }
        if kind == .sliding { sliding.merge(other.sliding) }
    }
}

// MARK: - Figures

extension PrequentialMetrics {
    /// The recent events; nil without a window. Complexity: O(1) for a fading window, O(events) for a sliding one. For one
    /// figure an event use ``recent(_:)``.
    public var recent: MetricTally? {
        switch kind {
        case .none: nil
        case .fading: fading.tally
        case .sliding: sliding.tally
        }
    }

    /// One figure of the recent events, e.g. `metrics.recent(\.accuracy)`: without a copy in a fading window.
    public func recent(_ figure: (borrowing MetricTally) -> Double?) -> Double? {
        switch kind {
        case .none: nil
        case .fading: figure(fading.sums)
        case .sliding: figure(sliding.tally)
        }
    }

    /// A figure over all events.
    public subscript<Figure>(dynamicMember figure: KeyPath<MetricTally, Figure>) -> Figure { overall[keyPath: figure] }

    /// The figures of the task that are known and finite, by the names that `eval --json` prints.
    public var figures: [MetricFigure] { overall.figures(quantile: quantile) }

    /// The same of the recent events; empty without a window.
    public var recentFigures: [MetricFigure] { recent?.figures(quantile: quantile) ?? [] }
}

// MARK: - State

extension PrequentialMetrics {
    private static let tag = StateTag("PREQ")

    /// Appends the whole state. Kept scores are no part of it: metrics that go on from a state have the sketch of the ROC AUC,
    /// and the state is the same with and without them.
    public func encode(into encoder: inout StateEncoder) {
        encoder.section(Self.tag, version: 2) { encoder in
            encoder.append(task.code)
            encoder.append(kind.rawValue)
            encoder.append(windowNumber)
            encoder.append(count)
            overall.encode(into: &encoder)
            trivial.encode(into: &encoder)
            if kind == .fading { fading.encode(into: &encoder) }
            if kind == .sliding { sliding.encode(into: &encoder) }
        }
    }

    /// Replaces the whole state by an encoded one of the same task and window; on an error nothing changes.
    public mutating func decode(from decoder: inout StateDecoder) throws(StateError) {
        let empty = PrequentialMetrics(task: task, window: window, quantile: quantile)
        self = try decoder.section(Self.tag, newest: 2) { decoder, version throws(StateError) in
            guard version == 2, try decoder.byte() == empty.task.code else { throw .mismatch }
            guard try decoder.byte() == empty.kind.rawValue, try decoder.double() == empty.windowNumber else {
                throw .mismatch
            }
            var metrics = empty
            metrics.count = try decoder.uint64()
            metrics.overall = try MetricTally(task: empty.task, from: &decoder)
            metrics.trivial = try TrivialModels(task: empty.task, from: &decoder)
            switch empty.window {
            case .fading(let factor):
                metrics.fading = try FadingWindow(task: empty.task, factor: factor, from: &decoder)
            case .sliding(let events):
                metrics.sliding = try SlidingWindow(task: empty.task, capacity: events, from: &decoder)
            case nil: break
            }
            return metrics
        }
    }

    /// The factor or the number of events; 0 without a window.
    private var windowNumber: Double {
        switch window {
        case nil: 0
        case .fading(let factor): factor
        case .sliding(let events): Double(events)
        }
    }
}

extension LearningTask {
    /// The task's code in encoded states.
    fileprivate var code: UInt8 {
        switch self {
        case .binary: 0
        case .multiclass: 1
        case .regression: 2
        case .anomaly: 3
        }
    }
}
