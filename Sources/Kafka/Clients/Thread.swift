import CRdKafka
import Glibc

/// A thread of ours, for C calls that wait: they must not run on Swift's cooperative pool.
final class Thread: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    /// `name`, of at most 15 bytes, is what `top` shows.
    init(named name: String, _ body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    /// Starts it, detached; it ends when its body does. False when the system refuses.
    @discardableResult
    func start() -> Bool {
        let context = unsafe Unmanaged.passRetained(self)
        var identity = pthread_t()
        let result = unsafe pthread_create(
            &identity, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let thread = unsafe Unmanaged<Thread>.fromOpaque(context).takeRetainedValue()
                unsafe mr_name_thread(thread.name)
                thread.body()
                return nil
            }, context.toOpaque())
        guard result == 0 else {
            unsafe context.release()
            return false
        }
        pthread_detach(identity)
        return true
    }
}
