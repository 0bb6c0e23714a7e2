import Glibc

/// A thread of our own with a name that `top` and debuggers show. Work that waits belongs here, never on Swift's
/// cooperative pool.
struct NamedThread: ~Copyable {
    private final class Body {
        let name: String
        let run: @Sendable () -> Void
        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    private let thread: pthread_t

    /// Starts `run`; `nil` when the system has no thread to give. `name` is cut after 15 bytes.
    init?(_ name: String, run: @escaping @Sendable () -> Void) {
        let body = unsafe Unmanaged.passRetained(Body(name: name, run: run))
        var thread = pthread_t()
        let status = unsafe pthread_create(&thread, nil, Self.main, body.toOpaque())
        guard status == 0 else {
            unsafe body.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits until `run` has returned. A thread that is not joined runs on by itself.
    consuming func join() { pthread_join(thread, nil) }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { opaque in
        guard let opaque = unsafe opaque else { return nil }
        let body = unsafe Unmanaged<Body>.fromOpaque(opaque).takeRetainedValue()
        setName(body.name)
        body.run()
        return nil
    }

    /// By way of `/proc`: `pthread_setname_np` and `prctl` are not importable. Without `/proc` the name stays.
    private static func setName(_ name: String) {
        let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        let bytes = Array(name.utf8.prefix(15))
        _ = unsafe write(descriptor, bytes, bytes.count)
        close(descriptor)
    }
}
