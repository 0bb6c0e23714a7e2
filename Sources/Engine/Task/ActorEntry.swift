/// One way into a partition's actor from its worker's thread, made once and called for every batch.
///
/// The same as `assumeIsolated`, which allocates the context of a closure at every call (Swift 6.3): two or three
/// allocations for each batch and each run of delivery reports.
struct ActorEntry<Result>: Sendable {
    private let enter: @Sendable (PartitionActor) -> Result

    /// An entry that runs `body`, which captures nothing.
    init(_ body: @escaping @Sendable (isolated PartitionActor) -> Result) {
        // What the standard library does in `assumeIsolated`: isolation is no part of a function's representation.
        unsafe enter = unsafeBitCast(body, to: (@Sendable (PartitionActor) -> Result).self)
    }

    /// Runs it. Stops the process when the thread is not the worker's.
    @inline(__always)
    func callAsFunction(_ actor: PartitionActor) -> Result {
        actor.worker.checkIsolated()
        return enter(actor)
    }
}
