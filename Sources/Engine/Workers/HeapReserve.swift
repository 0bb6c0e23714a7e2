internal import CLinux

/// By how much malloc's heaps grow when a backlog is met first, so that they do not grow later.
///
/// While a broker pauses, all that may wait for it does: outputs up to their quota, prefetched input up to its thresholds. What a
/// heap grew by for that it keeps (`millrace_keep_freed_memory`), so a service would take more memory with each longer
/// pause, hours after its start. The reserve makes that memory resident at once, at the price of some milliseconds; a
/// pipeline that never has a backlog stays small.
struct HeapReserve: Equatable, Sendable {
    /// Bytes a worker takes from its heap at most.
    let bytes: Int
    /// Bytes that the heaps of all threads are to hold: enough, whoever brought them there.
    let heapsHold: Int

    /// One output of 160 bytes with its bookkeeping in librdkafka, measured.
    static let outputBytes = 350
    /// What the heap holds before anything was read: librdkafka's clients, the models.
    private static let baseBytes = 4 << 20
    /// More would hold up the first turn (4 ms for each 32 MiB).
    private static let bytesMax = 256 << 20

    /// The reserve of a worker that may have `outputsMax` outputs in flight. Where all threads share one heap it is for the
    /// `prefetchedBytes` of input too, which another thread takes.
    init(outputsMax: Int, prefetchedBytes: Int, sharesOneHeap: Bool) {
        let outputs = outputsMax * Self.outputBytes
        bytes = min(outputs + (sharesOneHeap ? prefetchedBytes + Self.baseBytes : 0), Self.bytesMax)
        heapsHold = sharesOneHeap ? bytes : Int.max
    }

    /// Grows the calling thread's heap. To be called by a worker, once.
    func growHeap() {
        millrace_grow_heap(Int64(bytes), Int64(heapsHold))
    }
}
