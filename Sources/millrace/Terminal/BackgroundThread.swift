import Glibc

/// A thread of our own, for work that may wait (Kafka calls, files), which nothing on Swift's cooperative pool may.
/// Joined once by whoever started it.
final class BackgroundThread: Sendable {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t

    /// Starts a thread that calls `run`. Traps when the system refuses a thread.
    init(_ run: @escaping @Sendable () -> Void) {
        let body = unsafe Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        precondition(status == 0, "the system refused a thread")
        self.thread = thread
    }

    /// Waits until the thread has ended; called at most once.
    func join() { pthread_join(thread, nil) }
}
