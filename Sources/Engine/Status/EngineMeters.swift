internal import Kafka
internal import Synchronization
internal import Telemetry

/// The engine's counters, made once: counting is an atomic addition a batch. Series that depend on a reason from a closed list
/// are made when the reason first occurs.
final class EngineMeters: Sendable {
    let registry: MetricRegistry
    let events: Counter
    let predictions: Counter
    /// Bad records, whatever their reason; `badRecords` on the page has them by reason.
    let bad = Counter()
    let labelsMissing: Counter
    let categoriesUnknown: Counter
    let fetchWakeUps: Counter
    let featuresAbsent: Counter
    let timestampsReplaced: Counter
    let deliveries: Counter
    let commits: Counter
    let commitFailures: Counter
    let partitionRestarts: Counter
    let recordsDropped: Counter
    let recordsRepeated: Counter
    let batchLatency: Histogram
    let classesRefused: Counter
    private let learned: [Counter]
    /// Whether each model learns from events without a label.
    private let learnsUnlabelled: [Bool]
    private let models: [String]

    init(_ registry: MetricRegistry, models: [String], learnsUnlabelled: [Bool] = []) {
        self.registry = registry
        self.models = models
        self.learnsUnlabelled = learnsUnlabelled
        classesRefused = registry.counter(.classesRefused)
        events = registry.counter(.events)
        predictions = registry.counter(.predictions)
        labelsMissing = registry.counter(.labelsMissing)
        categoriesUnknown = registry.counter(.categoriesUnknown)
        fetchWakeUps = registry.counter(.fetchWakeUps)
        featuresAbsent = registry.counter(.featuresAbsent)
        timestampsReplaced = registry.counter(.timestampsReplaced)
        deliveries = registry.counter(.deliveries)
        commits = registry.counter(.commits)
        commitFailures = registry.counter(.commitFailures)
        partitionRestarts = registry.counter(.partitionRestarts)
        recordsDropped = registry.counter(.recordsDropped)
        recordsRepeated = registry.counter(.recordsRepeated)
        batchLatency = registry.histogram(.batchLatency)
        learned = models.map { registry.counter(.learned, $0) }
    }

    /// Adds what a batch amounted to.
    func add(_ counts: BatchCounts, expectsLabels: Bool) {
        if counts.predicted + counts.bad > 0 { events.add(counts.predicted + counts.bad) }
        if counts.predicted > 0 { predictions.add(counts.predicted) }
        if counts.bad > 0 { bad.add(counts.bad) }
        if counts.unknownCategories > 0 { categoriesUnknown.add(counts.unknownCategories) }
        if counts.learned > 0 { for counter in learned { counter.add(counts.learned) } }
        if counts.unlabelled > 0 {
            for (counter, isLearning) in zip(learned, learnsUnlabelled) where isLearning {
                counter.add(counts.unlabelled)
            }
            if expectsLabels { labelsMissing.add(counts.unlabelled) }
        }
        if counts.classesRefused > 0 { classesRefused.add(counts.classesRefused) }
        if counts.absentFeatures > 0 { featuresAbsent.add(counts.absentFeatures) }
        if counts.backwardSteps > 0 { recordsRepeated.add(counts.backwardSteps) }
        if counts.restampedRecords > 0 { timestampsReplaced.add(counts.restampedRecords) }
    }

    /// A model's detector signalled so many drifts more.
    func drifts(ofModel index: Int, grewBy count: UInt64) {
        if count > 0 { registry.counter(.drifts, models[index]).add(count) }
    }

    func badRecord(reason: String) { registry.counter(.badRecords, reason).add() }

    func deadLetter(reason: String) { registry.counter(.deadLetters, reason).add() }

    func deliveryFailure(_ error: KafkaError, count: Int) {
        let reason =
            error.isAuthorization || error.isAuthentication
            ? "unauthorised" : error.isRecordRefused ? "refused" : error.isFatal ? "fatal" : "retriable"
        registry.counter(.deliveryFailures, reason).add(UInt64(count))
    }

    func kafkaError(_ error: KafkaError) { registry.counter(.kafkaErrors, error.code.name).add() }

    func offsetsLost(_ count: Int64, of topic: String) {
        registry.counter(.offsetsLost, topic).add(UInt64(clamping: count))
    }

    func rebalance(kind: String, milliseconds: Double) {
        registry.counter(.rebalances, kind).add()
        registry.histogram(.rebalanceHook).observe(nanoseconds: UInt64(max(0, milliseconds * 1e6)))
    }
}
