internal import CLinux

/// What wakes a worker: rung by librdkafka's threads and by the control thread, waited for by the worker alone.
///
/// Rings are not counted: a bell that was rung twice is heard once, so whoever waits looks at everything afterwards.
@safe final class Doorbell: Sendable {
    // The rule that makes this sendable: the C object is internally synchronised, and its address is constant.
    private nonisolated(unsafe) let bell: OpaquePointer

    init() {
        guard let bell = unsafe millrace_doorbell_new() else { preconditionFailure("no memory for a doorbell") }
        unsafe self.bell = bell
    }

    deinit { unsafe millrace_doorbell_free(bell) }

    /// Wakes the waiting thread, or makes its next wait return at once.
    func ring() { unsafe millrace_doorbell_ring(bell) }

    /// Waits for a ring, at most `nanoseconds`; false when the time is over.
    @discardableResult
    func wait(nanoseconds: Int64) -> Bool { unsafe millrace_doorbell_wait(bell, nanoseconds) }
}
