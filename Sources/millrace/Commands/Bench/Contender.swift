import Engine
import Kafka
import Synchronization

/// Something that reads one topic and writes another: the pipeline's engine, or the bare pass-through.
final class Contender: Sendable {
    private enum Kind {
        case engine(Engine)
        case pass(PassThrough)
    }

    private let kind: Kind
    private let thread = Mutex<BackgroundThread?>(nil)
    private let reason = Mutex<EngineError?>(nil)

    init(_ engine: Engine) { kind = .engine(engine) }

    init(_ pass: PassThrough) { kind = .pass(pass) }

    /// Input records that are through: their outputs are acknowledged.
    var deliveredCount: Int {
        switch kind {
        case .engine(let engine): EmbeddedLoad.deliveredCount(engine)
        case .pass(let pass): pass.deliveredCount
        }
    }

    /// Whether it has its partitions.
    var isAssigned: Bool {
        switch kind {
        case .engine(let engine): !engine.snapshot().partitions.isEmpty
        case .pass(let pass): pass.isAssigned
        }
    }

    /// Why it ended early.
    var failure: CommandFailure? {
        switch kind {
        case .engine: reason.withLock { $0 }.map { CommandFailure($0) }
        case .pass(let pass): pass.failure.map { CommandFailure($0, while: "pass-through") }
        }
    }

    func start() {
        switch kind {
        case .pass(let pass): pass.start()
        case .engine(let engine):
            let running = BackgroundThread {
                do throws(EngineError) {
                    _ = try engine.run()
                } catch {
                    self.reason.withLock { $0 = error }
                }
            }
            thread.withLock { $0 = running }
        }
    }

    func end() {
        switch kind {
        case .pass(let pass): pass.end()
        case .engine(let engine):
            engine.stop()
            let running = thread.withLock { thread in
                defer { thread = nil }
                return thread
            }
            running?.join()
        }
    }
}
