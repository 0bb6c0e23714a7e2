import CRdKafka

/// What librdkafka calls when a queue goes from empty to non-empty. It runs on librdkafka's thread under the queue's lock:
/// `ring` may only schedule, and may not call back into this module.
final class Readiness: Sendable {
    private let ring: @Sendable () -> Void

    init(_ ring: @escaping @Sendable () -> Void) { self.ring = ring }

    /// From now on `queue` rings. Ends with `disable`, which gives back what this retains.
    static func enable(_ queue: OpaquePointer, _ ring: @escaping @Sendable () -> Void) -> Unmanaged<Readiness> {
        let readiness = unsafe Unmanaged.passRetained(Readiness(ring))
        unsafe rd_kafka_queue_cb_event_enable(
            queue,
            { _, context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<Readiness>.fromOpaque(context).takeUnretainedValue().ring()
            }, readiness.toOpaque())
        return unsafe readiness
    }

    /// librdkafka calls and replaces the callback under the same lock, so after this call none is running.
    static func disable(_ queue: OpaquePointer, _ readiness: Unmanaged<Readiness>) {
        unsafe rd_kafka_queue_cb_event_enable(queue, nil, nil)
        unsafe readiness.release()
    }
}
