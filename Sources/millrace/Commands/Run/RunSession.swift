import Configuration
import Engine
import Kafka
import Service
import Telemetry

/// One `millrace run`, from the pipeline file to the exit code.
struct RunSession {
    private let arguments: Arguments
    private let log: Log

    init(_ arguments: Arguments) {
        self.arguments = arguments
        log = arguments.log()
    }

    /// Blocks until the service has stopped.
    func run() throws(CommandFailure) -> ExitCode {
        arguments.has(RunFlags.embedded) ? try runEmbedded() : try runOnBrokers()
    }

    private func runOnBrokers() throws(CommandFailure) -> ExitCode {
        let pipeline = try PipelineFile.load(arguments.operands[0], for: .run)
        var configuration = EngineConfiguration(pipeline)
        configuration.exitsAtEnd = arguments.has(.exitAtEnd)
        setConnectTimeout(&configuration)
        let metrics = MetricRegistry()
        let engine = Engine(configuration, log: log, metrics: metrics)
        return try serve(engine, metrics, pipeline.http, load: nil)
    }

    private func runEmbedded() throws(CommandFailure) -> ExitCode {
        let pipeline = try PipelineFile.load(arguments.operands[0], for: .embedded)
        let file = try arguments.text(RunFlags.input).map { path throws(CommandFailure) in try EventFile(path) }
        // Refuses a file that cannot become records of this topic before anything is started for it.
        if let file { _ = try EventReader(file, columns: EmbeddedPipeline.columns(of: pipeline)) }
        let cluster = try EmbeddedPipeline(
            pipeline, partitionCount: arguments.integer(RunFlags.partitions) ?? 1, log: log)
        var configuration = EngineConfiguration(pipeline)
        cluster.adapt(&configuration)
        setConnectTimeout(&configuration)
        StandardOutput.write("bootstrap.servers=\(cluster.bootstrapServers)\n")
        let metrics = MetricRegistry()
        let engine = Engine(configuration, log: log, metrics: metrics)
        let stopsAtEnd = arguments.has(.exitAtEnd)
        let load = file.map { file in
            EmbeddedLoad(file, into: cluster, engine: engine, log: log) { failure in
                if stopsAtEnd || failure != nil { engine.stop() }
            }
        }
        return try serve(engine, metrics, pipeline.http, load: load)
    }

    private func setConnectTimeout(_ configuration: inout EngineConfiguration) {
        guard let seconds = arguments.number(.connectTimeout) else { return }
        configuration.connectTimeout = .seconds(seconds)
    }

    private func serve(
        _ engine: Engine, _ metrics: MetricRegistry, _ address: Pipeline.HTTPAddress?, load: EmbeddedLoad?
    ) throws(CommandFailure) -> ExitCode {
        let log = log
        _ = ShutdownSignals.install { signal in
            log.info("stopping", ["signal": "\(signal)"])
            engine.stop()
        }
        let server = try address.map { address throws(CommandFailure) in try listen(address, engine, metrics) }
        defer { server?.stop() }
        load?.start()
        defer { load?.end() }
        let summary: RunSummary
        do throws(EngineError) {
            summary = try engine.run()
        } catch {
            throw CommandFailure(error)
        }
        if let failure = load?.failure { throw failure }
        report(summary, reachedEnd: summary.reachedEnd || load?.isDone == true)
        return .success
    }

    private func listen(
        _ address: Pipeline.HTTPAddress, _ engine: Engine, _ metrics: MetricRegistry
    ) throws(CommandFailure) -> HTTPServer {
        addServiceMetrics(to: metrics, engine)
        do throws(HTTPServerError) {
            let routes = HTTPRoute.probes(metrics: metrics) {
                let readiness = engine.readiness
                return Readiness(isReady: readiness.isReady, reason: readiness.reason)
            }
            let server = try HTTPServer(
                configuration: .init(host: address.host, port: UInt16(clamping: address.port)), routes: routes,
                log: log, metrics: metrics)
            log.info("http server listens", ["host": address.host, "port": "\(server.port)"])
            return server
        } catch {
            throw CommandFailure(.configuration, error.description)
        }
    }

    /// What `/metrics` shows beside the engine's and the server's own counts.
    private func addServiceMetrics(to metrics: MetricRegistry, _ engine: Engine) {
        let log = log
        metrics.addProcessMetrics()
        metrics.gauge(.buildInfo, millraceVersion, LibraryVersion.text).set(1)
        metrics.read(.ready) { engine.readiness.isReady ? 1 : 0 }
        metrics.read(.logEntriesDropped) { Double(log.entriesDropped) }
    }

    /// The last log line: what the run amounted to.
    private func report(_ summary: RunSummary, reachedEnd: Bool) {
        let snapshot = summary.snapshot
        let seconds = snapshot.uptimeSeconds
        log.info(
            "stopped",
            [
                "predictions": "\(snapshot.predictedCount)", "delivered": "\(snapshot.deliveredCount)",
                "bad_records": "\(snapshot.badCount)", "seconds": NumberText.fixed(seconds, 1),
                "events_per_second": NumberText.fixed(Double(snapshot.predictedCount) / max(seconds, 1e-3), 0),
                "reached_end": "\(reachedEnd)",
            ])
    }
}
