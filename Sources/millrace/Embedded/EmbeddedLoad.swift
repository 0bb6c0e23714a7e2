import Engine
import Kafka
import Synchronization
import Telemetry

/// Loads a file into the embedded cluster while the engine scores it, never further ahead than the cluster keeps.
final class EmbeddedLoad: Sendable {
    private struct State {
        var thread: BackgroundThread?
        var failure: CommandFailure?
        var sentCount = 0
        var isDone = false
    }

    /// How far the load may be ahead of what is used up: the cluster drops the oldest batches beyond 5 MiB or 100,000
    /// batches of a partition without a word. A third of the bytes leaves room for the records' own overhead.
    private static let aheadBytesMax = EmbeddedCluster.retentionBytes / 3
    private static let aheadCountMax = EmbeddedCluster.retentionBatches / 3
    /// What a record costs beyond its value, generously.
    private static let overheadBytes = 100

    private let file: EventFile
    private let pipeline: EmbeddedPipeline
    private let engine: Engine
    private let rate: Double?
    private let log: Log
    private let cancellation = Cancellation()
    private let isReady: @Sendable (Engine) -> Bool
    private let usedCount: @Sendable (Engine) -> Int
    private let onEnd: @Sendable (CommandFailure?) -> Void
    private let state = Mutex(State())

    /// A load that has not begun. It waits until `isReady`, so that a rate has nothing to make up for. `usedCount` says
    /// how many events are through (by default: scored and delivered); `onEnd` is called on the load's thread when all of the file is, or with the reason when the load failed.
    init(
        _ file: EventFile, into pipeline: EmbeddedPipeline, engine: Engine, rate: Double? = nil, log: Log,
        isReady: @escaping @Sendable (Engine) -> Bool = { _ in true },
        usedCount: @escaping @Sendable (Engine) -> Int = EmbeddedLoad.deliveredCount,
        onEnd: @escaping @Sendable (CommandFailure?) -> Void
    ) {
        self.file = file
        self.pipeline = pipeline
        self.engine = engine
        self.rate = rate
        self.log = log
        self.isReady = isReady
        self.usedCount = usedCount
        self.onEnd = onEnd
    }

    /// Input events that are scored and whose predictions are delivered, over all partitions.
    static func deliveredCount(_ engine: Engine) -> Int {
        engine.snapshot().partitions.reduce(0) { $0 + Int(clamping: max(0, $1.deliveredPosition)) }
    }

    /// Why the load ended early; `nil` while it runs and after a good end.
    var failure: CommandFailure? { state.withLock { $0.failure } }

    /// Events handed to the cluster so far.
    var sentCount: Int { state.withLock { $0.sentCount } }

    /// Whether every event of the file is through.
    var isDone: Bool { state.withLock { $0.isDone } }

    /// Begins, on a thread of its own.
    func start() {
        let thread = BackgroundThread {
            self.run()
            self.onEnd(self.failure)
        }
        state.withLock { $0.thread = thread }
    }

    /// Stops if it still runs, and waits for its thread.
    func end() {
        cancellation.cancel()
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    private func run() {
        do throws(CommandFailure) {
            try load()
        } catch {
            state.withLock { $0.failure = error }
        }
    }

    private func load() throws(CommandFailure) {
        while !isReady(engine), !cancellation.isCancelled { pause(until: .now + .milliseconds(10)) }
        var producer = try pipeline.makeProducer()
        defer { producer.close() }
        var loader = EventLoader(
            file: file, columns: pipeline.columns, rate: rate, log: log, cancellation: cancellation)
        // A look at the engine costs a few locks, so its answer serves until it is used up.
        var usedCount = 0
        loader.isOpen = { sentCount, largestByteCount in
            let ahead = min(
                Self.aheadCountMax, max(1, Self.aheadBytesMax / (largestByteCount + Self.overheadBytes)))
            if sentCount - usedCount < ahead { return true }
            usedCount = self.usedCount(self.engine)
            return sentCount - usedCount < ahead
        }
        loader.onProgress = { producer in
            let count = producer.sentCount
            self.state.withLock { $0.sentCount = count }
        }
        let result = try loader.load(into: &producer)
        if result.isCancelled { return }
        if let error = producer.firstFailure { throw CommandFailure(error, while: "loading \(file.path)") }
        if producer.sentCount == 0 {
            throw CommandFailure(.usage, "\(file.path) holds no events: the embedded cluster is empty")
        }
        log.info("input loaded", ["events": "\(producer.sentCount)", "bad_records": "\(result.badCount)"])
        while self.usedCount(engine) < producer.sentCount, !cancellation.isCancelled {
            pause(until: .now + .milliseconds(5))
        }
        if !cancellation.isCancelled { state.withLock { $0.isDone = true } }
    }
}
