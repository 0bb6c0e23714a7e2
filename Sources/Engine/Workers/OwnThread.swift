internal import CLinux
internal import Glibc

/// A named thread of ours, joined once by whoever started it.
///
/// Not a task: what runs here may wait, which nothing on Swift's cooperative pool may.
@safe final class OwnThread: Sendable {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void
        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    private let thread: pthread_t

    /// Starts a thread that calls `run`. Traps when the system refuses a thread.
    init(name: String, run: @escaping @Sendable () -> Void) {
        let body = unsafe Unmanaged.passRetained(Body(name: name, run: run))
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                unsafe body.name.withCString { unsafe millrace_name_thread($0) }
                body.run()
                return nil
            }, unsafe body.toOpaque())
        precondition(status == 0, "the system refused a thread")
        self.thread = thread
    }

    /// Waits until the thread has ended.
    func join() { pthread_join(thread, nil) }
}
