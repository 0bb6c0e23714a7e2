internal import CLinux

/// By how much a worker's heap grows when it meets a backlog first, so that it does not grow later.
///
/// While a broker pauses, all that may wait for it does: outputs up to their quota, prefetched input up to its thresholds. malloc
/// keeps what its heaps grew by for that, so a service would take more memory with each longer pause, hours after its
/// start. The reserve makes it resident at once, at the price of some milliseconds; a pipeline that never has a thousand
/// outputs in one go stays small. It is for outputs and records of usual sizes, and for models that do not grow.
struct HeapReserve: Equatable, Sendable {
    /// Bytes the worker takes from its heap at most.
    let bytes: Int
    /// Bytes of all heaps that are enough, whoever brought them there.
    let enoughHeapBytes: Int

    /// One output of 160 bytes while it waits, with its bookkeeping in librdkafka, measured. (The quota counts more: what is on its
    /// way stands in a request too.)
    static let outputBytes = 350
    /// More would hold up the first turn (12 ms for 100 MiB).
    static let sharedBytesMax = 256 << 20
    /// What the free end of a thread's own heap keeps, less room for what is freed beside the reserve.
    static let ownBytesMax = Int(MILLRACE_KEPT_BYTES) - 8 << 20

    /// The reserve of a worker whose heap is its own: for `outputsMax` outputs.
    static func own(outputsMax: Int) -> HeapReserve {
        HeapReserve(bytes: min(outputsMax * outputBytes, ownBytesMax), enoughHeapBytes: Int.max)
    }

    /// The reserve of the one worker of a process whose threads share a heap, of which `inUse` bytes were taken before there was
    /// any input: for outputs, for `prefetchedBytes` of input, which another thread takes, and a tenth for what lies between them
    /// and fits neither, the most that was seen.
    static func shared(outputsMax: Int, prefetchedBytes: Int, inUse: Int) -> HeapReserve {
        let needed = outputsMax * outputBytes + prefetchedBytes
        let bytes = min(needed + needed / 10, sharedBytesMax)
        return HeapReserve(bytes: bytes, enoughHeapBytes: inUse + bytes)
    }

    /// Grows the calling thread's heap. To be called by a worker, once.
    func growHeap() {
        millrace_grow_heap(Int64(bytes), Int64(enoughHeapBytes))
    }
}
