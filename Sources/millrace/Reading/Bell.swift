import Glibc

/// Wakes one waiting thread from any other. Rings that nobody waited for are counted and heard later.
@safe final class Bell: Sendable {
    // The rule that makes this sendable: POSIX semaphores are thread-safe, and the address is constant.
    private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func ring() { unsafe sem_post(semaphore) }

    /// Waits for a ring, at most `milliseconds`, and swallows the rings that came with it.
    func wait(milliseconds: Int) {
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += milliseconds / 1_000
        deadline.tv_nsec += milliseconds % 1_000 * 1_000_000
        if deadline.tv_nsec >= 1_000_000_000 {
            deadline.tv_sec += 1
            deadline.tv_nsec -= 1_000_000_000
        }
        _ = unsafe sem_timedwait(semaphore, &deadline)
        while unsafe sem_trywait(semaphore) == 0 {}
    }
}
