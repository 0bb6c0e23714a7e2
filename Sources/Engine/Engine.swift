internal import CLinux
internal import Kafka
internal import Learning
internal import Synchronization
public import Telemetry

/// Scores one topic with models that learn: joins the group, runs a partition actor for each partition it is given, publishes,
/// and commits what is delivered.
///
/// One engine runs once. ``run()`` blocks its thread; everything else may be called from any thread.
public final class Engine: Sendable {
    let configuration: EngineConfiguration
    let log: Log
    let meters: EngineMeters
    let board = StatusBoard()
    private let stopper = StopSwitch()

    /// An engine for a pipeline; nothing is opened yet.
    public init(_ configuration: EngineConfiguration, log: Log, metrics: MetricRegistry) {
        precondition(!configuration.models.isEmpty, "a pipeline has at least one model")
        self.configuration = configuration
        self.log = log
        let learners = configuration.models.map { $0.makeLearner(denseCount: 0) }
        meters = EngineMeters(
            metrics, models: configuration.models.map(\.name), learnsUnlabelled: learners.map(\.learnsUnlabelled))
        let board = board
        metrics.read(.partitionsAssigned) { Double(board.handles.count) }
        meters.showQuality(
            of: configuration.models.map { model in
                EngineMeters.ModelFigures(name: model.name, figures: Self.figures(of: model.task))
            }, on: board)
        meters.showExperts(
            of: zip(configuration.models, learners).map { model, learner in
                EngineMeters.ModelExperts(name: model.name, experts: expertWeights(of: learner)?.map(\.name) ?? [])
            }, on: board)
        metrics.read(.outputsInFlight) { Double(board.handles.reduce(0) { $0 + $1.progress.inFlight }) }
    }

    /// The names of the figures that the metrics page shows.
    private static func figures(of task: LearningTask) -> [String] {
        switch task {
        case .binary: ["accuracy", "f1", "log_loss"]
        case .multiclass: ["accuracy", "macro_f1", "log_loss"]
        case .regression: ["mae", "rmse", "r2"]
        case .anomaly: []
        }
    }

    /// Chooses how malloc works with threads, for less memory on one CPU. First thing in a program, while it has one thread;
    /// without it everything works too.
    public static func chooseHeaps() { millrace_share_heap_on_one_cpu() }

    /// Runs until ``stop()``, the end of the input (`exitsAtEnd`) or an error. What is delivered is committed in every case.
    public func run() throws(EngineError) -> RunSummary {
        let keepsFreedMemory = millrace_keep_freed_memory(Int64(configuration.memoryBytes))
        if case .latest = configuration.start { log.info("a group without a commit starts at the end") }
        guard let cluster = try PreparedCluster(configuration, log: log, stopper: stopper) else {
            log.info("stopped before the cluster answered")
            return RunSummary(snapshot: snapshot(), reachedEnd: false)
        }
        let workerCount = max(1, min(Int(millrace_usable_cpus()), Int(cluster.inputPartitionCount)))
        let loop = ControlLoop(
            configuration: configuration, log: log, meters: meters, board: board, cluster: cluster,
            workerCount: workerCount, keepsFreedMemory: keepsFreedMemory, stopper: stopper)
        board.workers = loop.workers
        let group: ConsumerGroup
        do throws(KafkaError) {
            group = try ConsumerGroup(
                properties: configuration.properties, settings: cluster.consumerSettings(configuration), log: log,
                delegate: loop)
        } catch {
            throw EngineError(error, during: "joining group \(configuration.groupID)")
        }
        log.info(
            "started",
            [
                "group": configuration.groupID, "input": configuration.inputTopic, "output": configuration.outputTopic,
                "partitions": "\(cluster.inputPartitionCount)", "workers": "\(workerCount)",
                "librdkafka": LibraryVersion.text, "models": configuration.models.map(\.name).joined(separator: ","),
                "state": "in memory: a restarted or moved task begins with fresh models",
            ])
        return try loop.run(group) { self.snapshot() }
    }

    /// Asks the engine to drain, commit and end; returns at once. Repeats are harmless.
    public func stop() { stopper.stop() }
}

/// Set once, by anybody.
final class StopSwitch: Sendable {
    private let isOn = Atomic<Bool>(false)
    var isStopping: Bool { isOn.load(ordering: .relaxed) }
    func stop() { isOn.store(true, ordering: .relaxed) }
}
