import Configuration
import Engine
import Glibc
import Kafka
import Service
import Synchronization
import Telemetry

/// One `millrace demo`: the cluster, the loader, the engine, the reader of the predictions, and the view of all of them.
///
/// The engine runs on a thread of its own and the load and the reader on theirs; this thread draws. The load goes on only
/// as the predictions are read back, so that the embedded cluster drops nothing on either topic.
struct Demo {
    private let arguments: Arguments
    private let view = LiveView()
    private let log: Log
    private static let standardRate = 4_000.0
    private static let drawing = Duration.milliseconds(200)
    /// A demo in which nothing moves for so long before the end has lost something; it ends and says so.
    private static let standstillMax = Duration.seconds(30)

    init(_ arguments: Arguments) {
        self.arguments = arguments
        let view = view
        log = arguments.log(.warning) { line in view.log(line) }
    }

    func run() throws(CommandFailure) -> ExitCode {
        let files = try ExampleFiles.find()
        let pipeline = try PipelineFile.load(files.pipeline, for: .embedded)
        let data = try EventFile(files.data)
        let totalCount = try data.count()
        let predictions = try PredictionLines(path: "predictions.jsonl")
        // One partition: the order is the point of this stream.
        let cluster = try EmbeddedPipeline(pipeline, partitionCount: 1, log: log)
        var configuration = EngineConfiguration(pipeline)
        cluster.adapt(&configuration)
        let engine = Engine(configuration, log: log, metrics: MetricRegistry())
        let reader = TopicReader(
            properties: configuration.properties, groupID: pipeline.groupID + "-demo-reader",
            topic: cluster.outputTopic, partitionCount: 1, log: log)
        let load = EmbeddedLoad(
            data, into: cluster, engine: engine, rate: arguments.number(DemoFlags.rate) ?? Self.standardRate, log: log,
            isReady: { engine in reader.isAssigned && !engine.snapshot().partitions.isEmpty },
            usedCount: { engine in min(EmbeddedLoad.deliveredCount(engine), predictions.count) }, onEnd: { _ in })
        let session = DemoSession(engine: engine, load: load, reader: reader, predictions: predictions)
        let interruption = Cancellation()
        _ = ShutdownSignals.install { _ in interruption.cancel() }
        session.start()
        let frame = watch(session, totalCount: totalCount, interruption)
        try session.end()
        return try report(frame, session, totalCount: totalCount, wasInterrupted: interruption.isCancelled)
    }

    /// Draws until the end of the data (with `--exit-at-end`), a signal, or a failure; the last frame.
    private func watch(_ session: DemoSession, totalCount: Int, _ interruption: Cancellation) -> DemoFrame {
        let started = ContinuousClock.now
        var rate = RecentRate(start: started)
        var lastMove = (at: started, loaded: 0, readBack: 0)
        while true {
            let now = ContinuousClock.now
            let snapshot = session.engine.snapshot()
            let frame = DemoFrame(
                snapshot: snapshot, loadedCount: session.load.sentCount, totalCount: totalCount,
                readBackCount: session.predictions.count,
                eventsPerSecond: rate.update(count: Int(clamping: snapshot.predictedCount), at: now),
                elapsed: now - started)
            view.show(block: frame.block, line: frame.line)
            if frame.loadedCount != lastMove.loaded || frame.readBackCount != lastMove.readBack {
                lastMove = (now, frame.loadedCount, frame.readBackCount)
            }
            let isDone = session.load.isDone
            let isStanding = !isDone && now - lastMove.at > Self.standstillMax
            if (isDone && arguments.has(.exitAtEnd)) || interruption.isCancelled { return frame }
            if isStanding || session.hasFailed { return frame }
            pause(until: now + Self.drawing)
        }
    }

    private func report(
        _ frame: DemoFrame, _ session: DemoSession, totalCount: Int, wasInterrupted: Bool
    ) throws(CommandFailure) -> ExitCode {
        view.end()
        let count = session.predictions.count
        StandardOutput.write(
            "\(frame.modelTable)\n\(NumberText.grouped(count)) predictions in predictions.jsonl, "
                + "\(NumberText.duration(milliseconds: frame.elapsed / .milliseconds(1)))\n")
        if let reason = session.predictions.failure { throw CommandFailure(.internalError, reason) }
        guard count == totalCount || (wasInterrupted && !session.load.isDone) else {
            throw CommandFailure(
                .internalError,
                "\(NumberText.grouped(totalCount)) events went in and \(NumberText.grouped(count)) predictions came out"
            )
        }
        return .success
    }
}

/// The parts of a running demo and the order in which they start and end.
final class DemoSession: Sendable {
    let engine: Engine
    let load: EmbeddedLoad
    let reader: TopicReader
    let predictions: PredictionLines
    private let engineFailure = Mutex<EngineError?>(nil)
    private let engineThread = Mutex<BackgroundThread?>(nil)

    init(engine: Engine, load: EmbeddedLoad, reader: TopicReader, predictions: PredictionLines) {
        self.engine = engine
        self.load = load
        self.reader = reader
        self.predictions = predictions
    }

    /// Whether any part has ended before its time.
    var hasFailed: Bool {
        load.failure != nil || reader.failure != nil || predictions.failure != nil
            || engineFailure.withLock { $0 != nil }
    }

    func start() {
        let predictions = predictions
        reader.start {
            ({ message in predictions.append(message) }, { predictions.flush() })
        }
        let thread = BackgroundThread {
            do throws(EngineError) {
                _ = try self.engine.run()
            } catch {
                self.engineFailure.withLock { $0 = error }
            }
        }
        engineThread.withLock { $0 = thread }
        load.start()
    }

    /// Stops everything, inputs first; throws what had failed.
    func end() throws(CommandFailure) {
        load.end()
        engine.stop()
        let thread = engineThread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
        reader.end()
        if let error = engineFailure.withLock({ $0 }) { throw CommandFailure(error) }
        if let failure = load.failure { throw failure }
        if let error = reader.failure { throw CommandFailure(error, while: "reading the predictions back") }
    }
}
